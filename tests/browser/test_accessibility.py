"""What axe-core finds on every page, in light and dark: nothing serious may be ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.bench.browser import ROOT
from tests.browser.driving import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
sync_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
GRAVE = ("serious", "critical")
# Findings inside Streamlit's own widgets, which we cannot influence: rule, selector, reason.
NOT_OURS: tuple[tuple[str, str, str], ...] = ()
# Every page that app.py lists, whoever adds one.
PAGES = re.findall(r"st\.Page\(\s*\"pages/(\w+)\.py\"", (ROOT / "app.py").read_text("utf-8"))
HOME = "inspector"
THEMES = ("light", "dark")


def grave_findings(page: Page, *, colours_only: bool = False) -> list[str]:
    """Return the serious and critical findings that are ours, a line an element."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = ["color-contrast"]
    response = sync_playwright.Axe().run(page, options=options).response
    return [
        f"{finding['id']} ({finding['impact']}): {' '.join(_selector(node))}\n"
        f"    {node['html'][:200]}\n    {node['failureSummary'][:300]}"
        for finding in response["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
        if not any(
            finding["id"] == rule and selector in " ".join(_selector(node))
            for rule, selector, _ in NOT_OURS
        )
    ]


def _selector(node: dict[str, Any]) -> list[str]:
    """Return where an element is; one inside a shadow tree has a list of selectors."""
    return [" ".join(one) if isinstance(one, list) else one for one in node["target"]]


def fill(window: Window) -> None:
    """Give a page something to show, where it needs to be asked."""
    if window.name == "project":
        window.choose("method", "model_transfer")
        area = window.widget("text_input").locator("textarea")
        area.fill("Ada Lovelace lived in London.\nThe Royal Society met her.")
        area.press("Control+Enter")
        window.settle()
    run = window.widget("run").get_by_role("button")
    if run.count():
        run.first.click()
        window.settle()


@pytest.fixture
def open_window(new_page: Callable[..., Page], address: str) -> Callable[..., Window]:
    def open_(name: str, theme: str, query: str = "") -> Window:
        page = new_page(theme=theme)
        page.emulate_media(reduced_motion="reduce")
        window = Window(page, address, name)
        window.page.goto(f"{address}/{'' if name == HOME else name}{query}")
        window.page.get_by_role("heading", level=1).first.wait_for()
        window.settle()
        return window

    return open_


def in_both_themes(window: Window) -> list[str]:
    """Return the findings in light, then in dark; a page that is open follows the system."""
    page = window.page
    # Colours that fade from one theme to the other would be taken for those of the new one.
    page.add_style_tag(content="* { transition: none !important }")
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        window.settle()  # the script is told of the theme, and runs again
        # The themes differ in colours alone.
        findings = _lasting_findings(window, colours_only=theme != THEMES[0])
        found += [f"{theme}: {one}" for one in findings]
    return found


def _lasting_findings(window: Window, *, colours_only: bool) -> list[str]:
    """Return what is found and stays: under load a page may pale for a run of the script."""
    found = grave_findings(window.page, colours_only=colours_only)
    for _ in range(2):
        if found:
            window.page.wait_for_timeout(3000)
            window.settle()
            found = grave_findings(window.page, colours_only=colours_only)
    return found


def in_every_tab(window: Window) -> list[str]:
    """Return the findings of a page with each of its tabs opened in turn."""
    tabs = window.page.get_by_role("tab")
    found = [] if tabs.count() else in_both_themes(window)
    for place in range(tabs.count()):
        tabs.nth(place).click()
        window.settle()
        window.page.wait_for_timeout(500)  # charts are drawn after the script has run
        found += [one for one in in_both_themes(window) if one not in found]
    return found


@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_grave_finding(open_window: Callable[..., Window], name: str) -> None:
    window = open_window(name, "light")
    fill(window)
    found = in_every_tab(window)
    assert not found, "\n".join(found)


def test_an_open_page_follows_the_theme_of_the_system(
    open_window: Callable[..., Window],
) -> None:
    page = open_window("train", "light").page
    shade = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    light = page.evaluate(shade)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => {shade} !== before", arg=light)
    assert page.evaluate(shade) != light


@pytest.mark.thorough
@pytest.mark.parametrize("query", ["?target=ar&sentence=3", "?target=zh&sentence=12"])
def test_other_scripts_have_no_grave_finding(
    open_window: Callable[..., Window], query: str
) -> None:
    found = grave_findings(open_window(HOME, "light", query).page)
    assert not found, "\n".join(found)


@pytest.mark.thorough
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("target", ["ar", "zh"])
def test_the_capsule_has_no_grave_finding(
    browser: Browser, make_capsule: Callable[..., Path], target: str, theme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(make_capsule(target, ("1-4",)).as_uri())
    page.locator(".linked-text.built").first.wait_for()
    page.locator("summary").first.click()
    found = grave_findings(page)
    context.close()
    assert not found, "\n".join(found)


def test_every_exception_has_a_reason() -> None:
    assert all(rule and selector and len(reason) > 20 for rule, selector, reason in NOT_OURS)
    assert PAGES
    assert HOME in PAGES
