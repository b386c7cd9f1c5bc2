"""Work that was asked for with a button, begun again when its user does something meanwhile.

A button counts as pressed in one run of the script alone. Anything done while that run works ends
it at its next output, and what the button had asked for would be forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

Asked = Literal["", "wanted", "changed", "stopped"]


@dataclass(slots=True)
class _Memory:
    """What the session remembers.

    Attributes:
        work: what was asked for; None for nothing.
        stopped: during which visit of the page it was told to stop; None if it was not.
    """

    work: Hashable = None
    stopped: int | None = None


@contextmanager
def asked_for(key: str, work: Hashable, *, pressed: bool) -> Iterator[Asked]:
    """Tell whether to do the work inside the block, and remember it until that has ended.

    It is forgotten when it is done, when it fails, and when it is stopped. Whoever comes back to
    a page that was left meanwhile finds it begun again.

    Args:
        key: under which the session remembers it.
        work: what was asked for, such as configuration and sentences.
        pressed: the button was pressed in this run of the script.

    Yields:
        "wanted" if it is to be done; once, "changed" if it was broken off because something else
        is chosen now, and "stopped" if its user stopped it; else "".
    """
    # Once the script has been told to end, the session's state can no longer be written to.
    memory: _Memory = st.session_state.setdefault(key, _Memory())
    visit = _visit()
    if pressed:
        memory.work, memory.stopped = work, None
    asked = _asked(memory, work, visit)
    if asked != "wanted":
        memory.work = None
    try:
        yield asked
    except StopException:
        # Leaving the page stops the script too: which it was is seen at the next run.
        memory.stopped = visit
        raise
    except Exception:
        memory.work = None
        raise
    # Not reached where something breaks in: Streamlit's RerunException is no Exception.
    memory.work = None


def stop(key: str) -> None:
    """Give up the work that is remembered under this key: for a button that stops it."""
    memory: _Memory | None = st.session_state.get(key)
    if memory is not None:
        memory.stopped = _visit()


def _visit() -> int:
    """Count the pages opened so far; app.py does."""
    return int(st.session_state.get("app.visit", 0))


def _asked(memory: _Memory, work: Hashable, visit: int) -> Asked:
    if memory.work is None:
        return ""
    if memory.stopped == visit:
        return "stopped"
    return "wanted" if memory.work == work else "changed"
