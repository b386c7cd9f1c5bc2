"""A sentence pair with its entities and word links, as one component of the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.linked_text import EDIT_SCRIPTS, STYLE, VIEW_SCRIPTS, Marks, linked_text_data
from core.text import romanise
from core.types import Projection, Sentence

_ASSETS = Path(__file__).parents[2] / "assets"
_LABEL = re.compile(r"[A-Za-z][\w.&-]{0,63}")

Event = dict[str, Any]
"""What a person did, such as `{"kind": "link", "source": 0, "target": 2}`; see `show_pair`."""


@cache
def _component() -> Any:
    scripts = (*VIEW_SCRIPTS, *EDIT_SCRIPTS, "text_view.js")
    return st.components.v2.component(
        "spanbridge_text_view",
        css=(_ASSETS / STYLE).read_text(encoding="utf-8"),
        js="\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in scripts),
    )


def show_pair(
    projection: Projection,
    *,
    key: str,
    marks: Marks = Marks(),  # noqa: B008, a frozen value
    editable: bool = False,
    can_undo: bool = False,
    can_redo: bool = False,
    matrix_key: str = "",
    subject: str = "",
    on_event: Callable[[Event], None] | None = None,
) -> None:
    """Show both sentences with entities, gold and links, and let them be edited.

    Args:
        projection: what to show; one that failed shows its source entities and gold only.
        key: widget key.
        marks: what is drawn beyond the projection.
        editable: whether links, entities, pins and bans can be changed; needs `on_event`.
        can_undo: whether there is something to undo.
        can_redo: whether there is something to redo.
        matrix_key: key of the similarity heat map on the same page; both light each other.
        subject: what the events are about; those that were made on another one are dropped.
        on_event: called before the script runs again, once for every event, in order:
            `link` (source, target: toggle) · `select` (entity or None) · `pin`, `ban`, `free`
            (entity, start, end) · `entity` (start, end, label, old: index it takes the place of
            or None) · `remove` (entity) · `undo` · `redo`; each under `kind`.
    """
    data = {
        **linked_text_data(projection, marks, romanised=_readings_are_ready(projection)),
        "editable": editable and on_event is not None,
        "listening": on_event is not None,
        "can_undo": can_undo,
        "can_redo": can_redo,
        "matrix_key": matrix_key,
        "subject": subject,
        "seen": st.session_state.get(f"{key}.seen", 0),
    }
    if on_event is None:
        _component()(key=key, data=data, height="content")
        return

    def answer() -> None:
        sent = st.session_state[key].event
        known = st.session_state.get(f"{key}.seen", 0)
        found = new_events(sent, known, projection, subject=subject)
        events, st.session_state[f"{key}.seen"] = found
        for event in events:
            on_event(event)

    _component()(key=key, data=data, height="content", on_event_change=answer)


def _readings_are_ready(projection: Projection) -> bool:
    """Tell whether readings cost no waiting; if not, they are made ready for the next time."""
    if romanise.is_ready():
        return True
    for sentence in (projection.pair.source, projection.pair.target):
        romanise.romanise_words(sentence.words, sentence.language, wait=False)
    return False


def new_events(
    sent: Any, known: int, projection: Projection, *, subject: str = ""
) -> tuple[list[Event], int]:
    """Return the well-formed events that are new, and the highest number sent.

    The browser repeats what it has no answer for, so that no event is lost where two come close
    together; every event carries a number. What does not fit the projection is dropped.

    Args:
        sent: what came from the browser.
        known: the highest number carried out so far.
        projection: what was shown.
        subject: what is shown now; an event that was made on something else is dropped.
    """
    numbered = [
        (one["serial"], one)
        for one in (sent if isinstance(sent, list) else [])
        if isinstance(one, Mapping) and _is_index(one.get("serial")) and one["serial"] > known
    ]
    checked = [
        _checked(one, projection)
        for _, one in sorted(numbered, key=lambda pair: pair[0])
        if one.get("subject", "") == subject
    ]
    return (
        [event for event in checked if event is not None],
        max([known, *(serial for serial, _ in numbered)]),
    )


def _checked(event: Mapping[str, Any], projection: Projection) -> Event | None:
    """Return an event with the fields of its kind; None if one is missing or out of range."""
    source, target = projection.pair.source, projection.pair.target
    entities = len(source.spans)
    match event:
        case {"kind": "undo" | "redo" as kind}:
            return {"kind": kind}
        case {"kind": "select", "entity": entity} if entity is None or _is_index(entity, entities):
            return {"kind": "select", "entity": entity}
        case {"kind": "remove", "entity": entity} if _is_index(entity, entities):
            return {"kind": "remove", "entity": entity}
        case {"kind": "link", "source": one, "target": two} if _is_index(
            one, len(source.words)
        ) and _is_index(two, len(target.words)):
            return {"kind": "link", "source": one, "target": two}
        case {"kind": "pin" | "ban" | "free" as kind, "entity": entity, **place} if _is_index(
            entity, entities
        ) and _is_place(place, target):
            return {"kind": kind, "entity": entity, "start": place["start"], "end": place["end"]}
        case {"kind": "entity", "label": str(label), "old": old, **place} if (
            _LABEL.fullmatch(label)
            and (old is None or _is_index(old, entities))
            and _is_place(place, source)
        ):
            start, end = place["start"], place["end"]
            return {"kind": "entity", "start": start, "end": end, "label": label, "old": old}
        case _:
            return None


def _is_place(place: Mapping[str, Any], sentence: Sentence) -> bool:
    start, end = place.get("start"), place.get("end")
    words = len(sentence.words)
    return _is_index(start, words) and _is_index(end, words + 1) and bool(start < end)


def _is_index(value: Any, below: int | None = None) -> bool:
    # True and False are integers too.
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and value >= 0 and (below is None or value < below)
