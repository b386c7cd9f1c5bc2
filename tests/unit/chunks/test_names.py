"""A name is one sentence's own on each side, however many there are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from core.chunks.names import OwnNames, own_names
from core.errors import StoreError
from core.types import Sentence
from tests.builders import sentence


def named(name: str) -> Sentence:
    return replace(sentence("Ada saw"), id=name)


def test_a_name_may_come_once_on_each_side() -> None:
    with own_names() as names:
        assert names.take((named("a"), named("a")))
        assert names.take((named("b"), None))
        assert names.take((None, named("b")))
        assert not names.take((named("a"), named("c")))
        assert not names.take((named("d"), named("a")))


@pytest.mark.parametrize("name", ["\ud800", "a\0", "名", "1"])
def test_any_text_is_a_name_and_none_is_not(name: str) -> None:
    with own_names() as names:
        assert names.take((named(name),))
        assert not names.take((named(name),))
        assert not names.take((named(""),))


def test_where_there_is_no_room_it_is_told() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as kept:
        names = OwnNames(kept)
        kept.execute("PRAGMA max_page_count = 2")
        many = (names.take((named(f"s{place}"),)) for place in range(10_000))
        with pytest.raises(StoreError, match="need room") as caught:
            all(many)
    assert caught.value.code == "store-full"
