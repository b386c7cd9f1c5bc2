"""Notices that the engine gives while it works for one session, kept apart from other sessions'.

`warnings.catch_warnings` changes what all threads of a process do, and each session runs in a
thread of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from core.errors import Notice

_HEARD: ContextVar[list[str] | None] = ContextVar("heard", default=None)
_others: Any = warnings.showwarning


@contextmanager
def heard_notices() -> Iterator[list[str]]:
    """Collect the notices that this thread gives, in order, each as often as it comes."""
    _listen()
    heard: list[str] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def _listen() -> None:
    global _others
    warnings.filterwarnings("always", category=Notice)
    if warnings.showwarning is not _hear:
        _others, warnings.showwarning = warnings.showwarning, _hear


def _hear(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
    heard = _HEARD.get()
    if heard is None or not issubclass(category, Notice):
        _others(message, category, *place, **more)
    else:
        heard.append(str(message))
