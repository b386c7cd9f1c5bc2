"""What is written is read back, and no file at all makes a reader fail in an unforeseen way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.corpora import FORMATS, BadLines, guess_format
from core.corpora.brackets import Brackets
from core.corpora.jsonl import Jsonl
from core.corpora.plain import Plain
from core.corpora.uner import Uner
from core.errors import DataError
from core.text.brackets import parse_brackets, to_brackets
from core.text.char_spans import CharSpan, sentence_from_text
from core.text.locate import locate_words
from core.text.nfc import compose
from core.text.pharaoh import format_links, parse_links, read_links, read_reference_links
from core.text.tags import Scheme, detect_scheme, spans_from_tags, tags_from_spans
from core.text.words import sentence_from_words, split_words
from core.types import Alignment, Link, Sentence, Span
from tests.property.strategies import (
    LANGUAGES,
    file_contents,
    running_sentences,
    sentences,
    spans,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("formats") / "file"


T = TypeVar("T")


def attempt(action: Callable[[], T]) -> T | DataError:
    """Return what an action gives, or the one error it may raise."""
    try:
        return action()
    except DataError as error:
        return error


def without_line(found: list[Sentence]) -> list[Sentence]:
    return [replace(sentence, line=None) for sentence in found]


def one_language(found: list[Sentence]) -> list[Sentence]:
    return [replace(sentence, language="en") for sentence in found]


def entities(sentence: Sentence) -> list[tuple[int, int, str]]:
    places = sentence.char_offsets
    return [(places[s.start][0], places[s.end - 1][1], s.label) for s in sentence.spans]


@pytest.mark.parametrize("scheme", ["iob2", "iob1", "bioes"])
@given(data=st.data())
def test_tags_and_spans_round_trip(scheme: Scheme, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, 9))
    original = data.draw(spans(length))
    tags = tags_from_spans(original, length, scheme=scheme)
    assert spans_from_tags(tags, scheme=scheme, strict=True) == original
    assert spans_from_tags(tags, scheme=detect_scheme([tags])) == original


@given(st.lists(st.sampled_from(["O", *(f"{p}-{x}" for p in "BIESLU" for x in "XY")]), max_size=8))
def test_any_tags_give_disjoint_spans_over_exactly_the_tagged_words(tags: list[str]) -> None:
    found = spans_from_tags(tags, scheme="bioes")
    covered = [word for span in found for word in range(span.start, span.end)]
    assert covered == [word for word, tag in enumerate(tags) if tag != "O"]
    assert all(tags[word].endswith(s.label) for s in found for word in range(s.start, s.end))


@given(st.lists(sentences(), max_size=4))
def test_jsonl_keeps_everything(path: Path, original: list[Sentence]) -> None:
    original = one_language(original)
    Jsonl().write(path, original)
    assert without_line(Jsonl().read(path, "en")) == original


@given(st.lists(running_sentences(), max_size=3))
def test_jsonl_keeps_running_text(path: Path, original: list[Sentence]) -> None:
    original = one_language(original)
    Jsonl().write(path, original)
    assert without_line(Jsonl().read(path, "en")) == original


@pytest.mark.parametrize("scheme", ["auto", "iob2", "iob1", "bioes"])
@given(original=st.lists(sentences(), max_size=4))
def test_conll_keeps_all_but_the_text(path: Path, scheme: str, original: list[Sentence]) -> None:
    original = [replace(s, language="en") for s in original]
    conll = FORMATS.create("conll", {"scheme": scheme})
    conll.write(path, original)
    back = conll.read(path, "en")
    assert [(s.words, s.spans, s.id) for s in back] == [(s.words, s.spans, s.id) for s in original]


@given(st.lists(running_sentences(), max_size=4))
def test_uner_keeps_everything(path: Path, original: list[Sentence]) -> None:
    original = one_language(original)
    Uner().write(path, original)
    assert without_line(Uner().read(path, "en")) == original


@given(st.lists(sentences(), max_size=4))
def test_plain_keeps_words(path: Path, original: list[Sentence]) -> None:
    Plain().write(path, original)
    assert [s.words for s in Plain().read(path, "en")] == [s.words for s in original]


@given(running_sentences())
def test_brackets_keep_text_and_entities(path: Path, original: Sentence) -> None:
    Brackets().write(path, [original])
    (back,) = Brackets().read(path, original.language)
    assert (back.text, back.id) == (original.text, original.id)
    assert entities(back) == entities(original)


@given(st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_any_text_survives_brackets(text: str, language: str) -> None:
    sentence = sentence_from_text(text, language)
    assert parse_brackets(to_brackets(sentence), language) == sentence


@given(st.text(max_size=20), st.sampled_from(LANGUAGES))
def test_words_cover_all_of_a_text_but_its_white_space(text: str, language: str) -> None:
    split = split_words(text, language)
    assert "".join(word.text for word in split) == "".join(text.split())
    assert all(text[word.char_start : word.char_end] == word.text for word in split)
    assert all(word.text.split() == [word.text] for word in split)


@given(running_sentences())
def test_words_are_found_where_they_were_split(sentence: Sentence) -> None:
    assert locate_words(sentence.text, sentence.words) == sentence.char_offsets


@given(running_sentences())
def test_composed_sentences_keep_their_entities(sentence: Sentence) -> None:
    composed = compose(sentence)
    assert composed.spans == sentence.spans
    assert composed == compose(composed)
    for word, (start, end) in zip(composed.words, composed.char_offsets, strict=True):
        assert composed.text[start:end] == word


@given(st.text("ab ,.", max_size=12), st.integers(-2, 14), st.integers(-2, 14))
def test_a_stretch_of_text_becomes_its_words_or_is_refused(text: str, start: int, end: int) -> None:
    stretch = CharSpan(start, end, "X")
    outcome = attempt(lambda: sentence_from_text(text, "en", char_spans=[stretch]))
    if isinstance(outcome, DataError):
        assert outcome.code == "bad-annotation"
    else:
        assert outcome.text_of(outcome.spans[0]) == text[start:end].strip()


@given(st.sets(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=8), st.data())
def test_links_round_trip(ends: set[tuple[int, int]], data: st.DataObject) -> None:
    links = tuple(Link(a, b, data.draw(st.booleans())) for a, b in sorted(ends))
    assert parse_links(format_links(Alignment(links))) == links


@pytest.mark.parametrize("name", FORMATS.names())
@given(content=file_contents(), language=st.sampled_from(LANGUAGES))
def test_no_file_breaks_a_reader(path: Path, name: str, content: bytes, language: str) -> None:
    path.write_bytes(content)
    reader, bad = FORMATS.create(name), BadLines()
    strict = attempt(lambda: reader.read(path, language))
    lenient = attempt(lambda: reader.read(path, language, skip_bad=bad))
    if isinstance(strict, DataError):
        assert strict.path == str(path)
        assert strict.line is None or 1 <= strict.line <= content.count(b"\n") + 1
    else:
        assert lenient == strict
        assert not bad
    if isinstance(lenient, DataError):  # the file as a whole: UTF-16, or no such column
        assert lenient.code in ("not-utf8", "bad-line")
    else:
        positions = [sentence.position for sentence in bad.sentences]
        assert positions == sorted(set(positions))
        assert max(positions, default=-1) < len(lenient) + len(bad)


@given(file_contents())
def test_no_file_breaks_the_guess(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    guess = attempt(lambda: guess_format(path))
    if isinstance(guess, DataError):
        assert guess.code in ("unknown-format", "not-utf8")
    else:
        assert FORMATS.create(guess.name, guess.parameters).extensions


@given(file_contents())
def test_no_file_breaks_a_reader_of_links(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for read in (read_links, partial(read_reference_links, sentences=3)):
        found = attempt(partial(read, path))
        if isinstance(found, DataError):
            assert found.path == str(path)
        else:
            assert all(list(links) == sorted(set(links)) for links in found)


@given(sentences())
def test_what_is_written_is_recognised(path: Path, sentence: Sentence) -> None:
    words = ("start", *sentence.words)
    labelled = sentence_from_words(words, "en", spans=[Span(0, 1, "PER")])
    for name in ("jsonl", "conll", "uner"):
        FORMATS.create(name).write(path, [labelled])
        guess = guess_format(path)
        assert FORMATS.create(guess.name, guess.parameters).read(path, "en")[0].words == words
