"""The address of a page: choices that are taken from it, and written back so that it leads here."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

_KNOWN = "address.known"  # what the address said when it was last read or written
_REPLACED = "address.replaced"  # what it said before that, and until when
_LATE_SECONDS = 2.0
_NOTHING = object()


def take_from_address(key: str, name: str, options: Sequence[str | int]) -> str:
    """Give a choice the value that the page's address names, before its widget is made.

    A value that the options no longer hold is dropped, so that the widget falls back to the first.

    Args:
        key: key of the widget.
        name: parameter in the address.
        options: what can be chosen.

    Returns:
        What to tell the user: empty unless the address names something that is not there.
    """
    asked = _newly_asked(key, name)
    if st.session_state.get(key, _NOTHING) not in (_NOTHING, *options):
        del st.session_state[key]
    if asked is None:
        return ""
    found = next((option for option in options if str(option) == asked), None)
    if found is None:
        return f"The address of this page asks for {name} “{asked}”, which is not there."
    st.session_state[key] = found
    return ""


def take_list_from_address(key: str, name: str, options: Sequence[str]) -> str:
    """Give a choice of several the values that the page's address names, parted by commas.

    Args:
        key: key of the widget.
        name: parameter in the address.
        options: what can be chosen.

    Returns:
        What to tell the user: empty unless the address names something that is not there.
    """
    asked = _newly_asked(key, name)
    if key in st.session_state:
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
    if asked is None:
        return ""
    wanted = list(dict.fromkeys(asked.split(",")))
    found = [one for one in wanted if one in options]
    if found:
        st.session_state[key] = found
    missing = [f"“{one}”" for one in wanted if one not in options]
    told = f"The address of this page asks for {name} {', '.join(missing)}, which is not there."
    return told if missing else ""


def _newly_asked(key: str, name: str) -> str | None:
    """Return what the address says of a choice if that is not what it said before.

    It is new at the first visit and after the browser's Back or Forward; a choice that an older
    address does not name is forgotten then. What this page wrote itself is not new.
    """
    known: dict[str, str] = st.session_state.setdefault(_KNOWN, {})
    asked = st.query_params.get(name)
    if not st.query_params or asked == known.get(name) or is_late_address():
        return None
    st.session_state.pop(key, None)
    if asked is None:
        del known[name]
    else:
        known[name] = asked
    return asked


def is_late_address() -> bool:
    """Tell whether the address is one that has only just been replaced.

    A click that is quicker than the new address is sent with the old one, which is no wish to go
    back to it.
    """
    shown = st.query_params.to_dict()
    return any(shown == before for before, _ in _lately_replaced())


def _lately_replaced() -> list[tuple[dict[str, str], float]]:
    begin = time.monotonic() - _LATE_SECONDS
    return [one for one in st.session_state.get(_REPLACED, ()) if one[1] > begin]


def forget_choices(page: str, names: Iterable[str]) -> None:
    """Let a page take these choices from its address when it is opened next.

    Args:
        page: first part of the widget keys.
        names: second parts, which are also the names in the address.
    """
    for name in names:
        st.session_state.pop(f"{page}.{name}", None)
        st.session_state.get(_KNOWN, {}).pop(name, None)


def write_address(values: Mapping[str, str | int]) -> None:
    """Make the address lead back to this view; empty values are left out."""
    wanted = {name: str(value) for name, value in values.items() if value != ""}
    shown, known = st.query_params.to_dict(), st.session_state.get(_KNOWN, {})
    if shown != wanted:
        now = time.monotonic()
        st.session_state[_REPLACED] = [*_lately_replaced(), (shown, now), (known, now)]
        st.query_params.from_dict(wanted)
    st.session_state[_KNOWN] = wanted
