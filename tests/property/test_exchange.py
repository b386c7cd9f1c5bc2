"""Exports of any corpus: no entity lost or shifted, or it is listed. 500 corpora a run in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpora import FORMATS, Format
from core.datasets import DATASETS, load_corpus
from core.exchange import Exported, export_pairs, export_sentences, preview_import, preview_pairs
from core.exchange.parallel import PARALLEL_FORMATS
from core.text.words import sentence_from_words
from core.types import Link, Sentence, SentencePair
from tests.contract.test_formats import kept
from tests.contract.test_parallel_formats import kept_of_pairs
from tests.property.strategies import LANGUAGES, running_sentences, sentences

# Eighteen formats, 28 corpora each.
_EACH = settings(max_examples=28)


@st.composite
def corpora(draw: st.DrawFn) -> list[Sentence]:
    """Corpora of one language, with empty sentences, and with sentences that come twice."""
    language = draw(st.sampled_from(LANGUAGES))
    any_sentence = sentences() | running_sentences()
    found = [replace(one, language=language) for one in draw(st.lists(any_sentence, max_size=5))]
    again = draw(st.lists(st.sampled_from(found), max_size=2)) if found else []
    return [*found, *again]


def promised(found: Sequence[Sentence], form: Format) -> list[tuple[object, ...]]:
    """Return of each sentence what its format promises; without a text, spans of joined words."""
    if "text" not in form.keeps:
        found = [
            sentence_from_words(one.words, "en", spans=one.spans, sentence_id=one.id)
            for one in found
        ]
    return kept(list(found), form)


def spans_are_safe(exported: Exported, corpus: list[Sentence], language: str) -> None:
    """Check that whatever the file does not give back is listed."""
    form = FORMATS.create(exported.form.name, exported.form.parameters)
    left_out = {one.number for one in exported.left_out}
    expected = [one for number, one in enumerate(corpus, start=1) if number not in left_out]
    assert exported.written == len(expected)
    assert all(one.reason for one in exported.left_out)
    seen = preview_import(exported.content, language, name="x", form=str(exported.form.name))
    assert not seen.bad
    assert promised(seen.sentences, form) == promised(expected, form)
    if "spans" in form.keeps:
        assert not exported.changes
    else:
        assert len(exported.changes) >= sum(len(one.spans) for one in expected)


@pytest.mark.parametrize("name", FORMATS.names())
@_EACH
@given(corpus=corpora())
def test_no_entity_is_lost_unseen(name: str, corpus: list[Sentence]) -> None:
    language = corpus[0].language if corpus else "en"
    spans_are_safe(export_sentences(corpus, name), corpus, language)


@pytest.mark.parametrize("name", PARALLEL_FORMATS.names())
@_EACH
@given(sources=st.lists(sentences() | running_sentences(), max_size=4), data=st.data())
def test_no_text_and_no_link_is_lost_unseen(
    name: str, sources: list[Sentence], data: st.DataObject
) -> None:
    pairs = []
    for source in sources:
        target = data.draw(sentences() | running_sentences())
        ends = data.draw(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=5))
        inside = (end for end in ends if end[0] < len(source.words) and end[1] < len(target.words))
        links = tuple(Link(a, b, data.draw(st.booleans())) for a, b in sorted(inside))
        one = replace(source, language="en")
        other = replace(target, language="de")
        pairs.append(SentencePair(one, other, id=source.id, links={"file": links}))
    exported = export_pairs(pairs, name)
    left_out = {one.number for one in exported.left_out}
    expected = [one for number, one in enumerate(pairs, start=1) if number not in left_out]
    seen = preview_pairs(exported.content, "en", "de", form=name)
    form = PARALLEL_FORMATS.create(name)
    assert not seen.bad
    assert kept_of_pairs(seen.pairs, form) == kept_of_pairs(expected, form)
    unlisted = [one for one in exported.changes if "apostrophe" not in one.reason]
    assert not unlisted


@pytest.mark.parametrize("name", FORMATS.names())
def test_the_demo_corpus_goes_through_every_format(name: str) -> None:
    languages = DATASETS.create("demo").languages()
    for language in languages:
        target = "en" if language != "en" else "de"
        corpus = [pair.source for pair in load_corpus("demo", source=language, target=target)]
        exported = export_sentences(corpus, name)
        assert not exported.left_out
        spans_are_safe(exported, corpus, language)


@pytest.mark.parametrize("name", PARALLEL_FORMATS.names())
def test_the_demo_corpus_goes_through_every_parallel_format(name: str) -> None:
    for source, target in (("en", "ar"), ("zh", "yo"), ("ja", "hi")):
        pairs = load_corpus("demo", source=source, target=target)
        exported = export_pairs(pairs, name)
        assert (exported.written, exported.left_out, exported.changes) == (60, [], [])
        seen = preview_pairs(exported.content, source, target)
        form = PARALLEL_FORMATS.create(name)
        assert seen.form.name == name
        assert kept_of_pairs(seen.pairs, form) == kept_of_pairs(pairs, form)
