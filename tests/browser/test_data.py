"""The page Data in a real browser: a file with errors, a project of it, and the way out again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.exchange import preview_import
from tests.browser.driving import INJECTION, Window
from tests.browser.test_accessibility import grave_findings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
SOURCE = "Mai B-PER\nlives O\nin O\nCairo B-LOC\n\nNobody O\n"
ARABIC = "مي B-PER\nتعيش O\nفي O\nالقاهرة B-LOC\n\nلا O\nأحد O\n"


class View(Window):
    """The page in one window."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, "data")

    def open(self) -> View:
        self.page.goto(f"{self.address}/data")
        self.widget("tabs").wait_for()
        self.settle()
        return self

    def radio(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).click()
        self.settle()

    def give(self, name: str, path: Path) -> None:
        self.widget(name).locator("input[type=file]").first.set_input_files(path)
        self.widget(name).get_by_text(path.name).first.wait_for()
        self.settle()

    def write(self, box: str, text: str) -> None:
        field = self.page.locator(f".st-key-{box} input")
        field.fill(text)
        field.press("Enter")
        self.settle()

    def press(self, name: str) -> None:
        self.widget(name).get_by_role("button").click()
        self.settle()

    def download(self, name: str, path: Path) -> bytes:
        with self.page.expect_download() as download:
            self.widget(name).get_by_role("button").click()
        download.value.save_as(path)
        return path.read_bytes()

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
    view.page.emulate_media(reduced_motion="reduce")
    yield view
    assert view.errors == []


def test_errors_are_listed_by_line_and_can_be_taken_away(view: View, tmp_path: Path) -> None:
    path = tmp_path / "mi.conll"
    path.write_text("Ada B-PER\n\nRoma X-LOC\n\nLondres B-LOC\n", encoding="utf-8")
    view.open()
    view.give("file", path)
    assert "line 3" in view.widget("bad-table").inner_text()
    assert "could not be read: 1" in view.widget("counts").inner_text()
    assert view.download("unread", tmp_path / "unread") == b"Roma X-LOC\n\n"
    assert grave_findings(view.page) == []
    view.page.set_viewport_size({"width": 768, "height": 900})
    assert view.fits()
    view.choose("language", "Klingon!")
    assert "BCP-47" in view.widget("import-error").inner_text()


def test_a_project_is_made_run_and_written_and_the_file_says_the_same(
    view: View, tmp_path: Path
) -> None:
    source, target = tmp_path / "en.conll", tmp_path / "ar.conll"
    source.write_text(SOURCE, encoding="utf-8")
    target.write_text(ARABIC, encoding="utf-8")
    view.open()
    view.write("reviewer-name", "Ada")
    view.radio("Two files")
    view.choose("target_language", "Arabic")
    view.give("source_file", source)
    view.give("target_file", target)
    line = view.widget("first-row-1-1").locator("p").first
    assert line.evaluate("element => getComputedStyle(element).direction") == "rtl"
    view.write("data-make-name", f"Cairo {INJECTION}"[:80])
    view.press("make-button")
    view.widget("make-made").wait_for()
    view.tab("Projects")
    assert "onerror" in view.widget("list-table").inner_text()
    view.choose("methods", "heuristic")
    view.page.keyboard.press("Escape")
    view.press("run")
    view.widget("run_list").get_by_text("whole").wait_for()
    view.settle()
    view.tab("Export")
    view.page.locator("[class*=st-key-data-fill-]").locator("input").click()
    view.page.get_by_role("option", name="heuristic").click()
    view.settle()
    view.choose("to", "JSONL: Spanbridge")
    view.press("export")
    assert "everything came back as it was" in view.widget("checked").inner_text()
    data = view.download("download", tmp_path / "out.jsonl")
    found = preview_import(data, "ar", name="out.jsonl")
    assert [one.text for one in found.sentences] == ["مي تعيش في القاهرة", "لا أحد"]
    assert not found.bad
    assert view.download("log", tmp_path / "log.jsonl") == b""
    assert json.loads(data.splitlines()[0])["language"] == "ar"
    assert view.page.title() != "owned"
    assert grave_findings(view.page) == []
