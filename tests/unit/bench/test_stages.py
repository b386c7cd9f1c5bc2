"""Seconds by stage, on a method without a model."""

from __future__ import annotations

import pytest

from core.bench.stages import _of_aligner, bench_stages
from core.config import ComponentChoice
from core.methods import method
from tests.builders import pair, sentence


def test_every_stage_has_its_share() -> None:
    config = method("ilp").model_copy(update={"aligner": ComponentChoice(name="precomputed")})
    source, target = sentence("Anna lives here", "en", (0, 1, "PER")), sentence("Hier lebt Anna")
    data = bench_stages(config, [pair(source, target, "0-2 1-1 2-0")] * 3, repeats=2)
    assert set(data["seconds"]) >= {"encode", "align", "candidates", "scores", "match"}
    assert sum(data["share"].values()) == pytest.approx(1, abs=1e-3)
    assert (data["method"], data["pairs"], data["repeats"]) == ("ilp", 3, 2)
    assert data["scores_and_matching_of_aligner"] > 0


def test_the_ratio_is_to_encoding_and_aligning() -> None:
    run = {"encode": 15.0, "align": 5.0, "candidates": 9.0, "scores": 1.0, "match": 1.0}
    assert _of_aligner([run], ("scores", "match")) == pytest.approx(0.1)
