"""Checkpoints: all that a run needs to go on as if nothing had happened.

A checkpoint is written beside its place, brought to the disk and renamed, so that a kill leaves the
one before. The last two are kept: where the newest cannot be read, the other one serves.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import StoreError
from core.jobs._whole import replacing, sweep, told

_KEPT = 2
_PATTERN = "update-*.pt"


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of one run in a folder of their own."""

    folder: Path

    def save(self, update: int, state: Mapping[str, Any], *, keep: int = _KEPT) -> Path:
        """Write a checkpoint and drop all but the last ones.

        Args:
            update: steps done.
            state: numbers, texts, tensors, and lists and dicts of them.
            keep: how many stay, this one included.

        Raises:
            StoreError: the disk is full; the earlier checkpoints stand.
        """
        import torch

        path = self.folder / f"update-{update:08d}.pt"
        with told(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder)
            with replacing(path) as part:
                torch.save(dict(state), part)
            for old in self._paths()[:-keep]:
                old.unlink(missing_ok=True)
        return path

    def load(self) -> dict[str, Any] | None:
        """Read the newest checkpoint that is whole; None where there is none at all.

        Raises:
            StoreError: there are some and none can be read (code store-damaged).
        """
        import torch

        paths = self._paths()
        for path in reversed(paths):
            try:
                # Only plain values are read: a checkpoint cannot run a program.
                found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
            except (OSError, EOFError, RuntimeError, ValueError, pickle.UnpicklingError):
                continue
            return found
        if paths:
            raise StoreError(
                f"a checkpoint in {self.folder} must be readable, got {len(paths)} that are not",
                code="store-damaged",
                hint="begin anew, without --resume",
            )
        return None

    def clear(self) -> None:
        """Remove all of them."""
        for path in self._paths():
            path.unlink(missing_ok=True)
        if self.folder.is_dir():
            sweep(self.folder)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob(_PATTERN))


def random_state() -> dict[str, Any]:
    """Return where Python's, numpy's and torch's global generators stand."""
    import numpy as np
    import torch

    version, numbers, gauss = random.getstate()
    drawn: Any = np.random.get_state()  # noqa: NPY002 - libraries below may draw from it
    kind, keys, *rest = drawn
    return {
        "python": [version, torch.tensor(numbers), gauss],
        "numpy": [kind, torch.tensor(keys.astype(np.int64)), *rest],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def restore_random_state(state: Mapping[str, Any]) -> None:
    """Set the global generators to where they stood."""
    import numpy as np
    import torch

    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers.tolist()), gauss))
    kind, keys, *rest = state["numpy"]
    drawn = (kind, keys.numpy().astype(np.uint32), *rest)
    np.random.set_state(drawn)  # noqa: NPY002 - as above
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])


def seed_everything(seed: int) -> None:
    """Set the global generators to a seed."""
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - as above
    torch.manual_seed(seed)
