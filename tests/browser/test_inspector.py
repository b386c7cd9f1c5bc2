"""The inspector in a real browser: what only JavaScript, layout and keyboard can show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import INJECTION, TextWindow

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]


class View(TextWindow):
    """The inspector in one window."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "inspector")
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, query: str = "") -> View:
        self.page.goto(f"{self.address}/{query}")
        self.widget("tab").wait_for()
        self.settle()
        return self

    def named(self, side: str, text: str) -> Locator:
        return self.words(side).get_by_text(text, exact=True).first

    def classes(self, side: str, text: str) -> set[str]:
        return set((self.named(side, text).get_attribute("class") or "").split())

    def write_pair(self, source: str, target: str) -> None:
        self.page.get_by_role("radio", name="Your own sentences").click()
        self.widget("typed_source").wait_for()
        for side, text in (("source", source), ("target", target)):
            area = self.widget(f"typed_{side}").locator("textarea")
            area.fill(text)
            area.press("Control+Enter")
            self.settle()


@pytest.fixture
def view(new_page: Callable[..., Page], address: str) -> View:
    return View(new_page(), address)


def test_the_decision_table_follows_the_sentence(view: View) -> None:
    view.open()
    table = view.widget("decisions").get_by_role("table")
    assert "Maria Weber" in table.inner_text()
    view.widget("next").get_by_role("button").click()
    table.get_by_text("NAIROBI").first.wait_for()
    assert "Maria Weber" not in table.inner_text()
    view.page.wait_for_url("**sentence=2**")


def test_another_corpus_shows_its_own_first_sentence(view: View) -> None:
    view.open()
    box = view.widget("target").locator("input")
    sentence = view.widget("sentence").locator("input")
    view.widget("next").get_by_role("button").click()
    view.settle()
    view.expect_value(sentence, "2")
    view.choose("source", "French")
    view.expect_value(sentence, "1")
    view.widget("sentence_name").get_by_text("En mars, Maria Weber").wait_for()
    view.expect_value(box, "German (de)")


def test_shortcuts_change_the_sentence(view: View) -> None:
    view.open()
    # Streamlit listens to shortcuts once the page is drawn, of which the flip points are the last.
    view.page.locator(".st-key-inspector-flips-projector-min_score").wait_for()
    view.settle()
    view.page.keyboard.press("j")
    view.widget("decisions").get_by_text("NAIROBI").first.wait_for()
    assert "Maria Weber" not in view.widget("decisions").inner_text()
    view.page.keyboard.press("k")
    view.widget("decisions").get_by_text("Maria Weber").first.wait_for()
    assert "NAIROBI" not in view.widget("decisions").inner_text()


def test_pointing_at_a_word_lights_the_linked_one_and_its_line(view: View) -> None:
    view.open()
    view.named("source", "Berlin").hover()
    assert "active" in view.classes("source", "Berlin")
    assert "linked" in view.classes("target", "Berlin")
    assert "linked" not in view.classes("target", "Maria")
    assert view.lines(".lit") == 1
    assert "“Berlin” is linked to “Berlin”" in view.page.locator(".info").inner_text()


def test_words_can_be_walked_with_the_keyboard_and_held(view: View) -> None:
    view.open()
    view.named("source", "Maria").focus()
    view.page.keyboard.press("ArrowRight")
    assert "linked" in view.classes("target", "Weber")
    view.page.keyboard.press("Enter")
    assert "held" in view.classes("source", "Weber")
    view.page.keyboard.press("Escape")
    assert "held" not in view.classes("source", "Weber")


def test_arabic_runs_from_right_to_left_and_english_does_not(view: View) -> None:
    view.open("?target=ar&sentence=1")

    def direction(side: str) -> str:
        script = "element => getComputedStyle(element).direction"
        return str(view.words(side).first.evaluate(script))

    assert (direction("source"), direction("target")) == ("ltr", "rtl")
    first, last = (view.words("target").nth(index).bounding_box() for index in (0, 5))
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    assert view.words("target").first.evaluate("e => e.closest('[lang]').lang") == "ar"


@pytest.mark.thorough
def test_english_words_inside_arabic_keep_their_order(view: View) -> None:
    view.open()
    view.widget("mode").wait_for()
    view.write_pair("[ORG Bank of China] works", "يعمل [ORG Bank of China] في المدينة")
    language = view.widget("typed_target_language").locator("input")
    language.fill("ar")
    language.press("Enter")
    view.settle()
    boxes = [view.named("target", word).bounding_box() for word in ("Bank", "of", "China")]
    places = [box["x"] for box in boxes if box is not None]
    assert places == sorted(places)


@pytest.mark.thorough
@pytest.mark.parametrize("query", ["", "?target=ar&sentence=3", "?target=zh&sentence=12"])
def test_a_narrow_window_never_scrolls_sideways(view: View, query: str) -> None:
    view.page.set_viewport_size({"width": 768, "height": 900})
    view.open(query)
    for tab in ("Links", "Scores", "Details and files"):
        view.page.get_by_role("tab", name=tab).click()
        view.settle()
        assert view.page.evaluate(
            "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".every(element => element.scrollWidth <= element.clientWidth)"
        )


def test_typed_markup_stays_text(view: View) -> None:
    view.open()
    view.write_pair(f"[PER Ada] wrote {INJECTION}", f"[PER Ada] schrieb {INJECTION}")
    target = view.page.locator("p.text").filter(has_text="onerror=document.title='owned'").last
    target.filter(has_text="schrieb").wait_for()
    assert view.page.title() != "owned"
    assert view.page.locator("img[src=x]").count() == 0


def test_a_markup_entity_stays_text_in_tables_and_charts(view: View) -> None:
    view.open()
    name = "<b>Ada</b> & <a href='javascript:x'>Co</a>"
    view.write_pair(f"[ORG {name}] exists", f"[ORG {name}] existiert")
    assert name in view.widget("decisions").inner_text()
    assert view.widget("decisions").locator("b, a").count() == 0
    view.page.get_by_role("tab", name="Links").click()
    view.page.locator(".st-key-inspector-matrix .xtick text").first.wait_for()
    assert view.page.locator(".st-key-inspector-matrix a").count() == 0


@pytest.mark.thorough
def test_a_long_sentence_draws_lines_for_one_word_only(view: View) -> None:
    view.open()
    view.write_pair("[LOC Berlin] is near water . " * 60, "[LOC Berlin] liegt am Wasser . " * 60)
    view.words("source").nth(299).wait_for()
    view.page.mouse.move(0, 0)
    assert view.lines() == 0
    view.word("source", 5).hover()
    assert 1 <= view.lines() <= 5


def test_nothing_is_fetched_from_elsewhere_and_nothing_breaks(view: View) -> None:
    view.open("?target=hi&sentence=3")
    foreign = [url for url in view.requests if not url.startswith((view.address, "data:", "blob:"))]
    assert foreign == []
    assert view.errors == []
