"""The whole way on real sentences, with real translation: floors well below what was measured."""

from __future__ import annotations

import pytest

from core.config import ComponentChoice
from core.datasets import load_corpus
from core.evaluate.markers import count_markers
from core.evaluate.spans import SpanScore, score_projections
from core.evaluate.translation import translation_quality
from core.methods import method
from core.translators import TRANSLATORS
from core.types import Projection, SentencePair
from core.workflow import Workflow
from tests.builders import need

pytestmark = [pytest.mark.real_data, pytest.mark.encoder, pytest.mark.slow]

STAGES = {
    "translator": ComponentChoice(name="apertium"),
    "labeller": ComponentChoice(name="default"),
    "tagger": ComponentChoice(name="default"),
}


@pytest.fixture(scope="module")
def pairs() -> list[SentencePair]:
    need(TRANSLATORS, "apertium")
    return load_corpus("europarl-ner", source="en", target="es")[:120]


@pytest.fixture(scope="module")
def prepared(pairs: list[SentencePair]) -> list[SentencePair]:
    return Workflow.from_config(method("default").model_copy(update=STAGES)).prepare(pairs)


def _run(name: str, prepared: list[SentencePair]) -> list[Projection]:
    workflow = Workflow.from_config(method(name).model_copy(update=STAGES))
    return workflow.route.run(workflow.config, prepared)


def _score(projections: list[Projection]) -> SpanScore:
    report = score_projections(projections)
    assert report.failures == 0
    return report.headline.overall


def test_apertium_gives_english_that_can_be_labelled(
    pairs: list[SentencePair], prepared: list[SentencePair]
) -> None:
    quality = translation_quality(pairs, prepared)
    assert quality is not None
    assert quality.chrf > 40
    assert sum(len(pair.source.spans) for pair in prepared) > 40


def test_back_translation_loses_no_recall_against_the_direct_way(
    prepared: list[SentencePair],
) -> None:
    direct, back = _run("default", prepared), _run("backtranslation", prepared)
    assert _score(back).recall >= _score(direct).recall
    markers = count_markers(back)
    assert markers is not None
    assert markers.entities > 40
    assert markers.lost <= 0.1 * markers.entities


def test_projection_and_tagger_together_beat_the_tagger_alone(
    prepared: list[SentencePair],
) -> None:
    alone = _score(_run("model_transfer", prepared)).f1
    assert _score(_run("ensemble", prepared)).f1 > alone
    assert alone > 0.4
