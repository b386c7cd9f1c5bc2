"""An exact solver for the usual case: each entity takes at most one span.

Three steps, each exact: if the entities' best candidates do not clash they are the optimum; the
rest falls apart into groups of entities that compete for words; a small group is solved by dynamic
programming over word positions with a bit mask of the entities already placed. A group too large
for that is left to the integer programme (the problem is NP-hard in general).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.matching.instance import Instance, Solution, prune
from core.types import EntityByCandidate

# 2^12 masks a position: a few milliseconds. Larger groups go to the integer programme.
MAX_GROUP = 12


def solve_exactly(instance: Instance) -> Solution | None:
    """Solve an `at_most` one instance.

    Returns:
        The optimum, or None if a group of competing entities is too large.
    """
    if instance.sense != "at_most" or (instance.capacity > 1).any():
        return None
    open_rows = instance.capacity > 0
    scores = np.where(open_rows[:, None], instance.scores, 0.0)
    best = _best_if_disjoint(scores, instance.starts, instance.ends)
    if best is not None:
        return Solution(tuple(best), "optimal")
    scores = prune(scores, instance.starts, instance.ends)
    chosen: list[tuple[int, int]] = []
    for group in _competing_groups(scores, instance.starts, instance.ends):
        if len(group) > MAX_GROUP:
            return None
        chosen += _solve_group(scores, group, instance.starts, instance.ends)
    return Solution(tuple(sorted(chosen)), "optimal")


def _best_if_disjoint(
    scores: EntityByCandidate, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[tuple[int, int]] | None:
    """Return every entity's best candidate if no two of them overlap."""
    if not scores.size:
        return []
    best = scores.argmax(axis=1)
    rows = np.flatnonzero(scores[np.arange(len(best)), best] > 0)
    columns = best[rows]
    order = np.argsort(starts[columns])
    if (ends[columns][order][:-1] > starts[columns][order][1:]).any():
        return None
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]


def _competing_groups(
    scores: EntityByCandidate, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[list[int]]:
    """Group entities whose candidates share a word, directly or through others."""
    words = int(ends.max()) if ends.size else 0
    owner = np.full(words, -1)
    parent = list(range(scores.shape[0]))

    def root(entity: int) -> int:
        while parent[entity] != entity:
            parent[entity] = parent[parent[entity]]
            entity = parent[entity]
        return entity

    for entity in range(scores.shape[0]):
        for candidate in np.flatnonzero(scores[entity] > 0):
            for word in range(starts[candidate], ends[candidate]):
                if owner[word] < 0:
                    owner[word] = entity
                parent[root(entity)] = root(int(owner[word]))
    groups: dict[int, list[int]] = {}
    for entity in range(scores.shape[0]):
        if (scores[entity] > 0).any():
            groups.setdefault(root(entity), []).append(entity)
    return list(groups.values())


def _solve_group(
    scores: EntityByCandidate,
    group: list[int],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> list[tuple[int, int]]:
    """Place a group's entities by dynamic programming.

    `value[w, mask]` is the best sum over words before w with the entities of `mask` placed; `taken`
    remembers the pair whose candidate ends at w, or -1 where the state came from w - 1.
    """
    pairs = [(bit, int(t)) for bit, s in enumerate(group) for t in np.flatnonzero(scores[s] > 0)]
    by_end: dict[int, list[int]] = {}
    for index, (_, candidate) in enumerate(pairs):
        by_end.setdefault(int(ends[candidate]), []).append(index)
    last = max(by_end)
    masks = np.arange(1 << len(group))
    value = np.full((last + 1, len(masks)), -np.inf)
    taken = np.full((last + 1, len(masks)), -1)
    value[0, 0] = 0.0
    for word in range(1, last + 1):
        value[word] = value[word - 1]
        for index in by_end.get(word, ()):
            bit, candidate = pairs[index]
            without = masks[(masks >> bit) & 1 == 0]
            reached = value[starts[candidate], without] + scores[group[bit], candidate]
            into = without | (1 << bit)
            better = reached > value[word, into]
            value[word, into[better]] = reached[better]
            taken[word, into[better]] = index
    mask, word = int(value[last].argmax()), last
    chosen = []
    while word > 0:
        index = int(taken[word, mask])
        if index < 0:
            word -= 1
            continue
        bit, candidate = pairs[index]
        chosen.append((group[bit], candidate))
        mask, word = mask ^ (1 << bit), int(starts[candidate])
    return chosen
