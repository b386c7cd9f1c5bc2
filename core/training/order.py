"""The order of training data: told by seed and epoch alone, so that a resumed run sees the same.

Batches hold examples of like length, for little padding, and come in random order.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

# Lengths this close share a batch, so that it is still drawn at random.
_LIKE_LENGTH = 4


class Sized(Protocol):
    """An example as the model reads it."""

    @property
    def ids(self) -> Sequence[int]:
        """Its subwords."""
        ...


E = TypeVar("E", bound=Sized)


@dataclass(frozen=True, slots=True)
class Part(Generic[E]):
    """Examples of one origin.

    Attributes:
        examples: all of them.
        weight: how often each is seen in an epoch; of 1.5 a random half is seen twice.
        cut: how many of them were too long and lost their tail.
    """

    examples: Sequence[E]
    weight: float = 1.0
    cut: int = 0

    @property
    def size(self) -> int:
        """Return how many of them an epoch has."""
        whole = int(self.weight)
        return whole * len(self.examples) + self.rest

    @property
    def rest(self) -> int:
        """Return how many are drawn beside the whole rounds."""
        return round((self.weight - int(self.weight)) * len(self.examples))


@dataclass(slots=True)
class Order(Generic[E]):
    """Batches by their number, counted over all epochs.

    Attributes:
        parts: what is mixed.
        batch: examples a batch; the last of an epoch may have fewer.
        seed: of the order.
    """

    parts: Sequence[Part[E]]
    batch: int
    seed: int
    _epoch: int = -1
    _batches: list[list[E]] = field(default_factory=list)

    @property
    def per_epoch(self) -> int:
        """Return how many batches an epoch has, the same in all of them."""
        return -(-sum(part.size for part in self.parts) // self.batch)

    def at(self, number: int) -> list[E]:
        """Return a batch by its 0-based number."""
        epoch, place = divmod(number, self.per_epoch)
        if epoch != self._epoch:
            self._batches = self._of_epoch(epoch)
            self._epoch = epoch
        return self._batches[place]

    def _of_epoch(self, epoch: int) -> list[list[E]]:
        # A text as seed is hashed the same way in every process.
        chance = random.Random(f"{self.seed}/{epoch}")  # noqa: S311 - not for secrets
        chosen: list[E] = []
        for part in self.parts:
            chosen += list(part.examples) * int(part.weight)
            chosen += chance.sample(list(part.examples), part.rest)
        chosen.sort(key=lambda example: (len(example.ids) // _LIKE_LENGTH, chance.random()))
        starts = list(range(0, len(chosen), self.batch))
        chance.shuffle(starts)
        return [chosen[start : start + self.batch] for start in starts]
