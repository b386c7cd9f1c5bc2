"""The failure tracer as a list: filters, counts, and a row for every entity that went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import streamlit as st

from core.evaluate.outcomes import OUTCOMES
from core.evaluate.verdicts import STAGES
from core.overview.outcomes import CorpusRun
from core.overview.tracer import TracerFilter, TracerRow, count_rows, filter_rows, trace_run
from core.types import SentencePair
from pages.sections.paging import page_of, show_number
from pages.widgets import tables

_PER_PAGE = 20
Option = TypeVar("Option", bound=str)


def show_tracer(
    run: CorpusRun,
    pairs: Sequence[SentencePair],
    *,
    page: str,
    open_sentence: Callable[[int, int | None], None],
) -> None:
    """Show what a run lost, added or got wrong, with the stage to blame.

    Args:
        run: a whole corpus.
        pairs: the corpus.
        page: first part of the widget keys.
        open_sentence: called before the script runs anew, with the number of a sentence, from 1,
            and the index of the source entity where it is known.
    """
    key = f"{page}.tracer"
    rows = trace_run(run)
    if not rows:
        told = "Nothing went wrong." if run.has_gold else "Every source entity was projected."
        tables.show_texts([told], key=f"{key}.nothing", tone="note")
        return
    kept = filter_rows(rows, _filter_inputs(rows, key=key))
    _show_counts(run, rows, kept, len(pairs), key=key)
    places = {id(row): place for place, row in enumerate(rows)}
    for row in page_of(kept, per_page=_PER_PAGE, key=key, hint="A number opens the sentence."):
        _show_row(row, places[id(row)], key=key, open_sentence=open_sentence)


def _filter_inputs(rows: Sequence[TracerRow], *, key: str) -> TracerFilter:
    stages = {row.stage for row in rows}
    outcomes = {row.outcome for row in rows}
    columns = st.columns([3, 3, 2, 3], vertical_alignment="bottom")
    with columns[0]:
        wanted_stages = _several(
            "Stage to blame", [one for one in STAGES if one in stages], key=f"{key}.stages"
        )
    with columns[1]:
        wanted_outcomes = _several(
            "Outcome", [one for one in OUTCOMES if one in outcomes], key=f"{key}.outcomes"
        )
    with columns[2]:
        labels = _several("Class", sorted({row.label for row in rows}), key=f"{key}.labels")
    with columns[3]:
        text = st.text_input("Text", key=f"{key}.text", type="search", persist_state="session")
    return TracerFilter(wanted_stages, wanted_outcomes, labels, text)


def _several(label: str, options: Sequence[Option], *, key: str) -> list[Option]:
    """Ask for some of the options; those of another run, which are not there now, are dropped."""
    if key in st.session_state:
        st.session_state[key] = [one for one in st.session_state[key] if one in options]
    chosen: list[Option] = st.multiselect(
        label, options, key=key, placeholder="all", persist_state="session"
    )
    return chosen


def _show_counts(
    run: CorpusRun,
    rows: Sequence[TracerRow],
    kept: Sequence[TracerRow],
    count: int,
    *,
    key: str,
) -> None:
    told = f"{len(kept)} of {len(rows)} entities that went wrong, in {count} sentences."
    if run.failures:
        told += f" Failed sentences: {run.failures}; all their gold entities are among them."
    tables.show_texts([told], key=f"{key}.count", tone="error" if run.failures else "note")
    counts = count_rows(kept)
    outcomes = [one for one in OUTCOMES if any(outcome == one for _, outcome in counts)]
    stages = list(dict.fromkeys(stage for stage, _ in counts))
    table: list[list[tables.Cell]] = [
        [
            stage,
            *(counts.get((stage, outcome)) for outcome in outcomes),
            sum(number for (one, _), number in counts.items() if one == stage),
        ]
        for stage in stages
    ]
    with st.expander("Counted by stage and outcome", expanded=len(stages) < 8, key=f"{key}.counts"):
        tables.show_table(
            ["Stage to blame", *outcomes, "all"],
            table,
            caption="Entities by the stage that lost them and what became of them.",
            key=f"{key}.table",
        )


def _show_row(
    row: TracerRow,
    place: int,
    *,
    key: str,
    open_sentence: Callable[[int, int | None], None],
) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="top"):
        go = partial(open_sentence, row.number, row.entity)
        show_number(row.number, go, key=f"{key}.open.{place}")
        tables.show_texts(
            [f"{row.label} · {row.outcome} · {row.stage}: {row.explanation}"],
            key=f"{key}.row.{place}",
        )
