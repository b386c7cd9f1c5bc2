"""The processes that train together: one alone, or as many as `accelerate launch` has started.

`accelerate` says which device is whose and carries values between the processes. Its `prepare`,
which `transformers.Trainer` uses too, is left out on purpose: it wraps the model so that gradients
are averaged during one backward pass, while a robust method makes several passes forward and
backward, at times two forward before one backward, and reads the model's embedding table. Here
every process accumulates the gradient of its share of a batch with the bare model, and the sums are
averaged once a step, whatever the method does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import torch

T = TypeVar("T")


@dataclass(frozen=True)
class Crew:
    """This process among those that train together."""

    state: Any

    @classmethod
    def here(cls) -> Crew:
        """Find the others, if there are any."""
        from accelerate import PartialState

        return cls(PartialState())

    @property
    def device(self) -> torch.device:
        """Return where this process computes."""
        device: torch.device = self.state.device
        return device

    @property
    def size(self) -> int:
        """Return how many processes there are."""
        return int(self.state.num_processes)

    @property
    def rank(self) -> int:
        """Return the number of this process; 0 alone writes files."""
        return int(self.state.process_index)

    @property
    def leads(self) -> bool:
        """Tell whether this process writes files and judges."""
        return self.rank == 0

    def share(self, batch: Sequence[T]) -> Sequence[T]:
        """Return this process's share of a batch, never an empty one."""
        return batch[self.rank :: self.size] or batch[:1]

    def agree(self, value: T) -> T:
        """Return the leader's value to everybody."""
        if self.size == 1:
            return value
        from accelerate.utils import broadcast_object_list

        carried = [value]
        broadcast_object_list(carried)
        return carried[0]

    def average_gradients(self, weights: Sequence[torch.nn.Parameter]) -> None:
        """Replace every gradient by the mean over the processes."""
        if self.size == 1:
            return
        import torch
        from accelerate.utils import reduce

        for weight in weights:
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
        # One message for all of them: many small ones would cost more than what they carry.
        flat = torch.cat([weight.grad.flatten() for weight in weights if weight.grad is not None])
        flat = reduce(flat, reduction="mean")
        begin = 0
        for weight in weights:
            end = begin + weight.numel()
            weight.grad = flat[begin:end].view_as(weight)
            begin = end
