"""The story of one projection: both sentences, what was decided and why, what differs from gold."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.explain import explanation_record
from core.linked_text import Marks
from core.routes import ROUTES
from core.types import Projection, Sentence
from pages.sections import cases, editing
from pages.sections.cases import Shown
from pages.widgets import tables, text_view

_OUTCOMES = {
    "as in gold": "The projection is as in gold.",
    "differs": "The projection differs from gold.",
    "failed": "The sentence failed.",
    "no gold": "There is no gold annotation to compare with.",
}
# More decisions than this are told in words only on demand.
_TOLD_AT_ONCE = 12


def show_pair(shown: Shown) -> None:
    """Show both sentences of the pair on the screen, to be changed by hand.

    Args:
        shown: the pair as it stands.
    """
    edits, page = shown.edits, shown.page
    with st.container():
        _show_failure(explanation_record(shown.now), page=page)
    history = cases.history_of(shown.place, page=page)
    text_view.show_pair(
        shown.now,
        key=f"{page}.text",
        marks=Marks(
            selected=cases.chosen_entity(shown),
            pins=edits.pins,
            bans=edits.bans,
            added=edits.added,
            removed=edits.removed,
            baseline=shown.stored.spans if shown.changed else None,
        ),
        editable=ROUTES.get(shown.turned.route.name).needs_source,
        can_undo=bool(history.past),
        can_redo=bool(history.future),
        matrix_key=f"{page}.matrix",
        subject=str(hash(shown.place)),
        on_event=partial(editing.apply, shown),
    )


def show_decisions_and_diagnosis(
    projection: Projection, record: dict[str, Any], *, page: str
) -> None:
    """Show what became of each entity, and what differs from gold.

    Args:
        projection: from the pipeline.
        record: its explanation.
        page: first part of the widget keys.
    """
    if projection.failure is None:
        _show_decisions(projection.pair.source, record, page=page)
    _show_diagnosis(record, page=page)


def show_story(projection: Projection, record: dict[str, Any], *, page: str) -> None:
    """Show sentences, decisions and diagnosis; a failed sentence is shown as failed.

    Args:
        projection: from the pipeline.
        record: its explanation.
        page: first part of the widget keys.
    """
    _show_failure(record, page=page)
    text_view.show_pair(projection, key=f"{page}.text")
    show_outcome(record, page=page)
    show_decisions_and_diagnosis(projection, record, page=page)


def _show_failure(record: dict[str, Any], *, page: str) -> None:
    failure = record["failure"]
    if failure is None:
        return
    tables.show_texts(
        [
            f"This sentence failed in the stage {failure['stage']}: {failure['message']} "
            f"[{failure['code']}]",
            "It has no projection. That does not mean that it has no entities.",
        ],
        key=f"{page}.failure",
        tone="error",
    )


def show_outcome(record: dict[str, Any], *, page: str) -> None:
    """Say how the sentence fared, and what a reader must know of it.

    Args:
        record: the explanation of its projection.
        page: first part of the widget keys.
    """
    if record["failure"] is None:
        spent = sum(record["seconds"].values())
        solved = f"Solution: {record['status']}. {record['candidates']} candidates,"
        parts = [
            _OUTCOMES[record["outcome"]],
            *([solved] if record["status"] else []),  # without a matching nothing is solved
            f"{spent:.2f} seconds.",
        ]
        tables.show_texts([" ".join(parts)], key=f"{page}.outcome")
    if record["marked"]:
        told = f"The source as it came back with its markers: “{record['marked']}”"
        tables.show_texts([told], key=f"{page}.marked", tone="note")
    notes = [*record["messages"], *filter(None, [record["link_note"]])]
    tables.show_texts(notes, key=f"{page}.messages", tone="warning")


def _show_decisions(source: Sentence, record: dict[str, Any], *, page: str) -> None:
    st.subheader("Decisions")
    if not record["decisions"]:
        if not source.words:
            told = "There is no source sentence: the method looks at the target sentence alone."
        elif source.spans:
            told = "The method decided nothing about the entities of the source sentence."
        else:
            told = "The source sentence has no entities to project."
        tables.show_texts([told], key=f"{page}.no_entities")
        return
    terms = list(record["weights"])
    columns = ["", "Class", "Entity", "Chosen", "Score", *terms]
    columns += ["Runner-up", "Its score", "Margin", "Reason", "Blocked by"]
    tables.show_table(
        columns,
        [_decision_row(one, terms) for one in record["decisions"]],
        caption="What became of each source entity. Score terms are before weighting.",
        key=f"{page}.decisions",
    )
    told = [f"{one['letter']}: {one['explanation']}" for one in record["decisions"]]
    with st.expander("In words", expanded=len(told) <= _TOLD_AT_ONCE, key=f"{page}.expander.words"):
        tables.show_texts(told, key=f"{page}.explanations")


def _decision_row(decision: dict[str, Any], terms: list[str]) -> list[tables.Cell]:
    chosen, runner_up = decision["chosen"], decision["runner_up"]
    scored = chosen is not None and bool(decision["terms"])
    rival = next(iter(decision["blocked_by"]), None)
    return [
        decision["letter"],
        decision["label"],
        decision["entity"]["text"],
        _place(chosen, nothing="not projected"),
        decision["score"] if scored else None,
        *(decision["terms"].get(name) for name in terms),
        _place(runner_up),
        None if runner_up is None else decision["runner_up_score"],
        decision["margin"] if scored else None,
        decision["reason"],
        None if rival is None else (rival["text"], f"– {rival['explanation']}"),
    ]


def _place(place: dict[str, Any] | None, *, nothing: str = "") -> tables.Cell:
    if place is None:
        return nothing
    return place["text"], _bounds(place["start"], place["end"])


def _bounds(start: int, end: int) -> str:
    return f"[{start},\u00a0{end})"  # on one line


def _show_diagnosis(record: dict[str, Any], *, page: str) -> None:
    diagnoses = record["diagnoses"]
    wrong = [one for one in diagnoses or () if one["outcome"] != "correct"]
    if not wrong:
        return
    st.subheader("Diagnosis of what differs from gold")
    tables.show_table(
        ["Class", "Gold", "Projected", "Outcome", "Stage to blame", "What happened"],
        [
            [
                one["label"],
                _place(one["gold"]),
                _place(one["predicted"]),
                one["outcome"],
                one["stage"],
                one["explanation"],
            ]
            for one in wrong
        ],
        caption=f"{len(wrong)} of {len(diagnoses)} entities",
        key=f"{page}.diagnosis",
    )
