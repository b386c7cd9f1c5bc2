"""Putting token sequences of like length together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def batches(sizes: Sequence[int], most: int) -> Iterator[list[int]]:
    """Group places by size, largest first, so that a padded batch holds at most `most` tokens.

    A sequence that is larger than that is a batch of its own.

    >>> list(batches([1, 5, 4], 10))
    [[1, 2], [0]]
    """
    batch: list[int] = []
    for place in sorted(range(len(sizes)), key=lambda place: -sizes[place]):
        if batch and sizes[batch[0]] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def pad(
    rows: Sequence[Sequence[int]], padding: int, device: torch.device
) -> dict[str, torch.Tensor]:
    """Make `input_ids` and `attention_mask`, each of shape (rows, longest row)."""
    import torch

    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), padding)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device)}
