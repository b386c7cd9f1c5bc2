"""Entities of a sentence side by side."""

from __future__ import annotations

from core.overview.outcomes import CorpusRun, outcome_of
from core.overview.rows import align_rows
from core.types import Decision, Sentence, Span
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took
from tests.unit.overview.builders import run_of

SOURCE = sentence("Ada met Eva in Rome", (0, 1, "PER"), (2, 3, "PER"), (4, 5, "LOC"))
TARGET = sentence("in Rom traf Ada Eva", (1, 2, "LOC"), (3, 4, "PER"), (4, 5, "PER"))


def run(*decisions: Decision, source: Sentence = SOURCE, failed: bool = False) -> CorpusRun:
    projection = project(
        source,
        TARGET,
        *decisions,
        linked="0-3 2-4 4-1",
        failure=FAILURE if failed else None,
    )
    return CorpusRun("run", (outcome_of(projection),))


RIGHT = run(took(0, 3, 4), took(1, 4, 5), took(2, 1, 2))


def test_rows_are_source_entities_and_cells_compare_with_gold() -> None:
    astray = run(took(0, 4, 5), lost(1, "blocked"), took(2, 0, 2))
    rows = align_rows({"a": RIGHT, "b": astray, "c": run(failed=True)}, 1)
    assert [row.entity for row in rows] == [0, 1, 2]
    assert [row.gold[0].start for row in rows] == [3, 4, 1]
    assert [[state for state, _ in row.cells] for row in rows] == [
        ["as gold", "differs", "failed"],
        ["as gold", "missing", "failed"],
        ["as gold", "differs", "failed"],
    ]
    assert rows[0].cells[1][1] == (Span(4, 5, "PER"),)
    assert rows[0].spans == (Span(3, 4, "PER"), Span(4, 5, "PER"))
    assert all(row.disputed for row in rows)


def test_an_entity_that_gold_does_not_have_is_spurious_or_rightly_nothing() -> None:
    source = sentence("Ada met Eva in Rome by Bonn", *[(0, 1, "PER"), (2, 3, "PER")],
                      (4, 5, "LOC"), (6, 7, "LOC"))  # fmt: skip
    right = took(0, 3, 4), took(1, 4, 5), took(2, 1, 2)
    rows = align_rows(
        {
            "a": run(*right, took(3, 0, 1), source=source),
            "b": run(*right, lost(3, "no-link"), source=source),
        },
        1,
    )
    assert [state for state, _ in rows[3].cells] == ["spurious", "empty"]


def test_where_sources_differ_rows_are_places_of_overlapping_spans() -> None:
    other = run(
        took(0, 1, 2), took(1, 3, 5), source=sentence("Rome Ada", (0, 1, "LOC"), (1, 2, "PER"))
    )
    rows = align_rows({"a": RIGHT, "b": other}, 1)
    assert [row.entity for row in rows] == [None, None]
    assert rows[1].gold == (Span(3, 4, "PER"), Span(4, 5, "PER"))
    assert rows[1].cells == [
        ("as gold", (Span(3, 4, "PER"), Span(4, 5, "PER"))),
        ("differs", (Span(3, 5, "PER"),)),
    ]


def test_spans_without_decisions_are_rows_by_place() -> None:
    rows = align_rows({"a": run_of(("0-1PER",), "0-1PER 3-4LOC"), "b": run_of(("0-1PER",), "")}, 1)
    assert [(row.entity, row.spans) for row in rows] == [
        (None, (Span(0, 1, "PER"),)),
        (None, (Span(3, 4, "LOC"),)),
    ]
    assert [state for state, _ in rows[1].cells] == ["spurious", "empty"]


def test_without_gold_a_span_is_neither_right_nor_wrong() -> None:
    rows = align_rows({"a": run_of(("",), "0-1PER", has_gold=False)}, 1)
    assert rows[0].cells == [("given", (Span(0, 1, "PER"),))]
    assert not rows[0].disputed


def test_other_classes_can_be_left_out() -> None:
    assert [row.entity for row in align_rows({"a": RIGHT}, 1, ["LOC"])] == [2]
