"""Methods over the seeds of their training, on the test sets that their evaluations share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import streamlit as st

from core import jobs
from core.evaluate.kept import KEPT, KeptSet, read_kept
from core.evaluate.kept_comparison import KeptComparison, KeptRun, compare_kept
from core.jobs import Run
from core.training.spec import Kind
from pages.sections import evaluate_seed_tables
from pages.sections.evaluate_methods import Methods, methods_of, test_names, tests_of
from pages.sections.evaluate_runs import PAGE, ended_of, evaluations, task_input, task_of
from pages.widgets import tables

_KEY = f"{PAGE}.over_seeds"
_USUAL_BASELINE = "plain"
_FEW_SEEDS = 3
Named = tuple[str, str, tuple[str, ...]]
"""A method, a seed, and the folders of its evaluations, oldest first."""


def show_seeds() -> None:
    """Ask which methods to compare on which test files, and compare them on a click."""
    found = evaluations()
    newest = next((one for one in found if one.state == "done"), None)
    task = task_input(f"{_KEY}.task", "ner" if newest is None else task_of(newest))
    with st.container():
        ended = ended_of(found, task)
        usable = [one for one in ended.values() if (one.folder / "artefacts" / KEPT).is_dir()]
    with st.container():
        _tell_unusable(len(ended) - len(usable))
        if usable:
            _ask(usable, task)
        else:
            told = "No such evaluation has ended yet. Evaluate models that were trained by several "
            told += "methods, each with several seeds, on the same test files."
            tables.show_texts([told], key=f"{_KEY}.none", tone="note")


def _tell_unusable(count: int) -> None:
    told = f"Of {count} older evaluations nothing was kept: they would have to be made again."
    tables.show_texts([told] if count else [], key=f"{_KEY}.unusable", tone="note")


def _ask(usable: Sequence[Run], task: Kind) -> None:
    by_tests: dict[tuple[str, ...], list[Run]] = {}
    for run in usable:
        by_tests.setdefault(tests_of(run.plan), []).append(run)
    tests = st.selectbox(
        "Test files",
        list(by_tests),
        format_func=test_names,
        key=f"{_KEY}.tests.{task}",
        persist_state="session",
    )
    methods, remarks = methods_of(by_tests.get(tests, []), task)
    chosen, baseline, asked = _methods_input(
        list(methods), f"{task}.{crc32(repr(tests).encode()):08x}"
    )
    tables.show_texts(remarks, key=f"{_KEY}.remarks", tone="note")
    named = _named({one: methods[one] for one in chosen})
    wanted = (named, baseline, task)
    if asked:
        st.session_state[f"{_KEY}.wanted"] = wanted
    with st.container():
        if named and st.session_state.get(f"{_KEY}.wanted") == wanted:
            _show(named, _compared(*wanted))
        else:
            _show_runs(named)


def _methods_input(methods: Sequence[str], place: str) -> tuple[list[str], str, bool]:
    """Ask for the methods, which of them the others are compared with, and whether to begin.

    Args:
        methods: that there are.
        place: last part of the widget keys; other test files have other methods.
    """
    left, middle, right = st.columns([3, 1.4, 1], vertical_alignment="bottom")
    taken = left.multiselect(
        "Methods", methods, default=methods, key=f"{_KEY}.methods.{place}", select_all=False
    )
    chosen = [one for one in methods if one in taken]
    baseline = middle.selectbox(
        "Compare with",
        chosen,
        index=chosen.index(_USUAL_BASELINE) if _USUAL_BASELINE in chosen else 0,
        key=f"{_KEY}.baseline.{place}",
        disabled=not chosen,
    )
    asked = right.button(
        "Compare", type="primary", key=f"{_KEY}.compare", disabled=not chosen, width="stretch"
    )
    return chosen, baseline or "", asked


def _named(methods: Methods) -> tuple[Named, ...]:
    return tuple(
        (method, seed, tuple(str(run.folder) for run in runs))
        for method, seeds in methods.items()
        for seed, runs in sorted(seeds.items())
    )


@st.cache_resource(max_entries=16, show_spinner="Comparing …")
def _compared(named: tuple[Named, ...], baseline: str, task: Kind) -> KeptComparison:
    """Read what was kept, and compare; what an evaluation that has ended kept never changes."""
    found = {folder: jobs.find(Path(folder).name) for _, _, own in named for folder in own}
    labels = _shared_labels(list(found.values())) if task == "ner" else None
    runs = []
    for method, seed, folders in named:
        sets: dict[str, KeptSet] = {}
        for folder in folders:
            kept = found[folder].folder / "artefacts" / KEPT
            sets |= read_kept(kept, questions=task == "qa", labels=labels)
        runs.append(KeptRun(method, seed, sets))
    counted = {"metric": "mlqa" if task == "qa" else "strict"}
    if task == "ner":
        counted["labels"] = "all" if labels is None else ",".join(labels)
    # With one method there is nothing to compare it with.
    several = len({method for method, _, _ in named}) > 1
    return compare_kept(runs, baseline=baseline if several else "", counted=counted)


def _shared_labels(runs: Sequence[Run]) -> tuple[str, ...] | None:
    """Return the classes that all taggers know: gold entities of others would count as missed."""
    known = [(jobs.result_of(run) or {}).get("labels") for run in runs]
    told = [set(one) for one in known if one is not None]
    return tuple(sorted(set.intersection(*told))) if told else None


def _show(named: Sequence[Named], found: KeptComparison) -> None:
    left_out = [f"Left out {name}: {reason}." for name, reason in found.left_out.items()]
    tables.show_texts(left_out, key=f"{_KEY}.left_out", tone="warning")
    seeds = [
        sum(one[0] == method for one in named) for method in dict.fromkeys(n[0] for n in named)
    ]
    if min(seeds) < _FEW_SEEDS:
        told = "With fewer than three seeds a method the spread between seeds is hardly seen: a "
        told += "small p-value says little about the method."
        tables.show_texts([told], key=f"{_KEY}.few", tone="warning")
    evaluate_seed_tables.show_scores(found, key=f"{_KEY}.scores")
    evaluate_seed_tables.show_changes(found, key=f"{_KEY}.changes")
    _show_runs(named)
    tables.show_texts([f"Signature: {found.signature}"], key=f"{_KEY}.signature")


def _show_runs(named: Sequence[Named]) -> None:
    rows: list[list[tables.Cell]] = [
        [method, seed, ", ".join(Path(folder).name for folder in folders)]
        for method, seed, folders in named
    ]
    if rows:
        tables.show_table(
            ["Method", "Seed", "Evaluations"],
            rows,
            caption="What is compared; of several evaluations of one model the newest counts, set "
            "by set.",
            key=f"{_KEY}.runs",
        )
