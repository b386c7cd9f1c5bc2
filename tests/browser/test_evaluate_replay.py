"""Attack replay in a real browser: run, choose a flip, follow it; wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.driving import Window
from tests.browser.test_accessibility import grave_findings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.encoder]


def test_an_attack_is_replayed_and_a_flip_is_followed(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    view = Window(page, address, "replay")
    page.goto(f"{address}/evaluate")
    page.get_by_role("heading", level=1).first.wait_for()
    view.tab("Attack replay")
    view.choose("target", "Arabic")
    view.choose("perturbation", "case")
    limit = view.widget("limit").locator("input")
    limit.fill("4")
    limit.press("Enter")
    view.settle()
    view.widget("begin").get_by_role("button").click()
    view.widget("outcome").get_by_text("flipped").wait_for()
    view.settle()
    first = view.widget("verdict").inner_text()
    view.widget("steps").get_by_text("here the runs part").wait_for()
    # Both runs are drawn with their links, side by side.
    words = [view.widget(f"text-{run}").locator(".word") for run in ("clean", "perturbed")]
    for one in words:
        one.first.wait_for()
    boxes = [one.first.bounding_box() for one in words]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] + 200 < boxes[1]["x"]
    page.locator(".st-key-replay-open-1 button:visible").first.click()
    page.wait_for_function(
        "old => document.querySelector('.st-key-replay-verdict').innerText !== old", arg=first
    )
    view.settle()
    assert grave_findings(page) == []
    page.set_viewport_size({"width": 420, "height": 900})
    view.settle()
    boxes = [one.first.bounding_box() for one in words]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["y"] + 100 < boxes[1]["y"]  # one below the other
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert view.errors == []
    page.close()
