"""Another aligner's links with a share of them taken away at random: how much does noise cost?

What is dropped depends on the seed and on the words of the pair alone. So a pair loses the same
links in whatever batch it comes, and of two shares the larger drops all that the smaller drops.

Departs: no paper; a share of links is dropped exactly, not each link by a throw of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from core.aligners import ALIGNERS
from core.errors import ConfigError
from core.types import Alignment, PairVectors, SentencePair

# 0.7 · 10 is a little less than 7 in floating point, and would drop 6 links.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Noisy:
    """Drops a share of another aligner's links at random, for studies of noise.

    Of n links `share · n` go; where that is no whole number, chance decides whether one more goes,
    so that over a corpus the share is met.
    """

    inputs: ClassVar[tuple[str, ...]] = ("vectors",)
    corpus_level: ClassVar[bool] = False
    requires: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    base: Annotated[
        Literal["simalign", "awesome", "precomputed"],
        Field(description="the aligner whose links are taken"),
    ] = "simalign"
    settings: Annotated[
        str, Field(description="its parameters, such as matching=argmax,distortion=0.1")
    ] = ""
    share: Annotated[float, Field(ge=0, le=1, description="share of the links to drop")] = 0.1
    seed: Annotated[int, Field(ge=0, description="which links are dropped")] = 0

    def align(
        self, pairs: Sequence[SentencePair], vectors: Sequence[PairVectors] | None = None
    ) -> list[Alignment]:
        """Align every pair with the other aligner and drop links.

        Raises:
            ConfigError: the other aligner lacks what it needs, or has no such parameter.
            DataError: it cannot align a pair.
        """
        aligner = ALIGNERS.create(self.base, parse_parameters(self.settings))
        aligned = aligner.align(pairs, vectors)
        return [
            drop_links(one, self.share, seed=self.seed, key=_key(pair))
            for pair, one in zip(pairs, aligned, strict=True)
        ]


def parse_parameters(text: str) -> dict[str, str]:
    """Read `matching=argmax,rounds=3`.

    Raises:
        ConfigError: a part without `=` (code bad-config).
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            raise ConfigError(
                f"the settings of an aligner must be KEY=VALUE,KEY=VALUE, got {part!r}",
                code="bad-config",
            )
        found[name.strip()] = value.strip()
    return found


def drop_links(alignment: Alignment, share: float, *, seed: int, key: bytes = b"") -> Alignment:
    """Take a share of the links away.

    Args:
        alignment: word links; the similarity behind them stays as it is.
        share: of the links, in [0, 1].
        seed: of all choices.
        key: tells pairs apart, so that each loses links at other places.

    Returns:
        The alignment without `floor(share · n + u)` of its n links, with u drawn once from [0, 1);
        its note says so where any went.
    """
    digest = blake2b(key, digest_size=16).digest()
    generator = np.random.default_rng((seed, int.from_bytes(digest, "big")))
    count = len(alignment.links)
    chance = float(generator.random())
    dropped = min(count, math.floor(share * count + chance + _ROUNDING * (share > 0)))
    if not dropped:
        return alignment
    order = generator.permutation(count)
    kept = tuple(alignment.links[place] for place in sorted(order[dropped:]))
    note = f"{dropped} of {count} links dropped at random"
    return replace(alignment, links=kept, note="; ".join(filter(None, [alignment.note, note])))


def _key(pair: SentencePair) -> bytes:
    return repr((pair.source.words, pair.target.words)).encode(errors="surrogatepass")


ALIGNERS.register(Noisy)
