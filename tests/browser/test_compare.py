"""The page Compare in a real browser: what only JavaScript, layout and keyboard can show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from core.datasets import load_corpus
from tests.browser.driving import INJECTION, Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]


class View(Window):
    """The page Compare in one window."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "compare")
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, query: str = "") -> View:
        self.page.goto(f"{self.address}/compare{query}")
        self.widget("tabs").wait_for()
        self.settle()
        return self

    def pick(self, name: str, text: str) -> None:
        self.widget(name).locator("input").click()
        self.page.get_by_role("option", name=text, exact=True).click()
        self.settle()

    def rows(self) -> list[str]:
        """Return the listed sentences, once all of them are drawn."""
        self.page.wait_for_function(
            "() => { const rows = [...document.querySelectorAll('[class*=st-key-compare-row-]')];"
            "  return rows.length > 0 && rows.every((row) => row.innerText.trim() !== ''); }"
        )
        return self.page.locator("[class*=st-key-compare-row-]").all_inner_texts()

    def is_wide_enough(self) -> bool:
        return bool(
            self.page.evaluate(
                "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
                ".every(element => element.scrollWidth <= element.clientWidth)"
            )
        )


@pytest.fixture
def view(new_page: Callable[..., Page], address: str) -> View:
    return View(new_page(), address)


@pytest.mark.parametrize(
    ("target", "word"),
    [("de", "Kenji"), pytest.param("ar", "رافي كادام", marks=pytest.mark.thorough)],
)
def test_methods_stand_side_by_side_with_gold(view: View, target: str, word: str) -> None:
    view.open(f"?target={target}&sentence={27 if target == 'de' else 36}")
    table = view.widget("entities").get_by_role("table")
    table.get_by_text(word).first.wait_for()
    head = table.locator("th").all_inner_texts()
    assert head[2:] == ["Gold", "default", "ilp", "heuristic"]
    for name in ("default", "ilp", "heuristic"):
        view.widget(f"text-{name}").get_by_text(word).first.wait_for()
    assert view.errors == []


def test_a_filter_and_the_keyboard(view: View) -> None:
    view.open("?target=ar")
    view.pick("show", "one right, another wrong …")
    view.pick("second", "heuristic")
    rows = view.rows()
    assert rows
    assert all("default ✓" in row and "heuristic ✗" in row for row in rows)
    view.page.wait_for_url(re.compile("first=default.*second=heuristic"))
    first = view.page.url
    view.page.locator("h1").click()
    view.page.keyboard.press("j")
    view.page.wait_for_function("old => location.href !== old", arg=first)
    view.settle()
    view.page.keyboard.press("k")
    view.page.wait_for_url(first)


def test_a_sentence_opens_in_the_inspector_even_after_another_was_looked_at(view: View) -> None:
    view.page.goto(f"{view.address}/?target=de&sentence=2&method=ilp")
    view.page.locator(".st-key-inspector-decisions").wait_for()
    view.settle()
    view.page.get_by_role("link", name="Compare").click()
    view.widget("tabs").wait_for()
    view.settle()
    view.choose("target", "Arabic")
    view.pick("show", "one right, another wrong …")
    # The address is set by the script that has the filter; until then rows of before may stand.
    view.page.wait_for_url(re.compile("show=.*sentence="))
    view.settle()
    number = view.page.url.rpartition("sentence=")[2]
    view.widget("inspect-heuristic").get_by_role("button").click()
    view.page.wait_for_url(re.compile(f"sentence={number}&"))
    view.settle()
    box = view.page.locator(".st-key-inspector-sentence input")
    view.expect_value(box, number)
    view.expect_value(view.page.locator(".st-key-inspector-method input"), "heuristic")
    view.expect_value(view.page.locator(".st-key-inspector-target input"), "ar")


@pytest.mark.thorough
def test_the_address_opens_the_same_elsewhere(view: View, browser: Browser) -> None:
    view.open("?target=zh&methods=ilp,greedy,heuristic")
    view.pick("sort", "as in the corpus")
    view.pick("class", "LOC")
    view.page.wait_for_url(re.compile("class=LOC"))
    before = view.page.url
    view.widget("next").get_by_role("button").click()
    view.page.wait_for_function("old => location.href !== old", arg=before)
    view.settle()
    context = browser.new_context()
    other = View(context.new_page(), view.address)
    other.open(f"?{view.page.url.partition('?')[2]}")
    assert other.rows() == view.rows()
    shown = view.widget("entities").inner_text()
    other.page.wait_for_function(
        "text => document.querySelector('.st-key-compare-entities')?.innerText === text", arg=shown
    )
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("target", ["de", "ar", "zh"])
def test_a_narrow_window_never_scrolls_sideways(view: View, target: str) -> None:
    view.page.set_viewport_size({"width": 768, "height": 900})
    view.open(f"?target={target}")
    assert view.is_wide_enough()
    for tab in ("Map", "Agreement", "Significance"):
        view.page.get_by_role("tab", name=tab).click()
        view.settle()
        assert view.is_wide_enough()


def test_arabic_sentences_begin_at_the_right(view: View) -> None:
    view.open("?target=ar&sentence=36")
    text = view.widget("text-ilp").locator("p[lang=ar]")
    assert text.evaluate("element => getComputedStyle(element).direction") == "rtl"


def test_a_run_from_a_file_is_read_and_its_name_stays_text(view: View) -> None:
    view.open("?target=de&methods=ilp")
    pairs = load_corpus("demo", source="en", target="de")
    lines = []
    for pair in pairs:
        failure = {"stage": "match", "code": "bad-value", "message": INJECTION}
        record = {"words": list(pair.target.words), "language": "de", "failure": failure}
        lines.append(json.dumps({**record, "spans": None}))
    name = "<img src=x onerror=alert(1)>.jsonl"
    view.widget("files").locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "application/jsonl", "buffer": "\n".join(lines).encode()}]
    )
    view.widget("entities").get_by_text("failed").first.wait_for()
    view.settle()
    assert name in view.widget("entities").locator("thead").inner_text()
    assert "onerror=document.title='owned'" in view.page.locator(".sb-error").first.inner_text()
    for tab in ("Map", "Agreement"):
        view.page.get_by_role("tab", name=tab).click()
        view.page.locator(".js-plotly-plot").first.wait_for()
        view.settle()
    assert view.page.locator("img[src=x]").count() == 0
    assert view.page.title() != "owned"


@pytest.mark.thorough
def test_nothing_is_fetched_from_elsewhere_and_nothing_breaks(view: View) -> None:
    view.open("?target=hi")
    view.page.get_by_role("tab", name="Map").click()
    view.page.locator(".js-plotly-plot").first.wait_for()
    foreign = [url for url in view.requests if not url.startswith((view.address, "data:", "blob:"))]
    assert foreign == []
    assert view.errors == []
