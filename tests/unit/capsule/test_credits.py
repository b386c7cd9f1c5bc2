"""What a capsule says of models, packages and licences."""

from __future__ import annotations

import re

import pytest

from core import __version__
from core.capsule.credits import UNKNOWN, about_run
from core.config import ComponentChoice, RunConfig
from core.encoders.tagger import BUNDLED_TAGGER
from core.methods import method


def credits_of(config: RunConfig) -> dict[str, tuple[str, str]]:
    about = about_run(config, corpus="demo/en-de", licence="CC0 1.0", date="2026-11-25")
    return {one.role: (one.name, one.licence) for one in about.credits}


def test_corpus_and_bundled_encoder_have_their_licences() -> None:
    found = credits_of(method("default"))
    assert found["Corpus"] == ("demo/en-de", "CC0 1.0")
    name, licence = found["Encoder"]
    assert name.startswith("intfloat/multilingual-e5-small")
    assert "layer 6" in name
    assert licence == "MIT"


def test_the_bundled_taggers_licence_is_that_of_its_model_card() -> None:
    licence = credits_of(method("fused"))["Tagger of target sentences"][1]
    assert licence == "CC BY-SA 4.0"
    assert licence in (BUNDLED_TAGGER / "README.md").read_text(encoding="utf-8")


def test_a_translation_model_has_its_licence_and_gold_labels_are_no_model() -> None:
    config = method("default").model_copy(
        update={
            "translator": ComponentChoice(name="seq2seq"),
            "labeller": ComponentChoice(name="gold"),
        }
    )
    found = credits_of(config)
    assert found["Translator"] == ("facebook/nllb-200-distilled-600M", "CC-BY-NC 4.0")
    assert "Labeller" not in found


def test_an_unknown_model_says_so() -> None:
    encoder = ComponentChoice(name="bundled", parameters={"model": "somebody/else", "layer": 8})
    found = credits_of(method("default").model_copy(update={"encoder": encoder}))
    assert found["Encoder"] == ("somebody/else, layer 8", UNKNOWN)


def test_model_transfer_uses_no_encoder_for_alignment() -> None:
    assert "Encoder" not in credits_of(method("model_transfer"))


@pytest.mark.parametrize("name", ["default", "fused", "heuristic"])
def test_versions_are_those_installed(name: str) -> None:
    about = about_run(method(name), corpus="", date="2026-11-25")
    assert about.versions["spanbridge"] == __version__
    assert re.match(r"\d+\.", about.versions["transformers"])
    assert about.signature == method(name).signature()


def test_every_named_method_can_be_credited() -> None:
    from core.methods import named_methods

    for one in named_methods().values():
        assert about_run(one.config, corpus="c", date="d").versions
