"""What evaluations found: scores, what a perturbation costs, and whether that is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import jobs
from core.jobs import Run
from core.training.spec import Kind
from pages.sections import evaluate_questions
from pages.sections.evaluate_runs import (
    CLEAN,
    PAGE,
    chance,
    ended_of,
    evaluations,
    percent,
    show_drops,
    spread_text,
    task_input,
    task_of,
    title_of,
)
from pages.widgets import tables

_MOST = 12


def show_results() -> None:
    """Ask for evaluations of one task and show them side by side."""
    found = evaluations()
    newest = next((one for one in found if one.state == "done"), None)
    task = task_input(f"{PAGE}.results_task", "ner" if newest is None else task_of(newest))
    with st.container():
        ended = ended_of(found, task)
        shown = _results_input(ended, task)
    with st.container():
        if not shown:
            tables.show_texts(
                ["No such evaluation has ended yet: ask for one in the tab New evaluation."],
                key=f"{PAGE}.none",
                tone="note",
            )
            return
        titles = {run: title_of(ended[run]) for run in shown}
        if task == "qa":
            evaluate_questions.show_answers(shown, titles)
        else:
            _show_entities_found(shown, titles)


def _results_input(ended: Mapping[str, Run], task: Kind) -> dict[str, dict[str, Any]]:
    """Ask which evaluations to show; return what each of them found."""
    chosen = st.multiselect(
        "Evaluations",
        list(ended),
        default=list(ended)[:_MOST],
        format_func=lambda one: title_of(ended[one]) if one in ended else one,
        max_selections=_MOST,
        key=f"{PAGE}.chosen.{task}",
    )
    results = {name: jobs.result_of(ended[name]) for name in chosen if name in ended}
    return {name: one for name, one in results.items() if one is not None}


def _show_entities_found(shown: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]) -> None:
    sets = list(dict.fromkeys(name for one in shown.values() for name in one["sets"]))
    name = st.selectbox("Test set", sets, key=f"{PAGE}.set", persist_state="session")
    rows = {run: one["sets"][name] for run, one in shown.items() if name in one["sets"]}
    show_drops(rows, titles, key=f"{PAGE}.drops")
    _show_scores(rows, titles)
    notes = dict.fromkeys(
        f"{perturbation}: {note}"
        for one in rows.values()
        for perturbation, found in one["perturbed"].items()
        for score in found["by_seed"].values()
        for note in score["notes"]
    )
    tables.show_texts(list(notes), key=f"{PAGE}.notes", tone="note")
    _show_classes(rows, titles)
    _show_entities(rows, titles)


def _show_scores(rows: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]) -> None:
    cells: list[list[tables.Cell]] = []
    for run, one in rows.items():
        overall = one["clean"]["overall"]
        cells.append([titles[run], CLEAN, percent(overall["f1"]), "", "", ""])
        for name, found in one["perturbed"].items():
            spread, test = found["f1"], found["test"]
            sd = None if spread["sd"] is None else 100 * spread["sd"]
            changed = sum(score["changes"] for score in found["by_seed"].values())
            cells.append(
                [
                    titles[run],
                    name,
                    spread_text(100 * spread["mean"], sd),
                    f"{-found['drop_points']:+.2f}",
                    chance(test["p_two_sided"]),
                    f"{changed}",
                ]
            )
    tables.show_table(
        ["Model", "Test set", "F1", "Change", "p", "Words or names changed"],
        cells,
        caption="Strict F1 in percent; p: how probable such a change is by chance (bootstrap over "
        "sentences and seeds).",
        key=f"{PAGE}.scores",
    )


def _show_classes(rows: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]) -> None:
    names = list(dict.fromkeys(name for one in rows.values() for name in one["clean"]["per_label"]))
    cells: list[list[tables.Cell]] = [
        [titles[run], *(_of(one["clean"]["per_label"].get(name)) for name in names)]
        for run, one in rows.items()
    ]
    tables.show_table(
        ["Model", *names], cells, caption="F1 of each class, clean.", key=f"{PAGE}.classes"
    )


def _of(score: Mapping[str, Any] | None) -> str:
    return "" if score is None else f"{percent(score['f1'])} ({score['support']})"


def _show_entities(rows: Mapping[str, Mapping[str, Any]], titles: Mapping[str, str]) -> None:
    cells: list[list[tables.Cell]] = []
    for run, one in rows.items():
        overlap, calibration = one["clean"]["overlap"], one["clean"]["calibration"]
        if overlap is None and calibration is None:
            continue
        seen: Sequence[tables.Cell] = ("", "", "")
        if overlap is not None:
            seen = (
                f"{100 * overlap['share']:.1f} % of {overlap['mentions']}",
                percent(overlap["seen_score"]["f1"]),
                percent(overlap["unseen_score"]["f1"]),
            )
        errors: Sequence[tables.Cell] = ("", "")
        if calibration is not None:
            errors = (
                f"{calibration['words']['error']:.4f}",
                f"{calibration['entities']['error']:.4f}",
            )
        cells.append([titles[run], *seen, *errors])
    if cells:
        tables.show_table(
            [
                "Model",
                "Seen in training",
                "F1 on seen",
                "F1 on unseen",
                "ECE words",
                "ECE entities",
            ],
            cells,
            caption="Entities that were seen in training, and calibration (expected calibration "
            "error; 0 is perfect).",
            key=f"{PAGE}.entities",
        )
