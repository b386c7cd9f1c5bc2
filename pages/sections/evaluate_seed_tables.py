"""Tables and a chart of methods over their seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.evaluate.kept import clean_name
from core.evaluate.kept_comparison import KeptComparison
from core.evaluate.seeds import Spread
from core.evaluate.significance import Comparison
from pages.sections.evaluate_runs import chance, spread_text
from pages.sections.paging import page_of
from pages.widgets import curves, tables

_PER_PAGE = 60
Changes = Mapping[str, Spread]
"""Method → F1 minus that of the clean set, over seeds."""


def show_scores(found: KeptComparison, *, key: str) -> None:
    """Show every method on every test set, with its difference to the baseline.

    Args:
        found: methods over their seeds.
        key: key of the table.
    """
    cells: list[list[tables.Cell]] = []
    for name, one in found.sets.items():
        against = {pair.second: pair for pair in one.comparisons}
        for method, spread in one.spreads.items():
            row = [name, method, _points(spread), spread.seeds]
            cells.append([*row, *_difference(against.get(method))])
    tables.show_table(
        ["Test set", "Method", "F1", "Seeds", "Difference", "95 % interval", "p", "p (Holm)"],
        page_of(cells, per_page=_PER_PAGE, key=key),
        caption="F1 in percent, mean ± standard deviation over the seeds of the training; the "
        "difference to the method compared with, in points; p from the Multi-Bootstrap over test "
        f"items and seeds; Holm's correction is over all {found.family} comparisons.",
        key=key,
    )


def _points(spread: Spread, *, sign: str = "") -> str:
    sd = None if spread.sd is None else 100 * spread.sd
    return spread_text(100 * spread.mean, sd, sign=sign)


def _difference(pair: Comparison | None) -> Sequence[tables.Cell]:
    if pair is None:
        return ["", "", "", ""]
    low, high = 100 * pair.interval.low, 100 * pair.interval.high
    return [
        f"{100 * pair.difference:+.2f}",
        f"{low:+.2f} to {high:+.2f}".replace(" ", "\N{NO-BREAK SPACE}"),
        chance(pair.p_two_sided),
        chance(pair.p_holm),
    ]


def show_changes(found: KeptComparison, *, key: str) -> None:
    """Show what each perturbation changes, method by method; nothing where there is none.

    Args:
        found: methods over their seeds.
        key: key of the chart; the table's is `{key}.table`.
    """
    by_test: dict[str, dict[str, Changes]] = {}
    for name, changes in found.changes.items():
        clean = clean_name(name, found.sets)
        by_test.setdefault(clean, {})[name.removeprefix(f"{clean}.")] = changes
    if not by_test:
        return
    tables.show_heading("Change of F1 under each perturbation, in points")
    test = next(iter(by_test))
    if len(by_test) > 1:
        test = st.selectbox("Test set", list(by_test), key=f"{key}.set", persist_state="session")
    methods = list(found.sets[test].spreads)
    curves.show_bars(
        {
            method: {name: 100 * one[method].mean for name, one in by_test[test].items()}
            for method in methods
        },
        title="points of F1",
        alt="Bars: the mean change of F1 by perturbation and method. The table below says the "
        "same, with the spread over seeds.",
        key=key,
    )
    _show_changes_table(by_test[test], methods, key=f"{key}.table")


def _show_changes_table(
    perturbed: Mapping[str, Changes], methods: Sequence[str], *, key: str
) -> None:
    cells: list[list[tables.Cell]] = [
        [name, *(_points(changes[method], sign="+") for method in methods)]
        for name, changes in perturbed.items()
    ]
    tables.show_table(
        ["Perturbation", *methods],
        cells,
        caption="Change of F1 in points against the clean test set, mean ± standard deviation "
        "over the seeds of the training.",
        key=key,
    )
