"""Laws of every registered candidate extractor."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.candidates import CANDIDATES, CandidateExtractor
from core.types import Problem, WordTags
from tests.builders import alignment, problem


@pytest.fixture(params=CANDIDATES.names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _problems() -> list[Problem]:
    usual = problem("the city of Rome", "die Stadt Rom ist da", ((3, 4, "LOC"),), "0-0 1-1 3-2")
    crossing = problem("A B C", "c b a", ((0, 1, "X"), (1, 3, "Y")), "0-2 1-1 2-0")
    empty = replace(usual, target_words=(), alignment=alignment(""))
    return [
        replace(one, target_tags=_tags(len(one.target_words))) for one in (usual, crossing, empty)
    ]


def _tags(words: int) -> WordTags:
    """Make tags that see an entity in the third word."""
    tag = np.where(np.arange(words) == 2, 1, 0)
    return WordTags(("O", "B-LOC", "I-LOC"), np.eye(3, dtype=np.float32)[tag])


def test_spans_lie_inside_sorted_distinct_and_named(name: str) -> None:
    extractor = CANDIDATES.create(name)
    assert isinstance(extractor, CandidateExtractor)
    for one in _problems():
        found = extractor.extract(replace(one, candidates=()))
        keys = [(candidate.start, candidate.end) for candidate in found]
        assert keys == sorted(set(keys))
        assert all(0 <= start < end <= len(one.target_words) for start, end in keys)
        # An extractor with several ways says which one: `chunk:parser`.
        origins = [origin for candidate in found for origin in candidate.origins]
        assert len(origins) == len(found)
        assert all(origin.partition(":")[0] == name for origin in origins)


def test_something_is_proposed_where_there_are_links(name: str) -> None:
    assert CANDIDATES.create(name).extract(_problems()[0])
