"""The failure tracer."""

from __future__ import annotations

from core.overview.outcomes import CorpusRun, outcome_of
from core.overview.tracer import TracerFilter, count_rows, filter_rows, trace_run
from core.types import Projection
from tests.unit.evaluate.builders import FAILURE, lost, project, sentence, took

SOURCE = sentence("Ada met Eva", (0, 1, "PER"), (2, 3, "PER"))
TARGET = sentence("Ada traf Eva", (0, 1, "PER"), (2, 3, "PER"))


def run(*projections: Projection) -> CorpusRun:
    return CorpusRun("run", tuple(map(outcome_of, projections)))


RUN = run(
    project(SOURCE, TARGET, took(0, 0, 1), took(1, 2, 3), linked="0-0 2-2", pair_id="s1"),
    project(SOURCE, TARGET, took(0, 0, 1), lost(1, "no-link"), linked="0-0", pair_id="s2"),
    project(SOURCE, TARGET, failure=FAILURE, pair_id="s3"),
    project(SOURCE, TARGET, took(0, 0, 2), took(1, 2, 3), linked="0-0 0-1 2-2", pair_id="s4"),
)


def test_a_row_for_every_entity_that_went_wrong() -> None:
    rows = trace_run(RUN)
    assert [(row.number, row.id, row.outcome, row.stage) for row in rows] == [
        (2, "s2", "missing", "no-link"),
        (3, "s3", "missing", "failed"),
        (3, "s3", "missing", "failed"),
        (4, "s4", "too-long", "wrong-link"),
    ]
    lost_one, wrong = rows[0], rows[3]
    assert (lost_one.gold, lost_one.projected, lost_one.label) == ("Eva", "", "PER")
    assert (wrong.gold, wrong.projected, wrong.source, wrong.entity) == (
        "Ada",
        "Ada traf",
        "Ada",
        0,
    )
    assert "“Eva”" in lost_one.explanation
    assert lost_one.as_dict()["stage"] == "no-link"


def test_filters_and_counts() -> None:
    rows = trace_run(RUN)
    assert count_rows(rows) == {
        ("failed", "missing"): 2,
        ("no-link", "missing"): 1,
        ("wrong-link", "too-long"): 1,
    }
    for wanted, numbers in (
        (TracerFilter(), [2, 3, 3, 4]),
        (TracerFilter(stages=["failed"]), [3, 3]),
        (TracerFilter(outcomes=["too-long"]), [4]),
        (TracerFilter(labels=["LOC"]), []),
        (TracerFilter(text="TRAF"), [4]),
        (TracerFilter(stages=["failed", "no-link"], text="eva"), [2, 3]),
    ):
        assert [row.number for row in filter_rows(rows, wanted)] == numbers


def test_without_gold_the_projector_says_what_it_left_out() -> None:
    found = run(
        project(SOURCE, TARGET, took(0, 0, 1), lost(1, "blocked"), has_gold=False),
    )
    (row,) = trace_run(found)
    assert (row.outcome, row.stage, row.entity, row.source) == ("missing", "matching", 1, "Eva")
    assert row.gold == ""
    assert "not projected" in row.explanation
