"""A run that is killed at any moment and started again ends with the shards of an unbroken one.

Three kills in the normal suite; SPANBRIDGE_KILLS=20 does more of them.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.whole_corpora import shards, write_files, written

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SPANBRIDGE_KILLS", "3"))
SEED = int(os.environ.get("SPANBRIDGE_KILLS_SEED", "0"))
PAIRS, SIZE = 80, 1


def _begin(corpus: Path, out: Path) -> subprocess.Popen[str]:
    words = ["project", "--engine", "local", "--corpus", str(corpus), "--source", "en"]
    words += ["--target", "de", "--method", "heuristic", "--aligner", "precomputed"]
    words += ["--chunk", str(SIZE), "--out", str(out), "--json"]
    command = [sys.executable, "-m", "core", *words]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _end(process: subprocess.Popen[str]) -> None:
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told


def _files(out: Path) -> int:
    """Count what is there: chunks, shards and reports, one after another."""
    return sum(len(list(out.glob(kind))) for kind in (".work/chunks/0*", "part-*", ".work/rep*/0*"))


def _kill_at(process: subprocess.Popen[str], out: Path, files: int, pause: float) -> bool:
    """Kill a run a moment after so many files are there; tell whether it was still running."""
    while process.poll() is None and _files(out) < files:
        time.sleep(0.004)
    time.sleep(pause)
    process.kill()
    process.communicate()
    return process.returncode < 0


@pytest.mark.slow
def test_killed_and_started_again_nothing_is_lost_or_doubled_or_done_twice(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311
    corpus, out = tmp_path / "corpus", tmp_path / "broken"
    write_files(corpus, PAIRS)
    _end(_begin(corpus, tmp_path / "whole"))
    expected = shards(tmp_path / "whole")
    assert len(expected) == PAIRS // SIZE
    most = _files(tmp_path / "whole")
    # One kill in the middle of the cutting, the others anywhere behind what was there before.
    moments = [chance.randrange(PAIRS // SIZE)]
    moments += sorted(chance.randrange(PAIRS // SIZE, most) for _ in range(KILLS - 1))
    done: dict[str, int] = {}
    killed = 0
    for moment in moments:
        process = _begin(corpus, out)
        killed += _kill_at(process, out, moment, chance.uniform(0, 0.01))
        now = written(out)
        assert done.items() <= now.items()
        done = now
        assert {name: expected[name] for name in shards(out)} == shards(out)
    assert killed
    _end(_begin(corpus, out))
    assert done.items() <= written(out).items()
    assert shards(out) == expected
    rows = [row["id"] for path in sorted(out.glob("part-*")) for row in _rows(path)]
    assert rows == [str(place + 1) for place in range(PAIRS)]
    assert not list(out.rglob(".*.part"))


def _rows(path: Path) -> list[dict[str, object]]:
    return [dict(row) for row in parquet.read_table(path, columns=["id"]).to_pylist()]
