"""Names to put in place of others: from the corpora at hand, and from lists of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from core.perturbations import PerturbedSet
from core.perturbations._editing import Fragment, Plan, fragment_from_text, perturb_each
from core.text.files import read_lines
from core.text.words import base_language
from core.types import Sentence

Source = Literal["both", "corpora", "list"]
"""Where names are from: the sentences at hand, our list for the language, or both."""
ListName = Literal["given_names", "places"]
FALLBACK = "xx"
"""The language under which the lists hold names that are known in many."""
TRAINING = -1
"""Stands for a training sentence where a test sentence has its place."""
_FOLDER = Path(__file__).parents[2] / "assets" / "perturbations"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that can stand for another.

    Attributes:
        new: its words.
        origin: where it is from, for the list of changes.
        places: test sentences that hold it, with `TRAINING` for training and lists.
        label: class that it had there; empty for lists.
    """

    new: Fragment
    origin: str
    places: frozenset[int]
    label: str = ""

    @property
    def key(self) -> str:
        """Return what two spellings of one name share."""
        return name_key(self.new)


Find = Callable[[Sentence], Iterable[tuple[Fragment, str]]]
"""Finds the names of a sentence, each with its class."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of one kind and language, and others for when these do not suffice."""

    usual: tuple[Name, ...]
    fallback: tuple[Name, ...]

    def pick(self, rng: np.random.Generator, fits: Callable[[Name], bool]) -> Name | None:
        """Draw a name that fits; None where there is none."""
        return _pick(self.usual, rng, fits) or _pick(self.fallback, rng, fits)


def name_key(name: Fragment) -> str:
    """Return a name without case and spacing."""
    return "".join(name.text.split()).casefold()


def collect(
    which: ListName,
    language: str,
    source: Source,
    *,
    sentences: Sequence[Sentence],
    training: Sequence[Sentence],
    find: Find,
) -> Names:
    """Gather names of a language.

    Args:
        which: the list of ours.
        language: BCP-47 code.
        source: where to look.
        sentences: test sentences.
        training: training sentences.
        find: finds names in a sentence.
    """
    found: list[Name] = []
    if source != "list":
        found += _from_corpora(sentences, training, language, find)
    if source != "corpora":
        found += listed(which, language)
    fallback = () if source == "corpora" else listed(which, FALLBACK)
    return Names(tuple(found), fallback)


@lru_cache(maxsize=64)
def listed(which: ListName, language: str) -> tuple[Name, ...]:
    """Return our list of names for a language; empty where we have none."""
    base = base_language(language)
    origin = f"our list for {base!r}" if base != FALLBACK else "our list for any language"
    return tuple(
        Name(fragment_from_text(text, base), origin, frozenset({TRAINING}))
        for text in _lists(which).get(base, ())
    )


def notes_about(which: ListName, sentences: Sequence[Sentence], source: Source) -> list[str]:
    """Say for which languages of the sentences there is no list."""
    if source == "corpora":
        return []
    bases = sorted({base_language(sentence.language) for sentence in sentences})
    known = _lists(which)
    return [
        f"no list of {which.replace('_', ' ')} for {base!r}: names are those of the corpora"
        " and, where these do not suffice, names known in many languages"
        for base in bases
        if base not in known
    ]


def rename_each(
    which: ListName,
    source: Source,
    sentences: Sequence[Sentence],
    training: Sequence[Sentence],
    *,
    find: Find,
    plan: Callable[[int, Sentence, Names], Plan],
) -> PerturbedSet:
    """Exchange names in every sentence.

    Args:
        which: the list of ours.
        source: where to look for names.
        sentences: test sentences.
        training: training sentences.
        find: finds names in a sentence.
        plan: says what to change in a sentence, by its place, with names of its language.
    """
    names = {
        language: collect(
            which, language, source, sentences=sentences, training=training, find=find
        )
        for language in {sentence.language for sentence in sentences}
    }
    return perturb_each(
        sentences,
        lambda place, sentence: plan(place, sentence, names[sentence.language]),
        notes=notes_about(which, sentences, source),
    )


def like(old: str, new: Fragment) -> Fragment:
    """Write a name in capitals where the old one was."""
    if len(old) < 2 or not old.isupper() or new.text.upper() == new.text:
        return new
    if any(len(word.upper()) != len(word) for word in new.words):  # ß: offsets would move
        return new
    return Fragment(tuple(word.upper() for word in new.words), new.text.upper(), new.char_offsets)


def labels_in(labels: str) -> frozenset[str]:
    """Read a list of classes separated by commas, without their case."""
    return frozenset(label.strip().casefold() for label in labels.split(",") if label.strip())


def _from_corpora(
    sentences: Sequence[Sentence], training: Sequence[Sentence], language: str, find: Find
) -> list[Name]:
    places: dict[tuple[str, str], set[int]] = {}
    spelt: dict[tuple[str, str], Fragment] = {}
    numbered = [*enumerate(sentences), *((TRAINING, sentence) for sentence in training)]
    for place, sentence in numbered:
        if base_language(sentence.language) != base_language(language):
            continue
        for fragment, label in find(sentence):
            key = (name_key(fragment), label)
            places.setdefault(key, set()).add(place)
            spelt.setdefault(key, fragment)
    return [
        Name(spelt[key], "another sentence", frozenset(places[key]), key[1])
        for key in sorted(places)
    ]


def _pick(
    names: Sequence[Name], rng: np.random.Generator, fits: Callable[[Name], bool]
) -> Name | None:
    if not names:
        return None
    first = int(rng.integers(len(names)))
    turned = (names[(first + step) % len(names)] for step in range(len(names)))
    return next(filter(fits, turned), None)


@lru_cache(maxsize=2)
def _lists(which: ListName) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in read_lines(_FOLDER / f"{which}.tsv"):
        language, tab, name = line.text.partition("\t")
        if tab and not language.startswith("#"):
            found.setdefault(language, []).append(name)
    return {language: tuple(names) for language, names in found.items()}
