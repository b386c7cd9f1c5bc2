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
from streamlit.runtime.scriptrunner import RerunException

Asked = Literal["", "wanted", "changed"]


@dataclass(slots=True)
class _Memory:
    work: Hashable = None


@contextmanager
def asked_for(key: str, work: Hashable, *, pressed: bool) -> Iterator[Asked]:
    """Tell whether to do the work inside the block, and remember it until that has ended.

    It is forgotten when it is done, when it fails, and when it is stopped with the app's own
    button. Whoever comes back to a page that was left meanwhile finds it begun again.

    Args:
        key: under which the session remembers it.
        work: what was asked for, such as configuration and sentences.
        pressed: the button was pressed in this run of the script.

    Yields:
        "wanted" if it is to be done; "changed" once if it was broken off because something else
        is chosen now; else "".
    """
    # Once the script has been told to end, the session's state can no longer be written to.
    memory: _Memory = st.session_state.setdefault(key, _Memory())
    if pressed:
        memory.work = work
    asked: Asked = "" if memory.work is None else "wanted" if memory.work == work else "changed"
    try:
        yield asked
    except RerunException:
        if asked == "changed":
            memory.work = None
        raise
    except BaseException:
        memory.work = None
        raise
    memory.work = None
