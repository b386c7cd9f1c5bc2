"""The whole way: translation by Apertium where it is installed, labels, and two routes."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from core.config import ComponentChoice
from core.errors import BackendError, ConfigError
from core.methods import method
from core.pipeline import Pipeline
from core.stages import models_kept
from core.translators import TRANSLATORS
from core.types import Labelling, Problem, Sentence, SentencePair, WordTags
from core.workflow import Workflow
from tests.builders import SameWords, pair, sentence
from tests.translators import ANY, Lookup, One, TagLookup

needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="no apertium: apt-get install apertium-eng-spa"
)


def _target_only() -> SentencePair:
    target = sentence("Ada Lovelace vive en Londres .", "es", (0, 2, "PER"), (4, 5, "LOC"))
    return SentencePair(Sentence((), "en", "", ()), target, id="a", source_labelled=False)


def test_what_no_stage_makes_is_asked_for() -> None:
    workflow = Workflow.from_config(method("heuristic"))
    with pytest.raises(ConfigError, match="source sentences") as raised:
        workflow.run([_target_only()])
    assert raised.value.hint == "add --translator NAME"
    unlabelled = replace(
        pair(sentence("Ada lives"), sentence("Ada vive", "es")), source_labelled=False
    )
    with pytest.raises(ConfigError, match="entities in the source") as raised:
        workflow.run([unlabelled])
    assert raised.value.hint == "add --labeller NAME"


@pytest.mark.encoder
def test_model_transfer_needs_no_source_and_never_sees_gold() -> None:
    workflow = Workflow.from_config(method("model_transfer"))
    one = _target_only()
    (found,) = workflow.run([one])
    assert {(s.start, s.end, s.label) for s in found.spans} == {(0, 2, "PER"), (4, 5, "LOC")}
    bare = replace(one, target=replace(one.target, spans=()))
    assert workflow.run([bare])[0].spans == found.spans
    assert found.trace.target_tags is not None


@pytest.mark.parametrize("name", ["markers", "heuristic"])
def test_a_labelled_source_alone_is_translated_and_projected(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = sentence("Ada lives in Oslo", "en", (0, 1, "PER"), (3, 4, "LOC"))
    one = SentencePair(source, sentence("", "es"), "a")
    translator = TagLookup(
        {
            "Ada lives in Oslo": "Ada vive en Oslo",
            '<b id="0">Ada</b> lives in <b id="1">Oslo</b>': '<b id="0">Ada</b> vive en '
            '<b id="1">Oslo</b>',
        }
    )
    monkeypatch.setattr("core.workflow.TRANSLATORS", One(translator))
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(translator))
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    config = method(name).model_copy(update={"translator": ANY})
    (found,) = Workflow.from_config(config).run([one])
    assert found.pair.target.text == "Ada vive en Oslo"
    assert not found.pair.has_gold
    assert [(span.start, span.end, span.label) for span in found.spans] == [
        (0, 1, "PER"),
        (3, 4, "LOC"),
    ]


def test_a_target_that_nobody_makes_is_asked_for() -> None:
    one = SentencePair(sentence("Ada", "en", (0, 1, "PER")), sentence("", "es"), "a")
    with pytest.raises(ConfigError, match="target sentences") as raised:
        Workflow.from_config(method("heuristic")).run([one])
    assert raised.value.hint == "add --translator NAME"


def test_what_the_labeller_thinks_of_the_source_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = WordTags(("O", "B-PER", "I-PER"), np.full((4, 3), 1 / 3, dtype=np.float32))

    class Unsure:
        def label(self, sentences: list[Sentence], progress: object) -> list[Labelling]:
            return [Labelling((), tags) for _ in sentences]

        def classes(self) -> tuple[str, ...]:
            return ("PER",)

        def release(self) -> None: ...

    monkeypatch.setattr("core.workflow.LABELLERS", One(Unsure()))
    config = method("heuristic").model_copy(update={"labeller": ANY})
    one = SentencePair(sentence("Ada lives in Oslo"), sentence("x", "es"), source_labelled=False)
    (found,) = Workflow.from_config(config).prepare([one])
    assert found.source_tags is tags


def test_the_classes_are_those_the_labeller_can_find() -> None:
    config = method("heuristic").model_copy(update={"labeller": ComponentChoice(name="default")})
    assert Workflow.from_config(config).config.labels == ("LOC", "ORG", "PER")


@needs_apertium
@pytest.mark.encoder
def test_a_target_sentence_alone_is_enough() -> None:
    stages = {
        "translator": ComponentChoice(name="apertium"),
        "labeller": ComponentChoice(name="default"),
    }
    (found,) = Workflow.from_config(method("default").model_copy(update=stages)).run(
        [_target_only()]
    )
    assert "Lovelace" in found.pair.source.text
    assert {(s.start, s.end, s.label) for s in found.spans} == {(0, 2, "PER"), (4, 5, "LOC")}


@needs_apertium
def test_apertium_keeps_order_empty_texts_and_special_signs() -> None:
    apertium = TRANSLATORS.create("apertium")
    texts = ["The house is big.", "", "Tom & blorptown < 3", "a * b"]
    found = apertium.translate(texts, source="en", target="es")
    assert found[0] == "La casa es grande."
    assert found[1] == ""
    assert "&" in found[2]
    assert "<" in found[2]
    assert "*" not in found[2]
    assert "*" in found[3]
    assert (
        "*blorptown"
        in TRANSLATORS.create("apertium", {"keep_marks": True}).translate(
            texts, source="en", target="es"
        )[2]
    )


@needs_apertium
def test_apertium_says_which_pairs_there_are() -> None:
    with pytest.raises(ConfigError, match="installed are") as raised:
        TRANSLATORS.create("apertium").translate(["a"], source="en", target="sw")
    assert raised.value.code == "unknown-language"


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackendError) as raised:
        TRANSLATORS.create("apertium").translate(["a"], source="en", target="es")
    assert raised.value.code == "missing-package"


def test_models_of_finished_stages_are_freed_unless_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    translator = Lookup({"Ada vive": "Ada lives"})
    monkeypatch.setattr("core.workflow.TRANSLATORS", One(translator))
    config = method("heuristic").model_copy(
        update={"translator": ANY, "labeller": ComponentChoice(name="gold")}
    )
    workflow = Workflow.from_config(config)
    one = SentencePair(Sentence((), "en", "", ()), sentence("Ada vive", "es"), "a")
    workflow.prepare([one])
    assert translator.asked == ["Ada vive", "released"]
    with models_kept():
        workflow.prepare([one])
    assert translator.asked == ["Ada vive", "released", "Ada vive"]


def test_a_scores_own_model_comes_when_the_encoder_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[str] = []

    class Own:
        inputs = ()

        def compute(self, problem: Problem, vectors: object = None) -> np.ndarray:
            seen.append("score")
            return np.ones((len(problem.entities), len(problem.candidates)))

        def release(self) -> None:
            seen.append("score freed")

    class Tagger:
        def label(self, sentences: list[Sentence], progress: object) -> list[Labelling]:
            seen.append("tag")
            return [Labelling(()) for _ in sentences]

        def release(self) -> None:
            seen.append("tagger freed")

    pipeline = Pipeline.from_config(
        method("ilp").model_copy(update={"aligner": ComponentChoice(name="precomputed")})
    )
    pipeline = replace(pipeline, scores=(("own", 1.0, Own()),), tagger=Tagger())
    one = pair(sentence("Ada", "en", (0, 1, "PER")), sentence("Ada", "es"), "0-0")
    pipeline.run([one])
    assert seen == ["tag", "tagger freed", "score", "score freed"]
