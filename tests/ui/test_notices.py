"""Notices of several sessions in one process, each in a thread of its own."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.errors import Notice
from pages.widgets.notices import heard_notices


def test_each_session_hears_its_own_notices() -> None:
    both = Barrier(2, timeout=30)

    def session(name: str) -> list[str]:
        with heard_notices() as heard:
            both.wait()
            for number in range(3):
                warnings.warn(f"{name} {number}", Notice, stacklevel=1)
            both.wait()
        return heard

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(session, ("a", "b")))
    assert found == [["a 0", "a 1", "a 2"], ["b 0", "b 1", "b 2"]]


def test_other_warnings_and_those_after_it_go_where_they_always_did() -> None:
    with pytest.warns(UserWarning, match="other") as others, heard_notices() as heard:
        warnings.warn("other", UserWarning, stacklevel=1)
    assert (heard, len(others)) == ([], 1)
    with pytest.warns(Notice, match="later"):
        warnings.warn("later", Notice, stacklevel=1)
    assert heard == []
