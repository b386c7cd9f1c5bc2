"""Candidates a tagger finds, and noun chunks or what stands in for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.candidates import CANDIDATES
from core.errors import BackendError, ConfigError
from core.text.words import split_words
from core.types import Problem, WordTags
from tests.builders import problem, spans_of

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def tagged(*rows: list[float]) -> Problem:
    """Build a problem whose target words have these probabilities."""
    words = " ".join("abcdefgh"[: len(rows)])
    tags = WordTags(TAGS, np.array(rows, dtype=np.float32))
    return replace(problem("x", words, ((0, 1, "PER"),), ""), target_tags=tags)


# Sure of the first two words, in doubt about the third, blind for the last two.
NAMES = tagged(
    [0.1, 0.9, 0, 0, 0],
    [0.1, 0, 0.9, 0, 0],
    [0.7, 0.1, 0, 0.2, 0],
    [1, 0, 0, 0, 0],
    [0.95, 0.05, 0, 0, 0],
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [(0, 2)]),
        ({"sub_spans": True}, [(0, 1), (0, 2), (1, 2)]),
        ({"loose": 0.2}, [(0, 2), (0, 3)]),
        ({"loose": 0.01}, [(0, 2), (0, 3), (4, 5)]),
        ({"loose": 0.2, "sub_spans": True}, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]),
        ({"loose": 0.95}, [(0, 2)]),
    ],
    ids=str,
)
def test_ner_proposes_what_the_tagger_finds(
    options: dict[str, Any], expected: list[tuple[int, int]]
) -> None:
    assert spans_of(CANDIDATES.create("ner", options).extract(NAMES)) == expected


def test_ner_keeps_touching_names_apart_but_loose_runs_join_them() -> None:
    one = tagged([0, 1, 0, 0, 0], [0, 0, 0, 1, 0], [1, 0, 0, 0, 0])
    assert spans_of(CANDIDATES.create("ner").extract(one)) == [(0, 1), (1, 2)]
    loose = CANDIDATES.create("ner", {"loose": 0.5}).extract(one)
    assert spans_of(loose) == [(0, 1), (0, 2), (1, 2)]


def test_ner_needs_a_tagger() -> None:
    with pytest.raises(ConfigError, match="'ner' needs a tagger") as raised:
        CANDIDATES.create("ner").extract(replace(NAMES, target_tags=None))
    assert raised.value.code == "missing-stage"
    assert "--tagger" in raised.value.hint


def chunked(text: str, language: str, **options: Any) -> tuple[list[str], set[str]]:
    """Return the texts of the spans and their origins."""
    words = tuple(word.text for word in split_words(text, language))
    one = Problem((), ("x",), words, "en", language)
    found = CANDIDATES.create("chunk", options).extract(one)
    origins = {origin for candidate in found for origin in candidate.origins}
    return [" ".join(words[c.start : c.end]) for c in found], origins


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param("today Ada Lovelace visits Rome .", "en", ["Ada Lovelace", "Rome"], id="runs"),
        pytest.param(
            "she is at Bank of England", "en", ["Bank of England"], id="one function word between"
        ),
        pytest.param("Bank of the West", "en", ["Bank", "West"], id="two are too many"),
        pytest.param("Ada met Bob", "en", ["Ada", "Bob"], id="another word between"),
        pytest.param("die Stadt Rom liegt da", "de", ["Stadt Rom"], id="German nouns"),
        pytest.param("Он живёт в Москве", "ru", ["Он", "Москве"], id="Cyrillic"),
        pytest.param("it rains", "en", [], id="none"),
    ],
)
def test_capitalised_runs_stand_in_for_a_parser(
    text: str, language: str, expected: list[str]
) -> None:
    found, origins = chunked(text, language, sub_spans=False)
    assert found == expected
    assert origins <= {"chunk:capitals"}


def test_parts_of_a_run_begin_and_end_in_a_capital() -> None:
    found, _ = chunked("der Bank von England Rat", "de")
    assert "Bank von" not in found
    assert "von England" not in found
    assert found == [
        *("Bank", "Bank von England", "Bank von England Rat"),
        *("England", "England Rat", "Rat"),
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param(
            "他住在，北京", "zh",
            ["他", "他 住", "他 住 在", "住", "住 在", "在", "北", "北 京", "京"],
            id="characters, no punctuation",
        ),
        pytest.param("زار محمد في القاهرة", "ar", ["زار", "زار محمد", "محمد", "القاهرة"], id="ar"),
        pytest.param("ანა ცხოვრობს", "ka", ["ანა", "ანა ცხოვრობს", "ცხოვრობს"], id="Georgian"),
    ],
)  # fmt: skip
def test_content_words_stand_in_where_there_are_no_capitals(
    text: str, language: str, expected: list[str]
) -> None:
    found, origins = chunked(text, language)
    assert found == expected
    assert origins == {"chunk:content"}


def test_a_foreign_name_does_not_make_a_script_with_capitals() -> None:
    found, origins = chunked("NATO 在北京开会", "zh", max_len=1)
    assert found == ["NATO", "在", "北", "京", "开", "会"]
    assert origins == {"chunk:content"}


@pytest.mark.parametrize("language", ["de", "zh"])
def test_no_span_is_longer_than_asked(language: str) -> None:
    found, _ = chunked("Ada Bea Cea" if language == "de" else "一二三", language, max_len=2)
    assert max(len(span.split()) for span in found) == 2


@pytest.fixture(scope="module")
def parser(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Train a spaCy parser that knows one sentence by heart."""
    import spacy
    from spacy.training import Example

    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("parser", config={"min_action_freq": 1})
    lesson = {
        "words": ["The", "Hague", "likes", "Ada", "Lovelace", "."],
        "heads": [1, 2, 2, 4, 2, 2],
        "deps": ["det", "nsubj", "ROOT", "compound", "dobj", "punct"],
    }
    doc = spacy.tokens.Doc(nlp.vocab, words=lesson["words"])
    examples = [Example.from_dict(doc, lesson)]
    nlp.initialize(lambda: examples)
    for _ in range(30):
        nlp.update(examples, drop=0.0)
    names = [[{"TEXT": name}] for name in ("Hague", "Ada", "Lovelace")]
    nlp.add_pipe("attribute_ruler").add_patterns([{"patterns": names, "attrs": {"POS": "PROPN"}}])
    folder = tmp_path_factory.mktemp("parser")
    nlp.to_disk(folder)
    return folder


def test_a_parsers_noun_chunks_also_come_without_their_article(parser: Path) -> None:
    found, origins = chunked("The Hague likes Ada Lovelace.", "en", pipeline=str(parser))
    assert found == ["The Hague", "Hague", "Ada Lovelace"]
    assert origins == {"chunk:parser"}


def test_chunks_of_an_empty_sentence(parser: Path) -> None:
    assert chunked("", "en", pipeline=str(parser)) == ([], set())


def test_an_installed_pipeline_of_the_language_is_taken(
    parser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import spacy
    import spacy.util

    installed = ["de_news", "en_web", "zh_web"]
    asked: list[str] = []
    load = spacy.load
    monkeypatch.setattr(spacy.util, "get_installed_models", lambda: installed)
    monkeypatch.setattr(spacy, "load", lambda name: asked.append(name) or load(parser))
    assert chunked("The Hague likes Ada Lovelace.", "en-GB")[1] == {"chunk:parser"}
    assert chunked("Ada Lovelace", "fr")[1] == {"chunk:capitals"}
    # our Chinese words are characters: nothing for a parser
    assert chunked("北京", "zh")[1] == {"chunk:content"}
    assert asked == ["en_web"]


def test_a_pipeline_that_cannot_serve_is_told(tmp_path: Path) -> None:
    import spacy

    with pytest.raises(BackendError, match="no_such_pipeline") as raised:
        chunked("Ada", "en", pipeline="no_such_pipeline")
    assert raised.value.code == "model-not-found"
    assert "spacy download no_such_pipeline" in raised.value.hint
    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(BackendError, match="with a parser") as unusable:
        chunked("Ada", "en", pipeline=str(tmp_path))
    assert unusable.value.code == "model-unusable"
