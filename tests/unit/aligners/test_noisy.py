"""Links dropped at random: exactly as many as asked for, the same ones every time."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from core.aligners import ALIGNERS
from core.aligners.noisy import drop_links
from core.errors import ConfigError
from core.types import Alignment, Link
from tests.builders import pair, random_pair_vectors, sentence

SHARES = (0.0, 0.1, 0.2, 0.3, 0.7, 1.0)


def _links(count: int) -> Alignment:
    return Alignment(tuple(Link(place, place) for place in range(count)))


@pytest.mark.parametrize("share", SHARES)
def test_a_whole_number_of_links_is_dropped_exactly(share: float) -> None:
    for seed in range(50):
        kept = drop_links(_links(40), share, seed=seed).links
        assert len(kept) == 40 - round(40 * share)
        assert list(kept) == sorted(set(kept))


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("count", [0, 1, 3, 7, 13])
def test_elsewhere_it_is_the_number_below_or_above(share: float, count: int) -> None:
    for seed in range(30):
        dropped = count - len(drop_links(_links(count), share, seed=seed).links)
        assert math.floor(share * count) <= dropped <= math.ceil(share * count)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_over_a_corpus_of_short_sentences_the_share_is_met(share: float) -> None:
    sizes = [1 + place % 7 for place in range(4_000)]
    kept = sum(
        len(drop_links(_links(size), share, seed=1, key=str(place).encode()).links)
        for place, size in enumerate(sizes)
    )
    # One throw a sentence has a deviation of at most one half.
    assert abs(1 - kept / sum(sizes) - share) < 4 * 0.5 * math.sqrt(4_000) / sum(sizes)


def test_every_link_is_dropped_equally_often() -> None:
    counts = [0] * 10
    for seed in range(2_000):
        for link in drop_links(_links(10), 0.3, seed=seed).links:
            counts[link.source] += 1
    assert all(abs(count - 1_400) < 5 * math.sqrt(2_000 * 0.21) for count in counts)


def test_a_larger_share_drops_all_that_a_smaller_one_drops() -> None:
    for seed in range(20):
        kept = [set(drop_links(_links(13), share, seed=seed, key=b"x").links) for share in SHARES]
        assert all(more <= less for less, more in pairwise(kept))


def test_what_is_dropped_is_told_and_nothing_is_where_nothing_is_asked() -> None:
    assert drop_links(_links(9), 0.0, seed=3) == _links(9)
    assert drop_links(_links(10), 0.2, seed=3).note == "2 of 10 links dropped at random"


def test_it_drops_the_links_of_another_aligner_by_seed() -> None:
    letters = " ".join("abcdefghij")
    given = " ".join(f"{place}-{place}" for place in range(10))
    pairs = [pair(sentence(letters), sentence(letters, "de"), given)]
    found = [
        ALIGNERS.create("noisy", {"base": "precomputed", "share": "0.3", "seed": seed})
        .align(pairs)[0]
        .links
        for seed in (0, 0, 1)
    ]
    assert [len(links) for links in found] == [7, 7, 7]
    assert found[0] == found[1] != found[2]


def test_no_noise_is_the_other_aligner_with_its_settings() -> None:
    pairs = [pair(sentence("a b c d e f"), sentence("a b c d e f g", "de"))]
    vectors = [random_pair_vectors(6, 7, 1)]
    plain = ALIGNERS.create("simalign", {"matching": "argmax"}).align(pairs, vectors)
    noisy = ALIGNERS.create("noisy", {"settings": "matching=argmax", "share": 0}).align(
        pairs, vectors
    )
    assert noisy[0].links == plain[0].links


def test_settings_that_are_none_are_refused() -> None:
    aligner = ALIGNERS.create("noisy", {"settings": "argmax"})
    with pytest.raises(ConfigError, match="KEY=VALUE"):
        aligner.align([])
