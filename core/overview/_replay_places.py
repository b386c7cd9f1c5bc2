"""Where the words of a sentence stand after a perturbation.

A replaced run keeps its border but perhaps not its number of words. Where the number is the same,
its words correspond one by one; where not, only the run as a whole has a counterpart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.perturbations import Change
from core.types import Link, SentencePair

Place = tuple[int, int]
"""Words `[start, end)`."""


@dataclass(frozen=True, slots=True)
class WordMap:
    """Words of a sentence as it was, and of the same sentence after a perturbation.

    A unit is what has a counterpart: a word, or a run that was replaced by another number of words.

    Attributes:
        clean_units: unit of every word as it was.
        perturbed_units: unit of every word that stands there now.
        perturbed_border: border between words as it was → the same border now.
        clean_border: the other way round.
    """

    clean_units: tuple[int, ...]
    perturbed_units: tuple[int, ...]
    perturbed_border: Mapping[int, int]
    clean_border: Mapping[int, int]

    def perturbed_place(self, place: Place) -> Place | None:
        """Return where words stand now; None where a border fell inside a replaced run."""
        return _both(place, self.perturbed_border)

    def clean_place(self, place: Place) -> Place | None:
        """Return where words stood; None where a border fell inside a replaced run."""
        return _both(place, self.clean_border)

    def hull(self, place: Place) -> Place:
        """Return the smallest run of words now that holds all that words became."""
        start = max(one for one in self.perturbed_border if one <= place[0])
        end = min(one for one in self.perturbed_border if one >= place[1])
        return self.perturbed_border[start], self.perturbed_border[end]


def _both(place: Place, border: Mapping[int, int]) -> Place | None:
    start, end = border.get(place[0]), border.get(place[1])
    return None if start is None or end is None else (start, end)


def map_words(words: int, changes: Sequence[Change] = ()) -> WordMap:
    """Follow every word through the changes of a sentence.

    Args:
        words: how many the sentence had.
        changes: of this sentence, in order and disjoint; none leaves every word where it is.
    """
    clean: list[int] = []
    perturbed: list[int] = []
    border = {0: 0}
    unit = 0

    def pass_over(old: int, new: int) -> None:
        """Let runs correspond: word by word where they are equally long, else as a whole."""
        nonlocal unit
        for here, there in [(1, 1)] * old if old == new else [(old, new)]:
            clean.extend([unit] * here)
            perturbed.extend([unit] * there)
            border[len(clean)] = len(perturbed)
            unit += 1

    for change in changes:
        kept = change.start - len(clean)
        pass_over(kept, kept)
        pass_over(len(change.before), len(change.after))
    left = words - len(clean)
    pass_over(left, left)
    return WordMap(
        tuple(clean), tuple(perturbed), border, {new: old for old, new in border.items()}
    )


def moved_links(
    pair: SentencePair, source: WordMap, target: WordMap
) -> dict[str, tuple[Link, ...]]:
    """Return the links a pair came with as they run between the words that stand there now.

    A link of a replaced run leads to each of its new words, so that given links stay what they
    were and whatever differs is the method's doing.
    """
    sources, targets = _words_by_unit(source), _words_by_unit(target)
    return {
        name: tuple(
            sorted(
                {
                    Link(one, two, link.sure)
                    for link in links
                    for one in sources[source.clean_units[link.source]]
                    for two in targets[target.clean_units[link.target]]
                }
            )
        )
        for name, links in pair.links.items()
    }


def _words_by_unit(words: WordMap) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for word, unit in enumerate(words.perturbed_units):
        found.setdefault(unit, []).append(word)
    return found
