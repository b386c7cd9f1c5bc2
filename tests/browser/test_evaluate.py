"""The page Evaluate in a real browser: the matrix of languages, and methods over their seeds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import INJECTION, Window
from tests.browser.test_accessibility import grave_findings
from tests.evaluations import base_model, evaluated, people_file, question_file, trained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.encoder]
METHOD = f"تدريب مضاد {INJECTION}"


@pytest.fixture
def view(browser: Browser, address: str) -> Iterator[Window]:
    page = browser.new_page(viewport={"width": 420, "height": 1000}, color_scheme="dark")
    window = Window(page, address, "evaluate")
    yield window
    assert page.title() != "owned"
    page.close()
    assert not window.errors


def test_answers_in_several_languages_and_methods_over_seeds(
    view: Window, runs_root: Path, tmp_path: Path
) -> None:
    base = base_model(tmp_path / "base")
    people, asked = people_file(tmp_path / "p.conll"), question_file(tmp_path / "squad.json")
    for method in ("plain", METHOD):
        model = trained("ner", people, base, runs_root, method=method, updates=3)
        evaluated(model, [f"en={people}"], "typos", runs_root)
    model = trained("qa", asked, base, runs_root, method=METHOD, updates=3)
    tests = [f"de={asked}", f"de/ar={asked}", f"ar={asked}"]
    evaluated(model, tests, "typos", runs_root)

    view.page.goto(f"{view.address}/evaluate")
    view.widget("qa-matrix-table").get_by_text("asked in ar").first.wait_for()
    view.widget("qa-matrix").locator(".heatmaplayer image").first.wait_for()
    view.settle()
    assert METHOD in view.widget("qa-means").inner_text()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not view.page.evaluate(wide)
    assert grave_findings(view.page) == []

    view.tab("Over seeds")
    view.widget("over_seeds-task").get_by_role("radio", name="Named entities").click()
    view.settle()
    view.widget("over_seeds-compare").get_by_role("button").click()
    view.widget("over_seeds-scores").get_by_text("over all 2 comparisons").wait_for()
    view.widget("over_seeds-changes").locator(".barlayer").first.wait_for(state="attached")
    view.settle()
    assert METHOD in view.widget("over_seeds-scores").inner_text()
    assert not view.page.evaluate(wide)
    assert grave_findings(view.page) == []
