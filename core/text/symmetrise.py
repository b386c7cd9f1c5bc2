"""Joining two directional word alignments into one.

Paper: Och and Ney 2003 (union, intersection, refined); Koehn, Och and Marcu 2003 and Koehn et al.
2005 (grow-diag-final-and).
Departs: links are visited by source, then target word, so that the result is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from core.types import Link

Symmetrisation = Literal["grow-diag-final-and", "intersection", "union", "forward", "reverse"]
Points: TypeAlias = set[tuple[int, int]]

# Straight neighbours before diagonal ones.
_NEIGHBOURS = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


def symmetrise(
    forward: Iterable[Link], reverse: Iterable[Link], method: Symmetrisation
) -> tuple[Link, ...]:
    """Join the links of both directions; both count source before target.

    >>> symmetrise([Link(0, 0), Link(0, 1)], [Link(0, 0)], "intersection")
    (Link(source=0, target=0, sure=True),)

    Args:
        forward: links of the forward model.
        reverse: links of the reverse model.
        method: `forward` and `reverse` take one side as it is.

    Returns:
        Sure links, sorted and distinct.
    """
    one = {(link.source, link.target) for link in forward}
    two = {(link.source, link.target) for link in reverse}
    if method == "grow-diag-final-and":
        points = _grow_diag(one & two, one | two)
        _final_and(points, one)
        _final_and(points, two)
    else:
        choices = {"intersection": one & two, "union": one | two, "forward": one, "reverse": two}
        points = choices[method]
    return tuple(Link(source, target) for source, target in sorted(points))


def _grow_diag(points: Points, union: Points) -> Points:
    """Add neighbours from the union that reach a word without a link, until none is left."""
    grown = set(points)
    sources, targets = {s for s, _ in grown}, {t for _, t in grown}
    is_growing = True
    while is_growing:
        is_growing = False
        for source, target in sorted(union):
            if (source, target) not in grown:
                continue
            for down, right in _NEIGHBOURS:
                near = source + down, target + right
                if near not in union or near in grown:
                    continue
                if near[0] not in sources or near[1] not in targets:
                    grown.add(near)
                    sources.add(near[0])
                    targets.add(near[1])
                    is_growing = True
    return grown


def _final_and(points: Points, direction: Points) -> None:
    """Add, in place, links of one direction between words that both have none yet."""
    sources, targets = {s for s, _ in points}, {t for _, t in points}
    for source, target in sorted(direction):
        if source not in sources and target not in targets:
            points.add((source, target))
            sources.add(source)
            targets.add(target)
