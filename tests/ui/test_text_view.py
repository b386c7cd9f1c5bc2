"""The text view's side in Python: which events of the browser are passed on, and how often."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.explain import typed_pair
from core.types import Projection, Trace
from pages.widgets.text_view import new_events

SHOWN = Projection(
    typed_pair("[PER Ada] lived in [LOC Rom]", "[PER Ada] wohnte in [LOC Rom] .", "en", "de"),
    "hand", (), (), Trace(),
)  # fmt: skip


def passed(event: Any) -> list[dict[str, Any]]:
    return new_events([{**event, "serial": 1}], 0, SHOWN)[0]


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "link", "source": 3, "target": 4},
        {"kind": "select", "entity": 1},
        {"kind": "select", "entity": None},
        {"kind": "pin", "entity": 0, "start": 0, "end": 5},
        {"kind": "ban", "entity": 1, "start": 4, "end": 5},
        {"kind": "free", "entity": 0, "start": 0, "end": 1},
        {"kind": "entity", "start": 1, "end": 4, "label": "B-1.x&y", "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": "ORG", "old": 1},
        {"kind": "remove", "entity": 0},
        {"kind": "undo"},
        {"kind": "redo"},
    ],
    ids=str,
)
def test_a_well_formed_event_is_passed_on_as_it_is(event: dict[str, Any]) -> None:
    assert passed({**event, "more": "left out"}) == [event]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"kind": "destroy"},
        {"kind": ["link"]},
        {"kind": "link", "source": 4, "target": 0},
        {"kind": "link", "source": 0, "target": 5},
        {"kind": "link", "source": -1, "target": 0},
        {"kind": "link", "source": True, "target": 0},
        {"kind": "link", "source": 1.0, "target": 0},
        {"kind": "link", "source": "1", "target": 0},
        {"kind": "link", "source": 1},
        {"kind": "select"},
        {"kind": "select", "entity": 2},
        {"kind": "pin", "entity": None, "start": 0, "end": 1},
        {"kind": "pin", "entity": 0, "start": 0, "end": 6},
        {"kind": "pin", "entity": 0, "start": 2, "end": 2},
        {"kind": "ban", "entity": 0, "start": 3, "end": 2},
        {"kind": "free", "entity": 0, "start": 0},
        {"kind": "entity", "start": 0, "end": 5, "label": "PER", "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": "a b", "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": "", "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": "PER\n", "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": 5, "old": None},
        {"kind": "entity", "start": 0, "end": 1, "label": "PER", "old": 2},
        {"kind": "entity", "start": 0, "end": 1, "label": "PER"},
        {"kind": "remove", "entity": 2},
        {"kind": "remove"},
    ],
    ids=str,
)
def test_a_malformed_event_is_dropped(event: dict[str, Any]) -> None:
    assert passed(event) == []
    assert new_events([{**event, "serial": 4}], 0, SHOWN)[1] == 4


def test_an_event_that_is_repeated_is_passed_on_once_and_in_order() -> None:
    undo, redo = {"kind": "undo", "serial": 3}, {"kind": "redo", "serial": 5}
    assert new_events([redo, undo], 2, SHOWN) == ([{"kind": "undo"}, {"kind": "redo"}], 5)
    assert new_events([undo, redo], 3, SHOWN) == ([{"kind": "redo"}], 5)
    assert new_events([undo, redo], 5, SHOWN) == ([], 5)


@pytest.mark.parametrize("sent", [None, {}, "undo", 3, [None], ["undo"], [{"kind": "undo"}]])
def test_what_is_no_list_of_numbered_events_is_dropped(sent: Any) -> None:
    assert new_events(sent, 7, SHOWN) == ([], 7)


def test_what_was_done_on_another_sentence_is_dropped() -> None:
    event = {"kind": "undo", "serial": 1, "subject": "3"}
    assert new_events([event], 0, SHOWN, subject="3") == ([{"kind": "undo"}], 1)
    assert new_events([event], 0, SHOWN, subject="4") == ([], 1)


def shown_pair(editable: bool) -> None:
    from core.explain import typed_pair
    from core.types import Projection, Trace
    from pages.widgets.text_view import show_pair

    pair = typed_pair("[PER Ada] lived", "[PER Ada] lebte", "en", "de")
    events: list[dict[str, object]] = []
    show_pair(
        Projection(pair, "hand", (), (), Trace()),
        key="page.text",
        editable=True,
        on_event=events.append if editable else None,
    )
    assert events == []


@pytest.mark.parametrize("editable", [True, False])
def test_it_mounts_and_sends_nothing_by_itself(editable: bool) -> None:
    app = AppTest.from_function(shown_pair, args=(editable,)).run()
    assert not app.exception, [error.stack_trace for error in app.exception]
    assert not app.run().exception
