"""How fast it goes and how long it will take, on a clock that the test moves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.chunks.pace import Pace
from core.chunks.reports import ChunkReport, FailedPair

REPORT = ChunkReport(
    number=0,
    digest="",
    pairs=10,
    entities=4,
    failed=(FailedPair("a", "align", "bad-value", "no"),),
    seconds={"align": 3.0, "write": 1.0},
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("core.chunks.pace.time.perf_counter", lambda: now[0])
    return now


def test_nothing_done_is_no_pace(clock: list[float]) -> None:
    pace = Pace(40, _started=clock[0])
    assert (pace.pairs_per_second, pace.seconds_left, pace.shares()) == (0.0, None, {})
    clock[0] += 5
    assert (pace.pairs_per_second, pace.seconds_left) == (0.0, None)


def test_the_rest_takes_as_long_as_what_this_run_has_done(clock: list[float]) -> None:
    pace = Pace(40, _started=clock[0])
    pace.add(REPORT)
    clock[0] += 5
    assert pace.pairs_per_second == 2.0
    assert pace.seconds_left == 15.0
    pace.add(replace(REPORT, pairs=30))
    assert pace.done == 40
    assert pace.seconds_left == 0.0


def test_what_was_done_before_is_no_speed_of_now(clock: list[float]) -> None:
    pace = Pace(40, _started=clock[0])
    pace.add(REPORT, earlier=True)
    clock[0] += 5
    assert (pace.done, pace.found_done, pace.pairs_per_second) == (10, 10, 0.0)
    assert pace.seconds_left is None
    pace.add(REPORT)
    assert (pace.done, pace.found_done) == (20, 10)
    assert pace.seconds_left == 10.0


def test_totals_add_up_over_all_chunks() -> None:
    pace = Pace(40)
    pace.add(REPORT, earlier=True)
    pace.add(replace(REPORT, entities=1, failed=(), seconds={"align": 1.0, "read": 3.0}))
    assert (pace.entities, pace.failed) == (5, 1)
    assert pace.shares() == {"align": 0.5, "read": 0.375, "write": 0.125}
    assert list(pace.shares()) == ["align", "read", "write"]
