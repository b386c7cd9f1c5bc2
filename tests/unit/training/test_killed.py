"""A training that is killed at any moment and resumed ends with the weights of an unbroken one.

Three kills in the normal suite; SPANBRIDGE_KILLS=20 does more of them.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest
import torch

from tests.unit.training.conftest import write_data
from tests.unit.training.killing import begin, wait_until_ready

KILLS = int(os.environ.get("SPANBRIDGE_KILLS", "3"))
SEED = int(os.environ.get("SPANBRIDGE_KILLS_SEED", "0"))
KINDS = {
    "ner": ["--method", "freelb:steps=2", "--epochs", "4", "--batch", "4", "--rank", "4"],
    "qa": ["--method", "r3f", "--full", "--epochs", "6", "--batch", "4"],
}


def _words(task: str, folder: Path, base: Path, out: Path) -> list[str]:
    files = dict(zip(("ner", "qa"), write_data(folder), strict=True))
    words = ["train", task, "--data", files[task], "--dev", files[task], "--out", str(out)]
    words += ["--set", f"base={base}", "--set", "save_every=3", "--seed", "5", "--resume"]
    return words + KINDS[task] + (["--set", "longest=32"] if task == "qa" else [])


def _weights(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.glob("*.safetensors"))}


def _same(left: Path, right: Path) -> None:
    assert _weights(left) == _weights(right)
    assert _weights(left)
    (one,), (other,) = (list((out / "checkpoints").glob("*.pt")) for out in (left, right))
    first, second = (torch.load(path, weights_only=True) for path in (one, other))
    assert first["weights"].keys() == second["weights"].keys()
    for name, value in first["weights"].items():
        assert torch.equal(value, second["weights"][name]), name
    assert first["place"] == second["place"]


@pytest.mark.slow
@pytest.mark.parametrize(("task", "kills"), [("ner", KILLS - KILLS // 3), ("qa", KILLS // 3)])
def test_killed_and_resumed_gives_the_same_weights(
    task: str, kills: int, base: Path, tmp_path: Path
) -> None:
    chance = random.Random(f"{SEED}/{task}")  # noqa: S311
    log = tmp_path / "log"
    wait_until_ready()
    started = time.monotonic()
    whole = begin(_words(task, tmp_path, base, tmp_path / "whole"), log)
    whole.join(120)
    seconds = time.monotonic() - started
    assert whole.exitcode == 0, log.read_text()
    out = tmp_path / "broken"
    killed = 0
    while killed < kills:
        process = begin(_words(task, tmp_path, base, out), log)
        process.join(chance.uniform(0.05, 0.9 * seconds))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL  # else it was over before
        if process.exitcode == 0:  # it came to its end: compare, and begin anew
            _same(tmp_path / "whole", out)
            shutil.rmtree(out)
    last = begin(_words(task, tmp_path, base, out), log)
    last.join(120)
    assert last.exitcode == 0, log.read_text()
    _same(tmp_path / "whole", out)
