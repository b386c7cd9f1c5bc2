"""What all training has in common: how long, how fast, with which weights, and how often it saves.

The fields are the parameters: the page's form, the command's `--set` and a run's record are derived
from them. `core.training.ner` and `core.training.qa` add what belongs to one task.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

Precision = Literal["auto", "fp32", "bf16", "fp16"]

_ADAPTER_RATE = 1e-3
_FULL_RATE = 5e-5  # Devlin et al. 2019, BERT, appendix A.3: the largest of those they recommend


@dataclass(frozen=True)
class Recipe:
    """How to train."""

    base: Annotated[
        str,
        Field(
            min_length=1,
            description="'bundled', a Hugging Face id, or what goes on learning: a folder that "
            "`train` has made, or run:RUN",
        ),
    ] = "bundled"
    weights: Annotated[
        Literal["adapter", "full"], Field(description="train a low-rank adapter, or all weights")
    ] = "adapter"
    rank: Annotated[int, Field(ge=1, le=512, description="rank of a new adapter")] = 16
    dropout: Annotated[float, Field(ge=0, lt=1, description="inside the adapter")] = 0.1
    freeze_embeddings: Annotated[
        bool, Field(description="with all weights: leave the word embeddings as they are")
    ] = False
    epochs: Annotated[int, Field(ge=1, description="passes over the training data")] = 3
    updates: Annotated[
        int, Field(ge=0, description="steps in all, whatever the epochs; 0 takes the epochs")
    ] = 0
    batch: Annotated[int, Field(ge=1, description="examples a step, over all devices")] = 32
    learning_rate: Annotated[
        float | None,
        Field(gt=0, description="at its peak; none is 1e-3 for an adapter, 5e-5 for all weights"),
    ] = None
    warmup: Annotated[float, Field(ge=0, lt=1, description="share of steps up to the peak")] = 0.06
    weight_decay: Annotated[float, Field(ge=0, description="of matrices, not of vectors")] = 0.01
    clip: Annotated[float, Field(gt=0, description="largest norm of the gradient")] = 1.0
    precision: Annotated[
        Precision,
        Field(description="type of the forward pass; auto is bf16 on a GPU, else fp32"),
    ] = "auto"
    judge_every: Annotated[
        int, Field(ge=0, description="steps between two measurements on dev; 0 is an epoch")
    ] = 0
    patience: Annotated[
        int, Field(ge=0, description="measurements without a gain before it stops; 0 never stops")
    ] = 0
    save_every: Annotated[int, Field(ge=1, description="steps between two checkpoints")] = 50
    seed: Annotated[int, Field(ge=0, description="of order, dropout, noise, first weights")] = 1

    @property
    def is_full(self) -> bool:
        """Tell whether all weights learn, not an adapter."""
        return self.weights == "full"

    @property
    def peak_rate(self) -> float:
        """Return the learning rate at its peak."""
        if self.learning_rate is not None:
            return self.learning_rate
        return _FULL_RATE if self.is_full else _ADAPTER_RATE
