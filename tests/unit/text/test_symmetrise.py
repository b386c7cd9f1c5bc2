"""Two directions joined, on matrices worked by hand."""

from __future__ import annotations

import pytest

from core.text.symmetrise import Symmetrisation, symmetrise
from core.types import Link


def links_of(*rows: str, kinds: str) -> list[Link]:
    """Read a matrix of source rows and target columns: f, r, b for both, and . for none."""
    return [
        Link(source, target)
        for source, row in enumerate(rows)
        for target, kind in enumerate(row)
        if kind in kinds
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(["b..", ".b.", "..b"], "0-0 1-1 2-2", id="both agree"),
        pytest.param(["bf.", "...", "..b"], "0-0 0-1 2-2", id="straight neighbour of a free word"),
        pytest.param(["b..", ".f.", "..."], "0-0 1-1", id="diagonal neighbour"),
        pytest.param(["bf", "rb"], "0-0 1-1", id="both words have a link: not grown"),
        pytest.param(["bff", "..."], "0-0 0-1 0-2", id="what was grown grows on"),
        pytest.param(["b...", "...f", "...."], "0-0 1-3", id="final: far from all, both free"),
        pytest.param(["b..f", "....", "r..."], "0-0", id="final-and: one word free is not enough"),
        pytest.param(["b...", "..fr", "...."], "0-0 1-2", id="final takes forward first"),
        pytest.param([".f", "r."], "0-1 1-0", id="nothing agrees: final alone"),
        # 1-2 and 2-1 both border on 1-1; from 1-1 right (1-2) is visited before down-left.
        pytest.param(["...", ".br", ".f."], "1-1 1-2 2-1", id="on both sides of one link"),
        # From 0-2, 1-1 is grown first: then 1-0 finds target 0 free, and 2-0 finds source 2 free.
        pytest.param(["..b", ".f.", "r.."], "0-2 1-1 2-0", id="a chain against the order"),
        # 0-2 adds 0-1 and 1-1; still in that round, 1-1 adds 1-0, and so 0-0 comes too late.
        pytest.param(["rfb", "rr."], "0-1 0-2 1-0 1-1", id="what is grown is visited at once"),
    ],
)
def test_grow_diag_final_and_by_hand(rows: list[str], expected: str) -> None:
    found = symmetrise(
        links_of(*rows, kinds="fb"), links_of(*rows, kinds="rb"), "grow-diag-final-and"
    )
    assert " ".join(f"{link.source}-{link.target}" for link in found) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("intersection", "0-0"),
        ("union", "0-0 0-1 1-2 2-0"),
        ("forward", "0-0 0-1 1-2"),
        ("reverse", "0-0 2-0"),
    ],
)
def test_the_simple_ways(how: Symmetrisation, expected: str) -> None:
    rows = ["bf.", "..f", "r.."]
    forward, reverse = links_of(*rows, kinds="fb"), links_of(*rows, kinds="rb")
    found = symmetrise(reversed(forward), [*reverse, *reverse], how)
    assert " ".join(f"{link.source}-{link.target}" for link in found) == expected
    assert all(link.sure for link in found)
