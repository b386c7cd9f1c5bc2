"""What axe-core finds on every page, in light and dark: nothing serious may be ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
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


def grave_findings(page: Page) -> list[str]:
    """Return the serious and critical findings that are ours, a line an element."""
    response = sync_playwright.Axe().run(page).response
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
        if window.widget("expander-translator").count():
            window.widget("expander-translator").locator("summary").click()
        box = window.widget("method").locator("input")
        box.click()
        box.fill("model_transfer")
        window.page.wait_for_timeout(200)
        box.press("Enter")
        window.settle()
        area = window.widget("text_input").locator("textarea")
        area.fill("Ada Lovelace lived in London.\nThe Royal Society met her.")
        area.press("Control+Enter")
        window.settle()
    run = window.widget("run").get_by_role("button")
    if run.count():
        run.first.click()
        window.settle()


@pytest.fixture
def open_window(browser: Browser, address: str) -> Iterator[Callable[[str, str], Window]]:
    contexts = []

    def open_(name: str, theme: str, query: str = "") -> Window:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, color_scheme=theme, reduced_motion="reduce"
        )
        contexts.append(context)
        window = Window(context.new_page(), address, name)
        window.page.goto(f"{address}/{'' if name == HOME else name}{query}")
        window.page.get_by_role("heading", level=1).first.wait_for()
        window.settle()
        return window

    yield open_
    for context in contexts:
        context.close()


def in_every_tab(window: Window) -> list[str]:
    """Return the findings of a page with each of its tabs opened in turn."""
    found = grave_findings(window.page)
    tabs = window.page.get_by_role("tab")
    for place in range(tabs.count()):
        tabs.nth(place).click()
        window.settle()
        window.page.wait_for_timeout(500)  # charts are drawn after the script has run
        found += [one for one in grave_findings(window.page) if one not in found]
    return found


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_have_no_grave_finding(
    open_window: Callable[..., Window], name: str, theme: str
) -> None:
    window = open_window(name, theme)
    fill(window)
    found = in_every_tab(window)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("query", ["?target=ar&sentence=3", "?target=zh&sentence=12"])
def test_other_scripts_have_no_grave_finding(
    open_window: Callable[..., Window], query: str
) -> None:
    found = grave_findings(open_window(HOME, "light", query).page)
    assert not found, "\n".join(found)


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
