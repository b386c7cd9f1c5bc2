"""One typing error in one word."""

from __future__ import annotations

from typing import Literal

import numpy as np

from core.perturbations._keyboards import neighbours
from core.perturbations._units import clusters, is_letter

Kind = Literal["any", "keyboard", "transposition", "deletion"]
"""A neighbouring key, two letters in the wrong order, or a letter left out."""
_KINDS: tuple[Kind, ...] = ("keyboard", "transposition", "deletion")
_REASONS = {
    "keyboard": "typing error: a neighbouring key",
    "transposition": "typing error: two letters in the wrong order",
    "deletion": "typing error: a letter left out",
}


def letters_in(word: str) -> int:
    """Count the letters of a word as a reader sees them."""
    return sum(map(is_letter, clusters(word)))


def misspell(
    word: str, language: str, kind: Kind, rng: np.random.Generator
) -> tuple[str, str] | None:
    """Make one typing error.

    Letters keep the marks on them and move with them; signs, digits and emoji stay in place.

    Args:
        word: any word.
        language: decides the keyboard.
        kind: of the error; `any` takes one that is possible.
        rng: source of chance.

    Returns:
        The word with the error and what it is; None where no error of the kind is possible.
    """
    pieces = clusters(word)
    kinds = [_KINDS[i] for i in rng.permutation(len(_KINDS))] if kind == "any" else [kind]
    for one in kinds:
        possible = _spellings(pieces, language, one)
        if possible:
            return possible[int(rng.integers(len(possible)))], _REASONS[one]
    return None


def _spellings(pieces: list[str], language: str, kind: Kind) -> list[str]:
    """Return every spelling with one error of a kind, other than the right one."""
    letters = [i for i, piece in enumerate(pieces) if is_letter(piece)]
    if kind == "keyboard":
        keys = neighbours(language)
        found = [
            _with(pieces, i, i + 1, new.upper() if pieces[i].isupper() else new)
            for i in letters
            for new in keys.get(pieces[i].lower(), ())
        ]
    elif kind == "transposition":
        found = [
            _with(pieces, i, i + 2, *_swapped(pieces[i], pieces[i + 1]))
            for i in letters
            if i + 1 in letters
        ]
    else:
        found = [_with(pieces, i, i + 1) for i in letters] if len(letters) > 1 else []
    return [one for one in found if one != "".join(pieces)]


def _with(pieces: list[str], start: int, end: int, *new: str) -> str:
    return "".join([*pieces[:start], *new, *pieces[end:]])


def _swapped(first: str, second: str) -> tuple[str, str]:
    """Swap two letters; a capital stays in front, as it does under a typist's fingers."""
    if first.isupper() and second.islower() and len(first) == len(second) == 1:
        return second.upper(), first.lower()
    return second, first
