"""Joining two directions: laws on any links, and the published procedure word for word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.text.symmetrise import symmetrise
from core.types import Link

SIZE = 6
POINTS = st.sets(st.tuples(*[st.integers(0, SIZE - 1)] * 2), max_size=14)
Points = set[tuple[int, int]]


def join(forward: Points, reverse: Points) -> Points:
    found = symmetrise(_links(forward), _links(reverse), "grow-diag-final-and")
    assert list(found) == sorted(set(found))
    return {(link.source, link.target) for link in found}


def _links(points: Points) -> list[Link]:
    return [Link(*point) for point in points]


def published(forward: Points, reverse: Points) -> Points:
    """Follow the pseudo code of Koehn et al. 2005, section 2, over the whole matrix."""
    found, union = forward & reverse, forward | reverse
    grid = [(source, target) for source in range(SIZE) for target in range(SIZE)]
    straight = [(-1, 0), (0, -1), (1, 0), (0, 1)]
    diagonal = [(-1, -1), (-1, 1), (1, -1), (1, 1)]

    def is_free(place: int, word: int) -> bool:
        return all(point[place] != word for point in found)

    before = -1
    while before != len(found):
        before = len(found)
        for point in grid:
            for step in [*straight, *diagonal] if point in found else []:
                near = point[0] + step[0], point[1] + step[1]
                if near in union and (is_free(0, near[0]) or is_free(1, near[1])):
                    found.add(near)
    for direction in (forward, reverse):
        for point in grid:
            if point in direction and is_free(0, point[0]) and is_free(1, point[1]):
                found.add(point)
    return found


@given(POINTS, POINTS)
def test_it_lies_between_intersection_and_union(forward: Points, reverse: Points) -> None:
    found = join(forward, reverse)
    assert forward & reverse <= found <= forward | reverse


@given(POINTS, POINTS)
def test_every_link_of_either_side_has_a_word_that_is_linked(
    forward: Points, reverse: Points
) -> None:
    found = join(forward, reverse)
    sources, targets = {s for s, _ in found}, {t for _, t in found}
    assert all(s in sources or t in targets for s, t in forward | reverse)


@given(POINTS)
def test_what_both_say_is_kept_as_it_is(points: Points) -> None:
    assert join(points, points) == points


@given(POINTS, POINTS)
def test_it_is_the_published_procedure(forward: Points, reverse: Points) -> None:
    assert join(forward, reverse) == published(forward, reverse)
