"""Names that can be recognised in text without labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.perturbations._names import ListName, Names, Source, collect, labels_in
from core.perturbations._persons import heads
from core.perturbations.b_per import BPer
from core.perturbations.loc import Loc, locations
from core.text.words import split_words
from core.types import Sentence

_PERSONS, _PLACES = labels_in(BPer.labels), labels_in(Loc.labels)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name stands in a text, half-open characters, and its words."""

    start: int
    end: int
    words: tuple[str, ...]


class KnownNames:
    """Given names and places of one language, by their words.

    Args:
        language: of the contexts.
        source: where names are from.
        training: labelled sentences.
        persons: whether to know given names.
        places: whether to know places.
    """

    def __init__(
        self,
        language: str,
        source: Source,
        training: Sequence[Sentence],
        *,
        persons: bool,
        places: bool,
    ) -> None:
        self._pools: dict[ListName, Names] = {}
        if persons:
            self._pools["given_names"] = collect(
                "given_names",
                language,
                source,
                sentences=(),
                training=training,
                find=lambda sentence: heads(sentence, _PERSONS),
            )
        if places:
            self._pools["places"] = collect(
                "places",
                language,
                source,
                sentences=(),
                training=training,
                find=lambda sentence: locations(sentence, _PLACES),
            )
        self._kinds: dict[tuple[str, ...], ListName] = {}
        for kind, pool in self._pools.items():
            for name in (*pool.usual, *pool.fallback):
                # A Chinese family name is also a common character: alone it tells nothing.
                is_sign = len(name.new.text) == 1
                if not is_sign:
                    self._kinds.setdefault(name.new.words, kind)
        self.longest = max(map(len, self._kinds), default=0)

    def knows(self, words: tuple[str, ...]) -> bool:
        """Tell whether words are a name."""
        return words in self._kinds

    def others(self, words: tuple[str, ...]) -> Names:
        """Return the names of the same kind."""
        return self._pools[self._kinds[words]]


def places_of(known: KnownNames, text: str, language: str) -> list[Place]:
    """Find names in a text, the longest where several begin, in order."""
    words = split_words(text, language)
    found: list[Place] = []
    i = 0
    while i < len(words):
        for length in range(min(known.longest, len(words) - i), 0, -1):
            run = words[i : i + length]
            name = tuple(word.text for word in run)
            if known.knows(name):
                found.append(Place(run[0].char_start, run[-1].char_end, name))
                i += length
                break
        else:
            i += 1
    return found
