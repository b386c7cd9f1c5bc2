"""The same tests on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store.database import Store
from tests.stores import Cluster, postgresql


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    running: Cluster = request.getfixturevalue("cluster")
    return running.new_database()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = Store.open(store_url)
    yield opened
    opened.close()
