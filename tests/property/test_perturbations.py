"""Gold labels are carried through exactly, whatever the text."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.perturbations import PERTURBATIONS
from core.perturbations._context import UnseenContext
from core.perturbations._editing import perturb_each
from core.question_perturbations import QUESTION_PERTURBATIONS, Languages
from core.questions import Answer, Context, Question
from core.types import Sentence, Span
from tests.property.strategies import running_sentences, sentences

NAMES = [name for name in PERTURBATIONS.names() if name not in ("p2", "p3", "script")]
SETTINGS = {"typos": {"share": 1}, "case": {"to": "title"}}
LABELS = {"B-X": "PER", "creative-work": "LOC"}


def with_names(one: Sentence) -> Sentence:
    """Turn classes that nothing looks at into persons and places."""
    spans = tuple(
        Span(span.start, span.end, LABELS.get(span.label, span.label)) for span in one.spans
    )
    return Sentence(one.words, one.language, one.text, one.char_offsets, spans, one.id)


@pytest.mark.parametrize("name", NAMES)
@given(
    st.lists((sentences() | running_sentences()).map(with_names), max_size=4),
    st.lists(sentences().map(with_names), max_size=2),
    st.integers(0, 3),
)
def test_labels_are_carried_exactly(
    name: str, test: list[Sentence], training: list[Sentence], seed: int
) -> None:
    perturbation = PERTURBATIONS.create(name, SETTINGS.get(name))
    found = perturbation.perturb(test, training=training, seed=seed)
    require_carried(test, found.sentences, found.changes)


@given(
    st.lists((sentences() | running_sentences()).map(with_names), max_size=4),
    st.lists(sentences(), max_size=2),
)
def test_unseen_words_carry_labels(test: list[Sentence], training: list[Sentence]) -> None:
    context = UnseenContext(test, training, lambda words: np.ones((len(words), 2), np.float32))
    found = perturb_each(test, lambda _, one: context.plan(one))
    require_carried(test, found.sentences, found.changes)
    assert not any(change.label for change in found.changes)


@pytest.mark.skipif(find_spec("uroman") is None, reason="no uroman")
@given(st.lists(running_sentences(), max_size=2))
def test_transliteration_carries_labels(test: list[Sentence]) -> None:
    found = PERTURBATIONS.create("script").perturb(test, training=(), seed=0)
    require_carried(test, found.sentences, found.changes)


def require_carried(before, after, changes) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        assert [span.label for span in new.spans] == [span.label for span in old.spans]
        own = [change for change in changes if change.sentence == place]
        words = list(new.words)
        spans = list(new.spans)
        for change in reversed(own):
            assert words[change.new_start : change.new_end] == list(change.after)
            words[change.new_start : change.new_end] = change.before
            growth = len(change.before) - len(change.after)
            spans = [
                Span(
                    span.start + growth * (change.new_end <= span.start),
                    span.end + growth * (change.new_end <= span.end),
                    span.label,
                )
                for span in spans
            ]
        assert tuple(words) == old.words
        assert tuple(spans) == old.spans
        for word, (start, end) in zip(new.words, new.char_offsets, strict=True):
            assert new.text[start:end] == word


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    pieces = st.sampled_from(["Alice", "New York", "Lima", "met", "😀", "中", ".", "é", "Rome"])
    text = " ".join(draw(st.lists(pieces, min_size=1, max_size=8)))
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=3))
    answers = []
    for start in starts:
        end = draw(st.integers(start + 1, len(text)))
        answers.append(Answer(text[start:end], start))
    asked = " ".join(draw(st.lists(pieces, max_size=5)))
    return Context(text, (Question("q", asked, tuple(answers)),))


@pytest.mark.parametrize("name", QUESTION_PERTURBATIONS.names())
@given(st.lists(contexts(), max_size=3), st.integers(0, 3), st.booleans())
def test_answers_stand_at_their_offsets(
    name: str, before: list[Context], seed: int, at_start: bool
) -> None:
    settings = {"place": "start"} if name == "distractors" and at_start else SETTINGS.get(name)
    found = QUESTION_PERTURBATIONS.create(name, settings).perturb(
        before, languages=Languages("en", "en"), training=(), seed=seed
    )
    for old, new in zip(before, found.contexts, strict=True):
        for one, other in zip(old.questions, new.questions, strict=True):
            assert len(one.answers) == len(other.answers)
            for answer in other.answers:
                assert new.text[answer.char_start : answer.char_end] == answer.text
                assert answer.text
