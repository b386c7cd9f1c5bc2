"""Settings, methods and signatures."""

from __future__ import annotations

import pytest

from core import __version__
from core.config import ComponentChoice, RunConfig, apply_settings, parse_settings
from core.errors import ConfigError
from core.methods import DESCRIPTIONS, METHODS, method
from core.pipeline import Pipeline
from core.published import PUBLISHED
from core.workflow import Workflow


def test_settings_change_what_they_name() -> None:
    config = apply_settings(
        method("default"),
        parse_settings(
            [
                "aligner.matching=argmax",
                "encoder.layer=7",
                "candidates.ngram.max_len=5",
                "scores.emb.weight=0",
                "scores.surface.weight=0.5",
                "scores.surface.threshold=0.7",
                "labels=PER, LOC",
            ]
        ),
    )
    assert config.aligner.parameters == {"matching": "argmax"}
    assert config.encoder.parameters == {"layer": "7"}
    assert [(score.name, score.weight) for score in config.scores] == [
        ("content", 1.0),
        ("surface", 0.5),
    ]
    assert config.scores[1].parameters == {"threshold": "0.7"}
    assert config.labels == ("PER", "LOC")
    pipeline = Pipeline.from_config(config)
    assert pipeline.extractors[0].max_len == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("colour", "must be key=value"),
        ("=3", "must be key=value"),
        ("colour=red", "must be labels, aligner.X"),
        ("candidates.chunk.max_len=3", "candidates are ngram"),
        ("scores.emb.weight=-1", "number of at least 0"),
        ("scores.emb.weight=much", "number of at least 0"),
    ],
)
def test_settings_that_name_nothing_are_refused(setting: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        apply_settings(method("default"), parse_settings([setting]))


def test_an_unknown_method_lists_the_known() -> None:
    with pytest.raises(ConfigError, match="default, ilp, greedy, heuristic"):
        method("magic")


def test_every_method_is_described_and_runs() -> None:
    assert set(DESCRIPTIONS) == set(METHODS)
    published = {config.method for config, _ in PUBLISHED}  # their models are not here
    marker = ComponentChoice(name="precomputed")
    for name, config in METHODS.items():
        if name not in published:
            config = config.model_copy(update={"back_translator": marker})
            assert Workflow.from_config(config).run([]) == []


def test_signatures_name_everything_and_differ_with_it() -> None:
    plain = method("default").signature(corpus="demo/en-de")
    assert plain.startswith(
        "corpus:demo/en-de|method:default|encoder:bundled(layer=6)|aligner:simalign|"
    )
    assert plain.endswith(f"|version:{__version__}")
    changes = ["encoder.layer=7", "aligner.matching=argmax", "projector.n=2", "labels=PER",
               "scores.emb.weight=2", "candidates.ngram.max_len=3"]  # fmt: skip
    signatures = {
        apply_settings(method("default"), parse_settings([change])).signature()
        for change in changes
    }
    assert len(signatures | {plain}) == len(changes) + 1


def test_a_configuration_survives_json() -> None:
    for config in METHODS.values():
        assert RunConfig.model_validate_json(config.model_dump_json()) == config


def test_a_projector_without_scores_is_refused_before_anything_runs() -> None:
    bare = RunConfig(method="bare", projector=ComponentChoice(name="ilp"))
    with pytest.raises(ConfigError, match="needs candidates and scores") as raised:
        Pipeline.from_config(bare)
    assert raised.value.code == "missing-stage"
