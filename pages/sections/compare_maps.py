"""Disagreement maps: methods × entities of a sentence, methods × sentences of a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from core.evaluate.gold import keep_labels
from core.explain import entity_letter
from core.linked_text import chart_label
from core.overview.disagreement import Survey
from core.overview.outcomes import CorpusRun
from core.overview.rows import CellState, EntityRow
from core.types import SentencePair
from pages.widgets import maps, tables

# Sentences side by side in the map of a corpus.
_MOST_SENTENCES = 40
SYMBOLS: Mapping[CellState, str] = {
    "as gold": "✓",
    "differs": "≠",
    "missing": "–",
    "spurious": "+",
    "empty": "·",
    "given": "●",
    "failed": "!",
}
_STATES: Mapping[str, maps.State] = {
    "as gold": maps.State("✓", "#9fd4bd", "as in gold"),
    "differs": maps.State("≠", "#f5cf7a", "another span or class than gold"),
    "missing": maps.State("–", "#f0a58a", "missing"),
    "spurious": maps.State("+", "#dcb3d0", "spurious: gold has nothing here"),
    "empty": maps.State("·", "#e6e6e6", "nothing, as in gold"),
    "given": maps.State("●", "#a9cdea", "a span; there is no gold"),
    "failed": maps.State("!", "#b0b0b0", "the sentence failed"),
}
_SENTENCE_STATES: Mapping[str, maps.State] = {
    "right": maps.State("✓", "#9fd4bd", "all as in gold"),
    "wrong": maps.State("✗", "#f0a58a", "differs from gold"),
    "most": maps.State("●", "#a9cdea", "as most runs have it; there is no gold"),
    "other": maps.State("≠", "#f5cf7a", "not as most runs have it; there is no gold"),
    "failed": maps.State("!", "#b0b0b0", "failed"),
}


def legend(states: Mapping[str, maps.State], used: set[str]) -> str:
    """Say what the symbols mean that are in use."""
    return ", ".join(f"{one.symbol} {one.meaning}" for name, one in states.items() if name in used)


def row_name(row: EntityRow, pair: SentencePair, place: int) -> tuple[str, str]:
    """Name a row: its entity's letter, or its number, with the class; and its text."""
    if row.entity is not None:
        span = pair.source.spans[row.entity]
        return f"{entity_letter(row.entity)} {span.label}", pair.source.text_of(span)
    labels = "/".join(dict.fromkeys(span.label for span in row.spans))
    return f"{place} {labels}", pair.target.text_of(row.spans[0])


def show_sentence_map(
    runs: Mapping[str, CorpusRun], rows: Sequence[EntityRow], pair: SentencePair
) -> None:
    """Show which run has which entity as in gold.

    Args:
        runs: the runs.
        rows: from `align_rows`.
        pair: the sentence.
    """
    names = [" ".join(row_name(row, pair, place)) for place, row in enumerate(rows, start=1)]
    cells = [[row.cells[column][0] for row in rows] for column in range(len(runs))]
    used = {str(state) for line in cells for state in line}
    st.caption(f"Methods × entities: {legend(_STATES, used)}.")
    maps.show_states(
        [chart_label(name) for name in runs],
        [chart_label(name) for name in names],
        cells,
        _STATES,
        alt=f"Map of {len(runs)} methods and {len(rows)} entities. The table above says the same.",
        key="compare.sentence_map",
    )


def show_corpus_map(runs: Mapping[str, CorpusRun], found: Survey, places: Sequence[int]) -> None:
    """Show how every run fares on the first sentences of a list, as a map and as a table.

    Args:
        runs: the runs.
        found: the same, compared.
        places: sentences, counted from 0, in the order of the list.
    """
    shown = places[:_MOST_SENTENCES]
    if not shown:
        tables.show_texts(["No sentence fits."], key="compare.map_nothing", tone="note")
        return
    columns = [_sentence_states(runs, found, place) for place in shown]
    used = {state for column in columns for state in column}
    count = f"The first {len(shown)} of {len(places)} sentences of the list"
    st.caption(f"{count}, methods × sentences: {legend(_SENTENCE_STATES, used)}.")
    maps.show_states(
        [chart_label(name) for name in runs],
        [f"#{place + 1}" for place in shown],
        [list(line) for line in zip(*columns, strict=True)],
        _SENTENCE_STATES,
        alt=f"Map of {len(runs)} methods, {len(shown)} sentences. The table below says the same.",
        key="compare.corpus_map",
    )
    rows: list[list[tables.Cell]] = [
        [
            place + 1,
            f"{100 * found.disagreement[place]:.0f} %",
            *(
                f"{_SENTENCE_STATES[state].symbol} {_SENTENCE_STATES[state].meaning}"
                for state in column
            ),
        ]
        for place, column in zip(shown, columns, strict=True)
    ]
    with st.expander("The same as a table", key="compare.expander.map"):
        tables.show_table(
            ["Sentence", "Disputed", *runs], rows, caption=f"{count}.", key="compare.map_table"
        )


def _sentence_states(runs: Mapping[str, CorpusRun], found: Survey, place: int) -> list[str]:
    outcomes = [run.outcomes[place] for run in runs.values()]
    answers = [frozenset(keep_labels(one.spans, found.labels)) for one in outcomes]
    worked = [answer for answer, one in zip(answers, outcomes, strict=True) if one.failure is None]
    most = Counter(worked).most_common(1)[0][0] if worked else None
    states = []
    for column, answer in enumerate(answers):
        if found.failed[place, column]:
            states.append("failed")
        elif found.has_gold[place]:
            states.append("right" if found.right[place, column] else "wrong")
        else:
            states.append("most" if answer == most else "other")
    return states
