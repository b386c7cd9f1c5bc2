"""Runs of target words linked to an entity, the material of heuristic projection.

Paper: García-Ferrero et al. 2022, arXiv:2210.12623, section 3.
Departs: see the functions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from core.types import Problem, Span

Run = tuple[int, int]
"""Half-open target words."""


def is_punctuation(word: str) -> bool:
    """Tell whether a word has no letter and no digit."""
    return all(unicodedata.category(char)[0] in "PSZC" for char in word)


def linked_targets(problem: Problem, entity: Span) -> list[int]:
    """List the target words linked to any word of an entity, sorted, without punctuation.

    Links to punctuation are noise for names; where an entity itself is punctuation they are kept.
    """
    links = problem.alignment.links if problem.alignment else ()
    linked = {link.target for link in links if entity.start <= link.source < entity.end}
    worded = {target for target in linked if not is_punctuation(problem.target_words[target])}
    return sorted(worded or linked)


def contiguous_runs(words: Sequence[int]) -> list[Run]:
    """Group sorted word indices into maximal runs of neighbours.

    >>> contiguous_runs([2, 3, 7])
    [(2, 4), (7, 8)]
    """
    runs: list[Run] = []
    for word in words:
        if runs and runs[-1][1] == word:
            runs[-1] = (runs[-1][0], word + 1)
        else:
            runs.append((word, word + 1))
    return runs


def merge_runs(
    runs: Sequence[Run], distance: int, *, keep_apart: frozenset[int] = frozenset()
) -> list[Run]:
    """Merge neighbouring runs with a gap of at most `distance` words.

    Args:
        runs: sorted, disjoint.
        distance: longest gap to bridge; 0 merges nothing.
        keep_apart: a run that starts at one of these words is not merged into the one before it.
    """
    merged: list[Run] = []
    for start, end in runs:
        if merged and start - merged[-1][1] <= distance and start not in keep_apart:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def entity_runs(
    problem: Problem, entity: Span, distance: int, *, only_i: bool = False
) -> list[Run]:
    """Return an entity's merged runs, left to right.

    Args:
        problem: with an alignment.
        entity: source entity.
        distance: longest gap of words without a link to the entity.
        only_i: do not merge a run that starts at a word linked to the entity's first word: it is
            probably a second mention.
    """
    links = problem.alignment.links if problem.alignment else ()
    first = {link.target for link in links if link.source == entity.start}
    return merge_runs(
        contiguous_runs(linked_targets(problem, entity)),
        distance,
        keep_apart=frozenset(first) if only_i else frozenset(),
    )
