"""Reviewers who sit at real browsers: they look at the page Review and press a key."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.bench.browser import chromium
from core.bench.ledger import Ledger, Reviewer
from core.store.database import Store
from core.store.decisions import log_of
from core.store.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PATIENCE_MS = 60_000
_POLL_MS = 25
_HEADING = re.compile(r"Sentence (\d+)")


def browser_reviewer(name: str, address: str) -> Reviewer:
    """Return a reviewer who accepts sentence after sentence on the page.

    Args:
        name: of the reviewer.
        address: of the running app, whose store is the one that is measured.
    """

    def review(
        store: Store, project: Project, ids: Sequence[int], ledger: Ledger, until: float
    ) -> None:
        with chromium() as browser:
            page = browser.new_page()
            _open(page, address, project, name)
            here = _number(page)
            while time.monotonic() < until:
                sentence = ids[here - 1]
                ledger.take(sentence, name, 0.0)
                # From the press on the server may give it away: what it says of it is in the log.
                ledger.leave(sentence)
                started = time.perf_counter()
                page.keyboard.press("a")
                after = _wait_for_next(page, here, until)
                _note_saved(store, sentence, name, ledger, started)
                if after is None:
                    return
                here = after

    return review


def _note_saved(store: Store, sentence: int, name: str, ledger: Ledger, started: float) -> None:
    """Note every decision of this reviewer on the sentence that is not noted yet."""
    seconds = time.perf_counter() - started
    for one in log_of(store, sentence):
        if one.reviewer == name:
            ledger.note_page(sentence, one.version, seconds)


def _open(page: Page, address: str, project: Project, name: str) -> None:
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(f"{address}/review?project={quote(project.name)}")
    page.locator(".st-key-reviewer-name input").fill(name)
    page.keyboard.press("Enter")
    page.locator(".st-key-review-keys").wait_for()
    page.locator("h1").click()
    # Keys are listened to only once the page is at rest.
    page.evaluate("() => new Promise((done) => requestIdleCallback(done, { timeout: 20000 }))")


def _number(page: Page) -> int:
    found = _HEADING.search(page.locator(".stMain").inner_text())
    return int(found[1]) if found else 0


def _wait_for_next(page: Page, here: int, until: float) -> int | None:
    """Return the number of the next sentence; None where time is up before it is there."""
    while time.monotonic() < until + 5:
        number = _number(page)
        if number not in (0, here):
            return number
        page.wait_for_timeout(_POLL_MS)
    return None
