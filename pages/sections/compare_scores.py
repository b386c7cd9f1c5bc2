"""How far runs agree over a whole corpus, and whether their scores really differ."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

import streamlit as st

from core.evaluate.significance import Comparison, compare_all
from core.evaluate.spans import score_projections
from core.overview.disagreement import RunByRun, Survey
from core.overview.outcomes import CorpusRun
from pages.widgets import maps, tables

# Below this a difference is called real, as most papers have it.
_LEVEL = 0.05


def show_agreement(found: Survey) -> None:
    """Show how far every two runs agree, and each with gold: as a map and as tables."""
    names = found.matrix_names
    about = f"{len(found.disagreement)} sentences"
    maps.show_shares(
        names,
        found.agreement.tolist(),
        title="F1",
        alt=f"Agreement of {len(names)} runs over {about}. The table below says the same.",
        key="compare.agreement_map",
    )
    told = "; a failed sentence agrees with none" if found.failed.any() else ""
    _matrix(
        names,
        found.agreement,
        caption=f"Agreement: F1 in percent of one run's spans against the other's, {about}{told}.",
        key="compare.agreement",
    )
    _matrix(
        names,
        found.identical,
        caption=f"Sentences with exactly the same spans, in percent of {about}{told}.",
        key="compare.identical",
    )


def _matrix(names: Sequence[str], matrix: RunByRun, *, caption: str, key: str) -> None:
    rows: list[list[tables.Cell]] = [
        [name, *(100 * float(value) for value in row)]
        for name, row in zip(names, matrix, strict=True)
    ]
    tables.show_table(["", *names], rows, caption=caption, key=key)


@st.cache_resource(max_entries=12, show_spinner="Drawing samples …")
def _compare(
    key: Hashable,  # noqa: ARG001 (what the runs are known by)
    _runs: Mapping[str, CorpusRun],
    _found: Survey,
) -> tuple[Comparison, ...]:
    return compare_all({name: run.outcomes for name, run in _runs.items()}, labels=_found.labels)


def show_significance(runs: Mapping[str, CorpusRun], found: Survey, key: Hashable) -> None:
    """Show scores, and whether any two of them differ more than chance has it.

    Args:
        runs: the runs.
        found: the same, compared.
        key: what runs and classes are known by in the cache.
    """
    if not found.has_gold.any():
        tables.show_texts(
            ["There are no gold entities to compare with."], key="compare.no_gold", tone="note"
        )
        return
    _show_scores(runs, found)
    if len(runs) < 2:
        return
    compared = _compare(key, runs, found)
    _show_two(found.names, compared)
    samples = compared[0].bootstrap.resamples
    tables.show_table(
        [
            "First",
            "Second",
            "F1 first",
            "F1 second",
            "Difference",
            "95 % interval",
            "p",
            "p (Holm)",
        ],
        [_comparison_row(one) for one in compared],
        caption=f"All pairs of runs, in percent. Paired bootstrap, {samples} samples of "
        f"{compared[0].sentences} sentences; p (Holm) corrects for {len(compared)} comparisons.",
        key="compare.significance",
    )


def _show_scores(runs: Mapping[str, CorpusRun], found: Survey) -> None:
    rows: list[list[tables.Cell]] = []
    for name, run in runs.items():
        report = score_projections(run.outcomes, found.labels)
        score = report.headline.overall
        figures = (100 * one for one in (score.f1, score.precision, score.recall))
        rows.append([name, *figures, score.support, score.predicted, report.failures])
    tables.show_table(
        ["Run", "F1", "Precision", "Recall", "Gold", "Projected", "Failed sentences"],
        rows,
        caption="Strict scores in percent. Failed sentences miss all their gold entities.",
        key="compare.scores",
    )


def _show_two(names: Sequence[str], compared: Sequence[Comparison]) -> None:
    """Ask for two runs and say in words whether they differ."""
    pairs = list(combinations(names, 2))
    place = st.selectbox(
        "Two runs",
        range(len(pairs)),
        format_func=lambda place: f"{pairs[place][0]} and {pairs[place][1]}",
        key=f"compare.two.{len(pairs)}",
    )
    one = compared[place]
    if not one.difference:
        tables.show_texts(
            [f"“{one.first}” and “{one.second}” have the same F1."],
            key="compare.verdict",
            tone="note",
        )
        return
    better, worse = (one.second, one.first) if one.difference > 0 else (one.first, one.second)
    p_value = one.p_two_sided if one.p_holm is None else one.p_holm
    verdict = (
        "That is more than chance explains"
        if p_value < _LEVEL
        else "Chance may well explain that: other sentences of the kind could turn it round"
    )
    tables.show_texts(
        [
            f"“{better}” is {100 * abs(one.difference):.2f} points of F1 ahead of “{worse}”. "
            f"{verdict} (p = {one.p_two_sided:.4f}, corrected for {len(compared)} comparisons "
            f"{p_value:.4f})."
        ],
        key="compare.verdict",
        tone="note",
    )


def _comparison_row(one: Comparison) -> list[tables.Cell]:
    low, high = 100 * one.interval.low, 100 * one.interval.high
    p_holm = one.p_two_sided if one.p_holm is None else one.p_holm
    return [
        one.first,
        one.second,
        100 * one.first_f1,
        100 * one.second_f1,
        _signed(100 * one.difference),
        f"{_signed(low)} to {_signed(high)}",
        f"{one.p_two_sided:.4f}",
        f"{p_holm:.4f}",
    ]


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")
