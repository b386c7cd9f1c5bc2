"""Making a transformer's forward pass fast on a CPU, with the same results.

Two measures, each worth about a tenth: weights of linear layers are laid out once for oneDNN's
matrix kernels, and every core computes whole batches of its own, which avoids waiting for the
slower core after each of the hundreds of small operations of a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


def pack_linear_layers(model: torch.nn.Module) -> None:
    """Replace the linear layers of a single-precision CPU model by packed ones, in place.

    Packing copies the weights, so the model can no longer be trained or saved. Where this build of
    torch has no oneDNN, nothing changes.
    """
    import torch

    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return

    class PackedLinear(torch.nn.Module):
        def __init__(self, linear: torch.nn.Linear) -> None:
            super().__init__()
            self.bias = linear.bias
            self.weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), None)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            packed: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
                inputs, self.weight, self.bias, "none", [], ""
            )
            return packed

    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is torch.nn.Linear and child.weight.dtype == torch.float32:
                setattr(module, name, PackedLinear(child))


def map_on_all_cores(
    compute: Callable[[Item], Result], items: Sequence[Item]
) -> Iterator[tuple[Item, Result]]:
    """Apply a torch computation to items, one item a core at a time.

    Args:
        compute: called from several threads at once; each uses a single core.
        items: independent pieces of work, the largest first.

    Yields:
        Each item with its result, in order.
    """
    import torch

    cores = _all_cores()
    if cores == 1 or len(items) < 2:
        for item in items:
            yield item, compute(item)
        return
    with ThreadPoolExecutor(cores, initializer=lambda: torch.set_num_threads(1)) as pool:
        try:
            yield from zip(items, pool.map(compute, items), strict=True)
        finally:
            # The setting of a worker reaches the matrix library of the whole process.
            torch.set_num_threads(cores)


@contextmanager
def one_core() -> Iterator[None]:
    """Let torch compute on one core in the block: for products too small to be worth sharing.

    Handing half of such a product to another core takes longer than the product, and where that
    core is busy with other work, a thousand times as long.
    """
    import torch

    cores = _all_cores()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(cores)


@lru_cache(maxsize=1)
def _all_cores() -> int:
    """Return how many threads torch had when it was first asked.

    The number is the whole process's: what another thread has set for a while must not be taken for
    it, or it would stay.
    """
    import torch

    return torch.get_num_threads()
