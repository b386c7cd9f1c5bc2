"""What a training method sees of a model and a batch, and what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import torch


class TrainingStep(Protocol):
    """A model and one batch, as a method sees them.

    A prediction is one distribution over classes: of a word's tag, or of an answer's first or last
    subword over all subwords. Every pass through the model draws new dropout masks.
    """

    @property
    def model(self) -> torch.nn.Module:
        """The model; its parameters that require a gradient are what learns."""
        ...

    @property
    def generator(self) -> torch.Generator:
        """Where noise is drawn from; apart from the global one, which draws dropout."""
        ...

    @property
    def perturbable(self) -> torch.Tensor:
        """Which subwords may be perturbed. Shape: (sentence, subword), bool."""
        ...

    @property
    def labelled(self) -> torch.Tensor:
        """Which predictions count in loss and divergence. Shape: as `logits` without class."""
        ...

    def embeddings(self) -> torch.Tensor:
        """Look the subwords up; the gradient flows on into the embedding table.

        Returns:
            Shape: (sentence, subword, hidden).
        """
        ...

    def logits(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        """Predict, from the batch's own embeddings unless others are given.

        Returns:
            Shape: (sentence, prediction, class); finite everywhere.
        """
        ...

    def cross_entropy(self, logits: torch.Tensor) -> torch.Tensor:
        """Compare with the labels: a scalar ≥ 0, averaged by `average`."""
        ...

    def loss(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        """Predict and compare with the labels: the scalar that plain training minimises."""
        ...

    def average(self, values: torch.Tensor) -> torch.Tensor:
        """Average one value a prediction over the labelled ones, as the loss does.

        Args:
            values: shape (sentence, prediction).
        """
        ...

    def remember_dropout(self) -> Callable[[], None]:
        """Return what makes the next pass draw the masks that the next pass from here draws."""
        ...

    def backward(self, loss: torch.Tensor) -> None:
        """Add the gradient of a scalar to that of the parameters; the only way to do so."""
        ...


@dataclass(frozen=True, slots=True)
class StepLosses:
    """What one training step measured; natural logarithms throughout.

    Attributes:
        clean: cross-entropy on the unperturbed batch; not a number where the method makes no pass
            over it.
        robust: the method's own term before it is weighted: the cross-entropy under perturbation,
            or a divergence; 0 for plain training.
        total: the objective whose gradient was accumulated.
    """

    clean: float
    robust: float
    total: float
