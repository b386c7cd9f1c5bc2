"""How long a person waits in a browser: the first page, the next sentence, a slider.

The app runs in a process of its own, as `make run` starts it, and Chromium opens it. Times are
taken inside the page, from the click or key to the frame in which the new picture stands there, so
that nothing of the driver is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from core.bench.browser import chromium, serve
from core.datasets import load_corpus
from core.text.brackets import to_brackets

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PATIENCE_MS = 60_000
_REST_MS = 1_500
_POLL_MS = 200
_SHORT_WORDS, _LONG_WORDS = 40, 150
_SLIDER = ".st-key-inspector-whatif-scores-emb-weight input"

# Runs in the page from its start: notes when all of it is there that a person came for.
_READY = """
  const look = () => {
    if (%s) requestAnimationFrame(() => { window.spanbridgeReady = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
# The sentence in its shadow tree, its decisions, and Next.
_INSPECTOR_IS_READY = """
  [...document.querySelectorAll(".st-key-inspector-text *")].some(
    (one) => one.shadowRoot?.querySelector(".word[data-side=target]"))
  && document.querySelector(".st-key-inspector-decisions table")
  && document.querySelector(".st-key-inspector-next button")
"""
_LANGUAGES_ARE_READY = "document.querySelectorAll('.st-key-languages-table tbody tr').length > 50"
_INSPECTOR = "?corpus=demo&source=en&target=de&sentence=3"
_LANGUAGES = "languages"
# Runs in the page before something is done there: waits for the click or key, then until what each
# selector finds says something else, and keeps the milliseconds to the frame that shows it.
_WATCH = """
([watched, patience]) => {
  const inside = (node) => [...node.childNodes].map((child) =>
    child.nodeType === 3 ? child.data : inside(child.shadowRoot || child)).join(" ");
  const read = (one) => [...document.querySelectorAll(one)].map(inside).join("|");
  const before = watched.map(read);
  window.spanbridgeWait = new Promise((done, fail) => {
    const begin = () => {
      const started = performance.now();
      const look = () => {
        const spent = performance.now() - started;
        if (watched.every((one, place) => read(one) !== before[place]))
          requestAnimationFrame(() => done(performance.now() - started));
        else if (spent > patience) fail(new Error(`nothing new after ${spent} ms`));
        else requestAnimationFrame(look);
      };
      look();
    };
    for (const kind of ["pointerup", "keydown"])
      document.addEventListener(kind, begin, { capture: true, once: true });
  });
}
"""


def bench_ui(*, repeats: int) -> dict[str, Any]:
    """Measure inspector and languages in Chromium, on the demo corpus, with everything warm.

    Args:
        repeats: timed runs of each; medians are returned.

    Returns:
        Milliseconds: `first_page_ms` from opening the address until the sentence and its decisions
        stand there and can be used, with the browser's cache warm; `languages_ms` the same for all
        rows of the page Languages, and `languages_new_ms` for a browser that has never seen the
        app; `next_sentence_ms` from the click on Next; `slider_ms` and `slider_long_ms` from moving
        a weight until the entity's new scores stand there, for a pair of 40 and of 150 words; each
        with its worst run.

    Raises:
        BackendError: Playwright or Chromium is missing.
    """
    with serve() as address, chromium() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.add_init_script(_READY % _INSPECTOR_IS_READY)
        _open(page, address, _INSPECTOR)
        first = [_open(page, address, _INSPECTOR) for _ in range(repeats)]
        _settle(page)
        listed = _list_languages(browser, address, repeats)
        following = [_next_sentence(page) for _ in range(repeats)]
        sliders = {words: _slide(page, words, repeats) for words in (_SHORT_WORDS, _LONG_WORDS)}
    return {
        **_summary("first_page", first),
        **listed,
        **_summary("next_sentence", following),
        **_summary("slider", sliders[_SHORT_WORDS]),
        **_summary("slider_long", sliders[_LONG_WORDS]),
        "repeats": repeats,
    }


def _summary(name: str, times: Sequence[float]) -> dict[str, float]:
    return {f"{name}_ms": round(median(times), 1), f"{name}_worst_ms": round(max(times), 1)}


def _list_languages(browser: Browser, address: str, repeats: int) -> dict[str, float]:
    """Open the page Languages in a browser that knows the app, and in new ones."""
    known: list[float] = []
    new: list[float] = []
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.add_init_script(_READY % _LANGUAGES_ARE_READY)
        new.append(_open(page, address, _LANGUAGES))
        _settle(page)
        known.append(_open(page, address, _LANGUAGES))
        context.close()
    return {**_summary("languages", known), **_summary("languages_new", new)}


def _open(page: Page, address: str, query: str) -> float:
    """Open a page and return the milliseconds until it can be used."""
    page.wait_for_timeout(_REST_MS)  # the view before has its flip points still to find
    page.goto(f"{address}/{query}", wait_until="commit")
    page.wait_for_function("window.spanbridgeReady", polling=_POLL_MS)
    return float(page.evaluate("window.spanbridgeReady"))


def _settle(page: Page) -> None:
    """Wait until the script has run through and nothing moves any more."""
    page.wait_for_timeout(400)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(200)


def _until_changed(page: Page, watched: Sequence[str], act: Callable[[], None]) -> float:
    """Do something and return the milliseconds until everything that is watched has changed."""
    page.evaluate(_WATCH, [list(watched), _PATIENCE_MS])
    act()
    spent = float(page.evaluate("window.spanbridgeWait"))
    _settle(page)
    return spent


def _next_sentence(page: Page) -> float:
    button = page.locator(".st-key-inspector-next button")
    watched = [".st-key-inspector-text", ".st-key-inspector-decisions"]
    return _until_changed(page, watched, button.click)


def _slide(page: Page, words: int, repeats: int) -> list[float]:
    """Move a weight to and fro under a pair of that many words."""
    source, target = _long_pair(words)
    page.get_by_role("radio", name="Your own sentences").click()
    for side, text in (("source", source), ("target", target)):
        area = page.locator(f".st-key-inspector-typed_{side} textarea")
        area.fill(text)
        area.press("Control+Enter")
        _settle(page)
    page.locator(_SLIDER).wait_for(state="attached")
    _settle(page)
    slider = page.locator(_SLIDER)
    slider.focus()
    # The first move loads what the later ones find loaded.
    keys = ["ArrowLeft", "ArrowLeft", "ArrowRight"] * (repeats // 3 + 1)
    times = [
        _until_changed(page, [".st-key-inspector-card"], partial(slider.press, key))
        for key in keys[: repeats + 1]
    ]
    return times[1:]


def _long_pair(words: int) -> tuple[str, str]:
    """Join demo sentences until both sides have about that many words."""
    source: list[str] = []
    target: list[str] = []
    count = 0
    for pair in load_corpus("demo", source="en", target="de"):
        if count >= words:
            break
        source.append(to_brackets(pair.source))
        target.append(to_brackets(pair.target))
        count += max(len(pair.source.words), len(pair.target.words))
    return " ".join(source), " ".join(target)
