"""The page Languages in a real browser: the list, a click on the chart, files, a narrow window."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.encoder]


def rows(window: Window) -> list[str]:
    """Return the names of the listed languages."""
    return window.widget("table").locator("tbody td:first-child bdi").all_inner_texts()


def test_languages_are_listed_sorted_filtered_opened_and_taken_away(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    window = Window(context.new_page(), address, "languages")
    page = window.page
    page.goto(f"{address}/languages")
    window.widget("table").wait_for()
    window.settle()
    assert len(rows(window)) == 57

    window.choose("sort", "Published F1")
    window.choose("order", "descending")
    assert rows(window)[0] == "Swahili"
    window.choose("script", "Arabic")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("script=Arab"))
    window.settle()
    assert rows(window) == ["Urdu", "Persian", "Arabic"]

    with page.expect_download() as download:
        window.widget("download_csv").get_by_role("button").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ["ur", "fa", "ar"]

    # The first square of the chart; the family Afro-Asiatic has Arabic alone here.
    square = window.widget("chart").locator(".scatterlayer .point").first.bounding_box()
    assert square is not None
    page.mouse.click(square["x"] + square["width"] / 2, square["y"] + square["height"] / 2)
    page.wait_for_url(re.compile("language="))
    window.widget("facts").wait_for()
    window.settle()
    assert page.url.partition("language=")[2][:2] in ("ar", "fa", "ur")

    page.set_viewport_size({"width": 420, "height": 900})
    window.settle()
    assert page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".every(element => element.scrollWidth <= element.clientWidth)"
    )
    assert window.errors == []
    context.close()
