"""Words in text without spaces: where the segmenters cut, and how the encoder reads them."""

from __future__ import annotations

import pytest

from core.encoders import Encoder
from core.text import segments
from core.text.segments import has_character_words, segment
from core.text.words import split_words
from core.types import Sentence


def _sentence(text: str, language: str) -> Sentence:
    words = split_words(text, language)
    return Sentence(
        tuple(word.text for word in words),
        language,
        text,
        tuple((word.char_start, word.char_end) for word in words),
    )


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("从日内瓦飞到纽约。", "zh", "日内瓦"),
        ("国際連合の本部はニューヨークにある。", "ja", "ニューヨーク"),
    ],
)
def test_names_stay_whole_and_nothing_is_lost(text: str, language: str, expected: str) -> None:
    pytest.importorskip(segments.SEGMENTERS[language])
    cuts = segment(text, language)
    assert cuts is not None
    pieces = [text[start:end] for start, end in cuts]
    assert expected in pieces
    assert "".join(pieces) == text


def test_languages_without_a_segmenter_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert segment("กรุงเทพ", "th") is None
    monkeypatch.setattr(segments, "find_spec", lambda name: None)
    assert segment("纽约", "zh") is None


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        (("纽", "约", "NATO"), "zh", True),
        (("纽约", "的"), "zh", False),
        (("New", "York"), "en", False),
    ],
)
def test_words_of_a_corpus_are_respected(
    words: tuple[str, ...], language: str, expected: bool
) -> None:
    offsets = tuple((i, i + 1) for i in range(len(words)))
    assert has_character_words(Sentence(words, language, "x" * 9, offsets)) is expected


@pytest.mark.encoder
@pytest.mark.parametrize("installed", [True, False])
def test_every_character_gets_a_vector(installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not installed:
        monkeypatch.setattr(segments, "find_spec", lambda name: None)
    sentence = _sentence("联合国总部设在New York市。🎉", "zh")
    (found,) = Encoder(layer=2).encode([sentence])
    assert found.words == len(sentence.words)
    assert sorted(set(found.word_index.tolist())) == list(range(found.words))
    assert list(found.word_index) == sorted(found.word_index)
    assert set(found.members.tolist()) == set(range(len(found.vectors)))
    assert (abs(found.word_vectors()).sum(axis=1) > 0).all()


@pytest.mark.encoder
def test_characters_of_one_word_are_linked_together() -> None:
    from core.aligners.simalign import SimAlign
    from core.types import PairVectors, SentencePair

    pytest.importorskip("jieba")
    source, target = _sentence("Vienna is beautiful.", "en"), _sentence("维也纳很美。", "zh")
    vectors = Encoder().encode([source, target])
    (found,) = SimAlign().align([SentencePair(source, target)], [PairVectors(*vectors)])
    assert {link.target for link in found.links if link.source == 0} == {0, 1, 2}
