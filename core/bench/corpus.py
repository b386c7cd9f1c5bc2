"""A corpus of any length for benchmarks: real sentences, none of them twice the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from core.corpora.jsonl import Jsonl
from core.text.files import write_lines
from core.text.words import sentence_from_words
from core.types import Sentence, SentencePair

_SEED = 13


@dataclass(frozen=True, slots=True)
class WrittenCorpus:
    """A corpus as two files, the way a user has it."""

    source: Path
    target: Path


def many_pairs(pairs: Sequence[SentencePair], size: int) -> Iterator[SentencePair]:
    """Repeat pairs in a random order, each time with one word on either side exchanged.

    The word comes from another sentence of the same language, and is never part of an entity, so
    that length and kind of the text stay and nothing that is kept by content answers.

    Args:
        pairs: what to repeat.
        size: how many to give.
    """
    chosen = random.Random(_SEED)  # noqa: S311 - nothing secret
    words = _words(pairs)

    def endless() -> Iterator[SentencePair]:
        for turn in count():
            for place in chosen.sample(range(len(pairs)), len(pairs)):
                pair = pairs[place]
                yield replace(
                    pair,
                    source=_altered(pair.source, words, chosen),
                    target=_altered(pair.target, words, chosen),
                    id=f"{turn}.{place}",
                )

    return islice(endless(), size)


def _words(pairs: Sequence[SentencePair]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for pair in pairs:
        for side in (pair.source, pair.target):
            found.setdefault(side.language, set()).update(side.words)
    return {language: sorted(words) for language, words in found.items()}


def _altered(sentence: Sentence, words: dict[str, list[str]], chosen: random.Random) -> Sentence:
    inside = {place for span in sentence.spans for place in range(span.start, span.end)}
    free = [place for place in range(len(sentence.words)) if place not in inside]
    if not free:
        return sentence
    changed = list(sentence.words)
    changed[chosen.choice(free)] = chosen.choice(words[sentence.language])
    return sentence_from_words(
        changed, sentence.language, spans=sentence.spans, sentence_id=sentence.id
    )


def write_corpus(folder: Path, pairs: Sequence[SentencePair], size: int) -> WrittenCorpus:
    """Write a corpus of any length, a sentence at a time.

    Args:
        folder: where to.
        pairs: what to repeat, all of two languages.
        size: sentence pairs.
    """
    files = WrittenCorpus(folder / f"source.{size}.jsonl", folder / f"target.{size}.jsonl")
    write_lines(files.source, (_line(one.source, one.id) for one in many_pairs(pairs, size)))
    write_lines(files.target, (_line(one.target, one.id) for one in many_pairs(pairs, size)))
    return files


def _line(sentence: Sentence, name: str) -> str:
    return Jsonl().lines(replace(sentence, id=name))[0]
