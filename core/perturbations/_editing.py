"""Replacing runs of words: text, offsets and spans move along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.perturbations import Change, PerturbedSet, Unchanged
from core.text.words import split_words
from core.types import Sentence


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words with the running text that they stand in; offsets are those of that text."""

    words: tuple[str, ...]
    text: str
    char_offsets: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for the words `[start, end)` of a sentence, and why."""

    start: int
    end: int
    new: Fragment
    reason: str


@dataclass(slots=True)
class Plan:
    """What to do with one sentence: edits, and reasons why others were not made."""

    edits: list[Edit] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def fragment_of(sentence: Sentence, start: int, end: int) -> Fragment:
    """Take words out of a sentence with the spacing that they have there."""
    first, last = sentence.char_offsets[start][0], sentence.char_offsets[end - 1][1]
    offsets = sentence.char_offsets[start:end]
    return Fragment(
        sentence.words[start:end],
        sentence.text[first:last],
        tuple((left - first, right - first) for left, right in offsets),
    )


def fragment_from_text(text: str, language: str) -> Fragment:
    """Split running text into words, as a sentence of that language is split."""
    words = split_words(text, language)
    return Fragment(
        tuple(word.text for word in words),
        text,
        tuple((word.char_start, word.char_end) for word in words),
    )


def one_word(word: str) -> Fragment:
    """Return a fragment of one word."""
    return Fragment((word,), word, ((0, len(word)),))


def generator(seed: int, place: int) -> np.random.Generator:
    """Return the source of chance of one sentence, whatever is drawn for the others."""
    return np.random.default_rng((seed, place))


def perturb_each(
    sentences: Sequence[Sentence],
    plan: Callable[[int, Sentence], Plan],
    *,
    notes: Iterable[str] = (),
) -> PerturbedSet:
    """Plan and make the edits of every sentence.

    Args:
        sentences: the test set.
        plan: tells the edits of a sentence, disjoint, each inside an entity or outside all.
        notes: to hand on.
    """
    new_sentences: list[Sentence] = []
    changes: list[Change] = []
    unchanged: list[Unchanged] = []
    for place, sentence in enumerate(sentences):
        planned = plan(place, sentence) if sentence.words else Plan(kept=["it has no words"])
        edits = sorted(
            (one for one in planned.edits if one.new.words != sentence.words[one.start : one.end]),
            key=lambda edit: edit.start,
        )
        new_sentences.append(edited(sentence, edits))
        changes += _changes(place, sentence, edits)
        if not edits:
            reasons = dict.fromkeys(planned.kept or ["nothing in it is of the kind to be changed"])
            unchanged.append(Unchanged(place, "; ".join(reasons)))
    return PerturbedSet(tuple(new_sentences), tuple(changes), tuple(unchanged), tuple(notes))


def edited(sentence: Sentence, edits: Sequence[Edit]) -> Sentence:
    """Return a sentence after edits, which are sorted and disjoint.

    Raises:
        ValueError: an edit overlaps another, crosses the border of an entity, or leaves no word
            (a bug of the perturbation).
    """
    if not edits:
        return sentence
    words: list[str] = []
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    borders = {0: 0}  # of the old sentence → of the new one
    position = length = 0  # characters of the old text that are done, and of the new one
    for start, end, new in _stretches(sentence, edits):
        first = sentence.char_offsets[start][0]
        pieces += [sentence.text[position:first], new.text]
        length += first - position
        words += new.words
        offsets += [(length + left, length + right) for left, right in new.char_offsets]
        position = sentence.char_offsets[end - 1][1]
        length += len(new.text)
        borders[end] = len(words)
    pieces.append(sentence.text[position:])
    if any(span.start not in borders or span.end not in borders for span in sentence.spans):
        msg = f"an edit must not cross the border of an entity, got {edits} in {sentence.spans}"
        raise ValueError(msg)
    return replace(
        sentence,
        words=tuple(words),
        text="".join(pieces),
        char_offsets=tuple(offsets),
        spans=tuple(
            replace(span, start=borders[span.start], end=borders[span.end])
            for span in sentence.spans
        ),
    )


def _stretches(sentence: Sentence, edits: Sequence[Edit]) -> list[tuple[int, int, Fragment]]:
    """Part a sentence into the edited runs and the single words between them."""
    found: list[tuple[int, int, Fragment]] = []
    place = 0
    for edit in edits:
        if not place <= edit.start < edit.end <= len(sentence.words) or not edit.new.words:
            msg = f"edits must be sorted, disjoint, inside the sentence and filled, got {edit}"
            raise ValueError(msg)
        found += _untouched(sentence, place, edit.start)
        found.append((edit.start, edit.end, edit.new))
        place = edit.end
    return [*found, *_untouched(sentence, place, len(sentence.words))]


def _untouched(sentence: Sentence, start: int, end: int) -> list[tuple[int, int, Fragment]]:
    found = []
    for i in range(start, end):
        left, right = sentence.char_offsets[i]
        covered = Fragment((sentence.words[i],), sentence.text[left:right], ((0, right - left),))
        found.append((i, i + 1, covered))
    return found


def _changes(place: int, sentence: Sentence, edits: Sequence[Edit]) -> list[Change]:
    found = []
    shift = 0
    for edit in edits:
        inside = (one.label for one in sentence.spans if one.start <= edit.start < one.end)
        before = sentence.words[edit.start : edit.end]
        found.append(
            Change(
                sentence=place,
                start=edit.start,
                new_start=edit.start + shift,
                before=before,
                after=edit.new.words,
                label=next(inside, ""),
                reason=edit.reason,
            )
        )
        shift += len(edit.new.words) - len(before)
    return found
