"""What evaluations of models that answer found: pairings of languages, and perturbations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.sections import evaluate_matrix
from pages.sections.evaluate_runs import CLEAN, PAGE, chance, show_drops, spread_text
from pages.widgets import tables

Results = Mapping[str, Mapping[str, Any]]
"""Run → what its command found."""
_KEY = f"{PAGE}.qa"
_MEASURES = {"f1": "F1", "exact_match": "Exact match"}


def show_answers(results: Results, titles: Mapping[str, str]) -> None:
    """Show evaluations side by side: means over pairings, a matrix, and one test set.

    Args:
        results: of the evaluations; at least one.
        titles: run → what to call it.
    """
    _show_means(results, titles)
    _show_left_out(results, titles)
    if any(len(one["sets"]) > 1 for one in results.values()):
        _show_matrix(results, titles)
    sets = {name: one for result in results.values() for name, one in result["sets"].items()}
    name = st.selectbox(
        "Test set",
        list(sets),
        format_func=lambda one: _set_title(sets[one]) if one in sets else one,
        key=f"{_KEY}.set",
        persist_state="session",
    )
    rows = {run: one["sets"][name] for run, one in results.items() if name in one["sets"]}
    show_drops(rows, titles, key=f"{_KEY}.drops")
    _show_scores(rows, titles)


def _show_means(results: Results, titles: Mapping[str, str]) -> None:
    cells: list[list[tables.Cell]] = []
    for run, one in results.items():
        row: list[tables.Cell] = [titles[run]]
        for mean in (one["xlt"], one["g_xlt"]):
            row += [mean and mean["f1"], mean and mean["exact_match"], mean and mean["pairings"]]
        cells.append(row)
    tables.show_table(
        [
            "Model",
            *(
                f"{mean} {what}"
                for mean in ("XLT", "G-XLT")
                for what in (*_MEASURES.values(), "pairings")
            ),
        ],
        cells,
        caption="Means over the clean test sets, 0 to 100: XLT over those with questions in the "
        "language of the contexts, G-XLT over all.",
        key=f"{_KEY}.means",
    )


def _show_left_out(results: Results, titles: Mapping[str, str]) -> None:
    told = [
        f"{titles[run]}: left out {name}: {reason}"
        for run, one in results.items()
        for name, reason in one["left_out"].items()
    ]
    tables.show_texts(told, key=f"{_KEY}.left_out", tone="note")


def _show_matrix(results: Results, titles: Mapping[str, str]) -> None:
    tables.show_heading("Languages of contexts and of questions")
    left, middle, right = st.columns([2.4, 1.2, 1.2], vertical_alignment="bottom")
    run = left.selectbox(
        "Model",
        list(results),
        format_func=lambda one: titles.get(one, one),
        key=f"{_KEY}.matrix_of",
        persist_state="session",
    )
    sets = results[run]["sets"]
    under = dict.fromkeys(name for one in sets.values() for name in one["perturbed"])
    perturbation = middle.selectbox(
        "Questions and contexts", [CLEAN, *under], key=f"{_KEY}.under", persist_state="session"
    )
    measure = right.segmented_control(
        "Measure",
        list(_MEASURES),
        format_func=lambda one: _MEASURES[one],
        default="f1",
        required=True,
        key=f"{_KEY}.measure",
        persist_state="session",
    )
    values = {
        (one["context"], one["question"]): value
        for one in sets.values()
        if (value := _value(one, perturbation, measure)) is not None
    }
    evaluate_matrix.show_matrix(
        values,
        title=_MEASURES[measure],
        caption=f"{_MEASURES[measure]}, 0 to 100, {perturbation}, of {titles[run]}: a row for the "
        "language of the contexts, a column for that of the questions.",
        key=f"{_KEY}.matrix",
    )


def _value(one: Mapping[str, Any], perturbation: str, measure: str) -> float | None:
    if perturbation == CLEAN:
        return float(one["clean"][measure])
    found = one["perturbed"].get(perturbation)
    return None if found is None else float(found[measure]["mean"])


def _set_title(one: Mapping[str, Any]) -> str:
    if one["context"] == one["question"]:
        return str(one["context"])
    return f"{one['context']}, asked in {one['question']}"


def _show_scores(rows: Results, titles: Mapping[str, str]) -> None:
    cells: list[list[tables.Cell]] = []
    for run, one in rows.items():
        clean = one["clean"]
        asked = [clean["questions"], clean["missing"]]
        figures = [f"{clean[measure]:.2f}" for measure in _MEASURES]
        cells.append([titles[run], CLEAN, *figures, "", "", *asked])
        for name, found in one["perturbed"].items():
            cells.append([titles[run], name, *_perturbed_cells(found), None, None])
    tables.show_table(
        ["Model", "Test set", *_MEASURES.values(), "Change of F1", "p", "Questions", "No answer"],
        cells,
        caption="F1 and exact match by MLQA's rules, 0 to 100, mean ± standard deviation over the "
        "seeds of the perturbation; p: how probable such a change of F1 is by chance (bootstrap "
        "over questions and seeds).",
        key=f"{_KEY}.scores",
    )


def _perturbed_cells(found: Mapping[str, Any]) -> Sequence[tables.Cell]:
    spreads = [found[measure] for measure in _MEASURES]
    figures = [spread_text(one["mean"], one["sd"]) for one in spreads]
    return [*figures, f"{-found['drop_points']:+.2f}", chance(found["test"]["p_two_sided"])]
