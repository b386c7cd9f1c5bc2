"""The page Project in a real browser: typing, files, directions of text, narrow windows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import INJECTION, Window

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="no apertium: apt-get install apertium-eng-spa"
)
SPANISH = "Ada Lovelace vivió en Londres.\nLa Universidad de Salamanca está en España."
ARABIC = "وُلدت مي زيادة في الناصرة وعاشت في القاهرة."
CHINESE = "古特雷斯访问了上海。"


class View(Window):
    """The page in one window."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "project")

    def open(self) -> View:
        self.page.goto(f"{self.address}/project")
        self.widget("run").wait_for()
        self.settle()
        return self

    def write(self, text: str) -> None:
        area = self.widget("text_input").locator("textarea")
        area.fill(text)
        area.press("Control+Enter")
        self.settle()

    def start(self) -> None:
        self.widget("run").get_by_role("button").click()
        self.settle()

    def finish(self) -> None:
        """Run, and wait until all results are drawn."""
        self.start()
        self.widget("summary").or_(self.widget("error")).first.wait_for()
        assert not self.widget("error").count(), self.widget("error").inner_text()
        self.settle()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()
        self.settle()

    def transfer(self, language: str, text: str) -> None:
        """Label a text with the tagger alone."""
        self.choose("method", "model_transfer")
        self.choose("language", language)
        self.write(text)
        self.finish()

    def entities(self, row: int) -> list[str]:
        """Return the marked stretches of a row, without their badges."""
        marks = self.widget(f"row-{row}").locator("mark")
        return [
            text.replace(badge, "").strip()
            for text, badge in zip(
                marks.all_text_contents(),
                marks.locator(".sb-badge").all_text_contents(),
                strict=True,
            )
        ]

    def fits(self) -> bool:
        return bool(
            self.page.evaluate(
                "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
                ".every(element => element.scrollWidth <= element.clientWidth)"
            )
        )


@pytest.fixture
def view(new_page: Callable[..., Page], address: str) -> Iterator[View]:
    view = View(new_page(), address)
    yield view
    assert view.errors == []


def test_the_page_has_its_frame_even_as_the_first_address(view: View) -> None:
    view.open()
    links = view.page.get_by_test_id("stSidebarNavLink").all_inner_texts()
    assert any("Inspector" in link for link in links)
    assert not any("app" in link.split() for link in links)


@needs_apertium
def test_spanish_text_is_translated_labelled_and_projected(view: View) -> None:
    view.open()
    view.write(SPANISH)
    view.finish()
    assert view.entities(1) == ["Ada Lovelace", "Londres"]
    assert "Ada Lovelace lived in London." in view.widget("row-1").inner_text()
    view.widget("open-2").get_by_role("button").click()
    view.settle()
    view.page.locator(".st-key-project-text .word").first.wait_for()
    assert "Universidad de Salamanca" in view.widget("decisions").inner_text()
    view.widget("next").get_by_role("button").click()
    view.widget("decisions").get_by_text("Ada Lovelace").first.wait_for()


@pytest.mark.thorough
@needs_apertium
def test_the_list_of_sentences_follows_the_text(view: View) -> None:
    view.open()
    for text in ("Ada vive en Roma.", "Charles vive en Londres."):
        view.write(text)
        view.finish()
        view.tab("One sentence")
        chosen = view.widget("sentence").locator("input")
        view.expect_value(chosen, f"1 · {text}")


@pytest.mark.thorough
def test_messages_that_come_and_go_leave_the_open_tab_open(view: View) -> None:
    view.open()
    view.transfer("Spanish", "Ada vive en Londres.")
    view.widget("open-1").get_by_role("button").click()
    view.settle()
    words = view.page.locator(".st-key-project-text .word").first
    words.wait_for()
    view.write(" ")
    view.start()
    view.widget("error").wait_for()
    view.widget("stale").wait_for()
    assert words.is_visible()
    view.write("Charles vive en Roma.")
    view.finish()
    view.page.locator(".st-key-project-text").get_by_text("Roma", exact=True).wait_for()
    assert words.is_visible()


def test_the_downloads_hold_what_is_shown(view: View, tmp_path: Path) -> None:
    view.open()
    view.transfer("Spanish", "Ada vive en Londres.")
    entities = view.entities(1)
    assert "Londres" in entities
    view.tab("Download")
    found = {}
    for form in ("conll", "jsonl"):
        with view.page.expect_download() as download:
            view.widget(f"download_{form}").get_by_role("button").click()
        assert download.value.suggested_filename == f"projected.es.{form}"
        download.value.save_as(tmp_path / form)
        found[form] = (tmp_path / form).read_text(encoding="utf-8")
    rows = [line.split("\t") for line in found["conll"].splitlines() if "\t" in line]
    assert ["Londres", "B-LOC"] in rows
    assert [word for word, _ in rows] == ["Ada", "vive", "en", "Londres", "."]
    record = json.loads(found["jsonl"])
    assert record["text"] == "Ada vive en Londres."
    assert len(record["spans"]) == len(entities)


def test_arabic_runs_from_right_to_left_where_it_is_typed_and_shown(view: View) -> None:
    view.open()
    view.transfer("Arabic", ARABIC)
    assert "القاهرة" in view.entities(1)
    line = view.widget("row-1").locator("p").first
    assert line.get_attribute("lang") == "ar"
    script = "element => getComputedStyle(element).direction"
    assert line.evaluate(script) == "rtl"
    marks = view.widget("row-1").locator("mark")
    first, last = marks.first.bounding_box(), marks.last.bounding_box()
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    area = view.widget("text_input").locator("textarea")
    assert area.evaluate("element => getComputedStyle(element).unicodeBidi") == "plaintext"


def test_a_run_outlives_a_search_and_another_page_and_is_stopped_by_its_button(view: View) -> None:
    view.open()
    view.transfer("es", SPANISH)
    bar = view.page.get_by_test_id("stProgress").filter(has_text="Tagging the target sentences")

    def begin(count: int) -> None:
        view.write("\n".join(f"Ada Lovelace vivió en Londres {one} años." for one in range(count)))
        view.widget("run").get_by_role("button").click()
        bar.wait_for()

    begin(400)
    search = view.widget("search").locator("input")
    search.fill("Londres 7 ")
    search.press("Enter")
    view.widget("summary").get_by_text("Sentences: 400,").wait_for()
    view.settle()
    assert view.widget("row-8").is_visible()
    assert not view.widget("row-9").count()

    begin(401)
    view.page.get_by_role("link", name="Languages").click()
    view.page.locator(".st-key-languages-table").wait_for()
    view.page.get_by_role("link", name="Project").click()
    view.widget("summary").get_by_text("Sentences: 401,").wait_for()

    begin(900)
    view.widget("stop").get_by_role("button").click()
    view.widget("broken_off").get_by_text("The run was stopped").wait_for()
    view.settle()
    assert not bar.count()
    assert "Sentences: 401," in view.widget("summary").inner_text()


@pytest.mark.thorough
def test_chinese_characters_are_marked(view: View) -> None:
    view.open()
    view.transfer("zh", CHINESE)
    assert "上海" in "".join(view.entities(1))
    shown = view.widget("row-1").locator("p").first
    assert shown.get_attribute("lang") == "zh"


@pytest.mark.thorough
def test_a_language_can_be_typed_by_code_or_name(view: View) -> None:
    view.open()
    view.transfer("kmr", "Ada li Londonê dijî.")
    assert view.widget("row-1").locator("p").first.get_attribute("lang") == "kmr"
    view.choose("language", "Klingon!")
    view.start()
    assert "BCP-47" in view.widget("error").inner_text()


def test_an_uploaded_file_is_scored_and_survives_another_page(view: View, tmp_path: Path) -> None:
    path = tmp_path / "muestra.conll"
    path.write_text("Ada B-PER\nvive O\nen O\nLondres B-LOC\n", encoding="utf-8")
    view.open()
    view.choose("method", "model_transfer")
    view.page.get_by_role("radio", name="Upload").click()
    view.widget("file").locator("input[type=file]").set_input_files(path)
    view.widget("file").get_by_text("muestra.conll").wait_for()
    view.settle()
    view.finish()
    view.tab("Scores")
    assert "LOC" in view.widget("scores").inner_text()
    view.page.get_by_test_id("stSidebarNavLink").filter(has_text="Inspector").click()
    view.page.locator(".st-key-inspector-tab").wait_for()
    view.settle()
    view.page.get_by_test_id("stSidebarNavLink").filter(has_text="Project").click()
    view.widget("summary").wait_for()
    view.settle()
    assert "muestra.conll" in view.widget("file_name").inner_text()
    assert view.widget("stale").count() == 0


@pytest.mark.thorough
def test_typed_markup_stays_text(view: View) -> None:
    view.open()
    view.transfer("Spanish", f"Ada {INJECTION}")
    assert "onerror=document.title='owned'" in view.widget("row-1").inner_text()
    assert view.page.title() != "owned"
    assert view.page.locator("img[src=x]").count() == 0


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "text"), [("ar", ARABIC), ("es", "Ada vive en Londres . " * 60)]
)
def test_a_narrow_window_never_scrolls_sideways(
    new_page: Callable[..., Page], address: str, scheme: str, language: str, text: str
) -> None:
    view = View(new_page(theme=scheme), address).open()
    view.transfer(language, text)
    view.page.set_viewport_size({"width": 768, "height": 900})
    for tab in ("Sentences", "One sentence", "Scores", "Download"):
        view.tab(tab)
        assert view.fits()
