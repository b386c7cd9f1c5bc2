"""Reviewers who sit at real browsers: they look at the page Review and press a key."""

from __future__ import annotations

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
_NOTHING_LEFT = "Nothing is left to do"
# A person whose key did nothing presses it again.
_AGAIN_SECONDS = 3.0
# What the page tells, the sentence that the key would decide on, and whether the page is at rest.
_LOOK = """() => {
  const button = document.querySelector('[class*="st-key-review-accept-"] button:not(:disabled)');
  const holder = button?.closest('[class*="st-key-review-accept-"]');
  return {
    text: document.querySelector('.stMain').innerText,
    sentence: Number(/st-key-review-accept-(\\d+)/.exec(holder?.className ?? '')?.[1] ?? 0),
    rests: document.querySelector('.stApp').dataset.testScriptState === 'notRunning',
  };
}"""


def browser_reviewer(name: str, address: str) -> Reviewer:
    """Return a reviewer who accepts sentence after sentence on the page, until none is left.

    Args:
        name: of the reviewer.
        address: of the running app, whose store is the one that is measured.
    """

    def review(
        store: Store,
        project: Project,
        ids: Sequence[int],  # noqa: ARG001 (part of every reviewer)
        ledger: Ledger,
        until: float,
    ) -> None:
        with chromium() as browser:
            page = browser.new_page()
            _open(page, address, project, name)
            sentence = _wait_for_next(page, 0)
            while sentence and time.monotonic() < until:
                ledger.take(sentence, name, 0.0)
                # From the press on the server may give it away: what it says of it is in the log.
                ledger.leave(sentence)
                started = time.perf_counter()
                page.keyboard.press("a")
                following = _wait_for_next(page, sentence)
                _note_saved(store, sentence, name, ledger, time.perf_counter() - started)
                sentence = following

    return review


def _note_saved(store: Store, sentence: int, name: str, ledger: Ledger, seconds: float) -> None:
    """Note the decision that the page says was made: it went on to another sentence.

    What is not in the log is noted all the same, and so counts as lost.
    """
    versions = [one.version for one in log_of(store, sentence) if one.reviewer == name]
    ledger.note_page(sentence, max(versions, default=0), seconds)


def _open(page: Page, address: str, project: Project, name: str) -> None:
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(f"{address}/review?project={quote(project.name)}")
    page.locator(".st-key-reviewer-name input").fill(name)
    page.keyboard.press("Enter")
    page.locator(".st-key-review-keys").wait_for()
    page.locator("h1").click()
    # Keys are listened to only once the page is at rest.
    page.evaluate("() => new Promise((done) => requestIdleCallback(done, { timeout: 20000 }))")


def _wait_for_next(page: Page, here: int) -> int:
    """Return the id of the next sentence once the page lets its reviewer decide on it.

    Returns:
        0 where nothing is left to do.

    Raises:
        TimeoutError: the page neither went on nor said that nothing is left.
    """
    now = pressed = time.monotonic()
    patience = now + _PATIENCE_MS / 1000
    while (now := time.monotonic()) < patience:
        seen = page.evaluate(_LOOK)
        if seen["sentence"] not in (0, here):
            return int(seen["sentence"])
        if _NOTHING_LEFT in seen["text"]:
            return 0
        if here and seen["rests"] and now > pressed + _AGAIN_SECONDS:
            page.keyboard.press("a")
            pressed = now
        page.wait_for_timeout(_POLL_MS)
    raise TimeoutError(f"the page stays on sentence {here}")
