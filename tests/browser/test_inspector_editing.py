"""Changing links, spans and weights in the inspector, in a real browser: the entities follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import PATIENCE_MS, TextWindow

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder, pytest.mark.thorough]

# Demo sentence 3: “The United Nations has its headquarters in New York, …”
UNITED, NATIONS, NEW, YORK = 1, 2, 7, 8


class Inspector(TextWindow):
    """The inspector in one window."""

    def open(self, query: str = "?sentence=3") -> Inspector:
        self.page.goto(f"{self.address}/{query}")
        self.widget("tab").wait_for()
        self.words("target").first.wait_for()
        self.settle()
        return self

    def expect_text(self, name: str, text: str) -> None:
        """Wait until a container says something."""
        from playwright.sync_api import expect

        expect(self.widget(name)).to_contain_text(text, timeout=PATIENCE_MS)

    def expect_nothing(self, name: str) -> None:
        """Wait until a container is gone."""
        self.widget(name).wait_for(state="detached")

    def focus(self, side: str, index: int) -> None:
        self.word(side, index).focus()


@pytest.fixture
def open_page(new_page: Callable[..., Page], address: str) -> Iterator[Callable[..., Inspector]]:
    made: list[Inspector] = []

    def make(query: str = "?sentence=3", width: int = 1280) -> Inspector:
        made.append(Inspector(new_page(width, 1000), address, "inspector"))
        return made[-1].open(query)

    yield make
    for one in made:
        assert one.errors == []


@pytest.fixture
def page(open_page: Callable[..., Inspector]) -> Inspector:
    return open_page()


def test_hover_lights_the_right_words(page: Inspector) -> None:
    page.word("source", UNITED).hover()
    assert page.having("target", "linked") == [1]
    page.badge("source", "B LOC").hover()
    assert page.having("source", "active") == [7, 8]
    assert page.having("target", "linked") == [7, 8]


def test_a_click_takes_a_link_out_and_the_entity_follows_and_undo_brings_it_back(
    page: Inspector,
) -> None:
    page.word("source", UNITED).click()
    page.word("target", 1).click()
    page.expect_text("moves", "A ORG lost “Vereinten Nationen”")
    page.expect_text("outcome", "differs from gold")
    page.word("source", UNITED).hover()
    page.press("Control+z")
    page.expect_nothing("bar")
    page.expect_text("outcome", "as in gold")
    page.press("Control+y")
    page.expect_text("moves", "A ORG lost")
    page.press("Control+Shift+Z", "Control+z")
    page.expect_nothing("bar")


def test_the_keyboard_alone_takes_a_link_out(page: Inspector) -> None:
    page.focus("source", UNITED)
    page.press("Enter", "ArrowDown", "Enter")
    page.expect_text("moves", "A ORG lost “Vereinten Nationen”")
    page.press("Control+z")
    page.expect_nothing("bar")


def test_a_drag_over_words_makes_a_span_that_can_be_pinned(page: Inspector) -> None:
    page.drag(page.word("target", 6), page.word("target", 8))
    assert page.menu()[0] == "Pin to B LOC “New York”"
    page.choose_from_menu("Pin to B LOC")
    page.expect_text("moves", "B LOC moved from “New York” [7, 9) to “in New York” [6, 9)")
    page.expect_text("verdict", "was fixed by a reviewer")
    page.page.wait_for_url("**edits=*")


def test_a_drag_over_source_words_makes_an_entity(page: Inspector) -> None:
    page.drag(page.word("source", 5), page.word("source", 5))
    page.word("source", 5).press("Escape")
    page.drag(page.word("source", 4), page.word("source", 5))
    page.choose_from_menu("MISC")
    page.expect_text("bar_lead", "source entities")
    page.expect_text("decisions", "its headquarters")


def test_pin_and_forbid_solve_anew(page: Inspector) -> None:
    page.badge("source", "B LOC").click()
    page.expect_text("verdict", "New York")
    page.widget("ban").get_by_role("button").click()
    page.expect_text("moves", "B LOC")
    page.expect_text("bar_lead", "1 ban")
    page.widget("reset").get_by_role("button").click()
    page.expect_nothing("bar")
    page.expect_text("outcome", "as in gold")


def test_a_slider_flips_at_the_marked_point(page: Inspector) -> None:
    flips = page.widget("flips-projector-min_score")
    mark = flips.locator(".sb-flip").first
    mark.wait_for(state="attached")
    at = float(mark.get_attribute("data-at") or "nan")
    slider = page.widget("whatif-projector-min_score").locator("input")
    # The mark lies where the thumb stands when the slider has that value.
    track = flips.locator(".sb-track").bounding_box()
    place = mark.bounding_box()
    assert track is not None
    assert place is not None
    share = (place["x"] + place["width"] / 2 - track["x"]) / track["width"]
    assert share == pytest.approx(at / 3.0, abs=0.01)
    slider.focus()
    steps = round((at - 1.0) / 0.05)
    for _ in range(steps - 1):
        slider.press("ArrowRight")
    page.expect_text("moves", "Nothing moved")
    slider.press("ArrowRight")
    page.expect_text("moves", "C LOC lost “Genf”")
    slider.press("ArrowLeft")
    page.expect_text("moves", "Nothing moved")


def test_a_click_in_the_matrix_toggles_a_link(page: Inspector) -> None:
    page.page.get_by_role("tab", name="Links").click()
    plot = page.page.locator(".st-key-inspector-matrix .js-plotly-plot")
    plot.locator(".xtick text").first.wait_for()
    page.settle()
    plot.scroll_into_view_if_needed()
    page.page.wait_for_timeout(300)
    x, y = plot.evaluate(
        """(plot, [row, column]) => {
            const box = plot.getBoundingClientRect();
            const { xaxis, yaxis } = plot._fullLayout;
            return [box.left + xaxis._offset + xaxis.c2p(column),
                    box.top + yaxis._offset + yaxis.c2p(row)];
        }""",
        [UNITED, 1],
    )
    page.page.mouse.move(x - 3, y - 3)
    page.page.mouse.move(x, y, steps=4)
    page.page.wait_for_timeout(300)
    assert (page.having("source", "active"), page.having("target", "active")) == ([UNITED], [1])
    page.page.mouse.click(x, y)
    page.expect_text("moves", "A ORG lost “Vereinten Nationen”")


def test_an_address_opened_elsewhere_shows_the_same_view(
    page: Inspector, open_page: Callable[..., Inspector]
) -> None:
    page.badge("source", "B LOC").click()
    page.expect_text("verdict", "New York")
    page.drag(page.word("target", 6), page.word("target", 8))
    page.choose_from_menu("Pin to B LOC")
    page.expect_text("moves", "in New York")
    slider = page.widget("whatif-scores-emb-weight").locator("input")
    slider.focus()
    slider.press("ArrowLeft")
    page.page.wait_for_url("**whatif=*")
    page.settle()
    query = page.page.url.partition("?")[2]
    other = open_page(f"?{query}")
    for name in ("moves", "bar_lead", "verdict", "decisions"):
        assert other.widget(name).inner_text() == page.widget(name).inner_text()
    assert other.page.locator("button.badge[aria-pressed=true]").count() > 0


def test_a_new_address_in_the_same_window_begins_anew(page: Inspector) -> None:
    page.word("source", UNITED).click()
    page.word("target", 1).click()
    page.expect_text("moves", "A ORG lost")
    page.open("?sentence=3&method=ilp&edits=!1:7-9")
    page.expect_text("bar_lead", "1 ban")
    page.expect_text("moves", "B LOC")


@pytest.mark.parametrize("target", ["ar", "zh"])
def test_other_scripts_are_edited_the_same_way(
    open_page: Callable[..., Inspector], target: str
) -> None:
    page = open_page(f"?target={target}&sentence=1")
    word = page.word("source", 0)
    word.hover()
    linked = page.having("target", "linked")
    assert linked
    word.click()
    page.word("target", linked[0]).click()
    page.expect_text("bar_lead", "1 link")
    page.word("target", linked[0]).hover()
    page.press("Control+z")
    page.expect_nothing("bar")


def test_keys_are_told_on_the_page(page: Inspector) -> None:
    page.page.locator("body").press("?")
    panel = page.page.get_by_role("dialog")
    panel.wait_for()
    assert "Ctrl" in panel.inner_text()
    page.press("Escape")
    panel.wait_for(state="hidden")


def test_an_edit_in_a_narrow_window_does_not_scroll_sideways(
    open_page: Callable[..., Inspector],
) -> None:
    page = open_page("?sentence=3", width=768)
    page.word("source", UNITED).click()
    page.word("target", 1).click()
    page.expect_text("moves", "A ORG lost")
    assert page.page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(element => element.scrollWidth <= element.clientWidth)"
    )
