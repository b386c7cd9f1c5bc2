"""Examples → padded tensors, on the right, with what belongs to no text told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def padded(rows: Sequence[Sequence[int]], filler: int) -> torch.Tensor:
    """Return rows as one matrix of whole numbers. Shape: (row, longest)."""
    import torch

    longest = max(map(len, rows))
    matrix = torch.full((len(rows), longest), filler, dtype=torch.long)
    for number, row in enumerate(rows):
        matrix[number, : len(row)] = torch.tensor(row, dtype=torch.long)
    return matrix


def frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """Return the special tokens before and behind a single text."""
    empty = list(tokenizer("")["input_ids"])
    half = (len(empty) + 1) // 2
    return empty[:half], empty[half:]
