"""The labellers on tiny models and pipelines made here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import BackendError
from core.labellers import LABELLERS
from core.text.words import sentence_from_words
from tests.builders import sentence
from tests.tiny_models import save_recogniser, save_tagger

WORDS = ["ada", "saw", "rome", "in", "may", "old"]
TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tagger")
    save_tagger(folder, WORDS, TAGS)
    return folder


def test_word_probabilities_are_those_of_the_first_subword(folder: Path) -> None:
    import torch
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    one = sentence("adas saw old rome")
    tags = LABELLERS.create("token_classifier", {"model": str(folder)}).label([one])[0].tags
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForTokenClassification.from_pretrained(folder).eval()
    encoded = tokenizer([list(one.words)], is_split_into_words=True, return_tensors="pt")
    with torch.no_grad():
        direct = model(**encoded).logits.softmax(-1)[0].numpy()
    first = [encoded.word_ids().index(word) for word in range(4)]
    order = [TAGS.index(tag) for tag in tags.tags]
    np.testing.assert_allclose(tags.probabilities, direct[first][:, order], atol=1e-5)


def test_long_text_keeps_its_tail(folder: Path) -> None:
    tagger = LABELLERS.create("token_classifier", {"model": str(folder)})
    long = sentence(" ".join(WORDS[i % 6] for i in range(100)))
    tags = tagger.label([long])[0].tags
    assert tags.probabilities.shape == (100, 5)
    np.testing.assert_allclose(tags.probabilities.sum(axis=1), 1, atol=1e-5)
    assert (tags.probabilities[:, 0] < 1).all()  # every word was looked at


def test_batches_change_nothing(folder: Path) -> None:
    sentences = [sentence("ada saw rome"), sentence(""), sentence("in may ada saw old rome")]
    tagger = LABELLERS.create("token_classifier", {"model": str(folder), "batch_subwords": 1})
    alone = [tagger.label([one])[0] for one in sentences]
    together = LABELLERS.create("token_classifier", {"model": str(folder)}).label(sentences)
    assert [one.spans for one in alone] == [one.spans for one in together]
    assert together[1].spans == ()


def test_a_missing_model_is_told_with_a_hint(tmp_path: Path) -> None:
    tagger = LABELLERS.create("token_classifier", {"model": str(tmp_path / "none")})
    with pytest.raises(BackendError) as raised:
        tagger.label([sentence("ada")])
    assert raised.value.code == "model-not-found"
    assert raised.value.hint


def test_a_model_that_does_not_tag_is_refused(tmp_path: Path) -> None:
    save_tagger(tmp_path, WORDS, ["NEGATIVE", "POSITIVE"])
    with pytest.raises(BackendError, match="O among its labels") as raised:
        LABELLERS.create("token_classifier", {"model": str(tmp_path)}).classes()
    assert raised.value.code == "model-unusable"


def test_releasing_frees_the_model(folder: Path) -> None:
    import gc
    import weakref

    from core.encoders.tagger import load_tagger

    tagger = LABELLERS.create("token_classifier", {"model": str(folder)})
    tagger.label([sentence("ada")])
    held = weakref.ref(load_tagger(str(folder), "auto").model.model)
    tagger.release()
    gc.collect()
    assert held() is None


def test_gold_gives_the_sentences_own_spans() -> None:
    one = sentence("ada saw rome", "en", (0, 1, "PER"))
    assert LABELLERS.create("gold").label([one])[0].spans == one.spans


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spacy")
    save_recogniser(folder)
    return folder


def test_spacy_labels_our_words_with_renamed_classes(pipeline: Path) -> None:
    labeller = LABELLERS.create("spacy", {"pipeline": str(pipeline)})
    found = labeller.label([sentence("Ada saw Rome ."), sentence("")])
    spans = [(span.start, span.end, span.label) for span in found[0].spans]
    assert spans == [(0, 1, "PER"), (2, 3, "LOC")]
    assert found[1].spans == ()
    assert labeller.classes() == ("LOC", "PER")
    dropped = LABELLERS.create(
        "spacy", {"pipeline": str(pipeline), "rename": "PERSON=PER,GPE="}
    ).label([sentence("Ada saw Rome .")])
    assert [span.label for span in dropped[0].spans] == ["PER"]


def test_spacy_says_what_is_missing(tmp_path: Path) -> None:
    import spacy

    with pytest.raises(BackendError, match="no_such_pipeline") as raised:
        LABELLERS.create("spacy", {"pipeline": "no_such_pipeline"}).label([sentence("a")])
    assert "spacy download" in raised.value.hint
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(BackendError, match="entity recogniser"):
        LABELLERS.create("spacy", {"pipeline": str(tmp_path)}).label([sentence("a")])


@pytest.mark.encoder
def test_a_chinese_name_is_one_entity_and_not_one_a_character() -> None:
    words = list("他住在上海。")
    (found,) = LABELLERS.create("default").label([sentence_from_words(words, "zh")])
    assert [(span.start, span.end) for span in found.spans] == [(3, 5)]
