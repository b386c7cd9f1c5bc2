"""Training steps of models that are called as those of Hugging Face are.

Paper: Devlin et al. 2019, BERT, §4.2 (an answer's start and end) and §5.3 (a word is tagged by its
first subword).
Departs: padding cannot be an answer, so that a batch's width does not change its loss; start and
end are added, not averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

IGNORED = -100
"""Label of what is not labelled (torch's own convention)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _ModelStep:
    """A batch for a model that takes `inputs_embeds` in place of `input_ids`.

    Attributes:
        model: in training mode, if dropout is wanted.
        inputs: its arguments, with `input_ids` and `attention_mask`, shape (sentence, subword).
            Padding is on the right: without ids, some models count positions from the left.
        special: which subwords are special tokens. Shape: (sentence, subword), bool.
        generator: where noise is drawn from; on any device.
        autocast: type for mixed precision in the forward pass; None for the model's own.
        scale: factor on all that is differentiated, such as a share in accumulation over batches.
    """

    model: torch.nn.Module
    inputs: Mapping[str, torch.Tensor]
    special: torch.Tensor
    generator: torch.Generator
    autocast: torch.dtype | None = None
    scale: float = 1.0

    @property
    def perturbable(self) -> torch.Tensor:
        """Which subwords may be perturbed. Shape: (sentence, subword), bool."""
        return self._attended & ~self.special.bool()

    @property
    def labelled(self) -> torch.Tensor:
        """Which predictions are labelled. Shape: (sentence, prediction), bool."""
        return self._labels() != IGNORED

    def embeddings(self) -> torch.Tensor:
        """Look the subwords up. Shape: (sentence, subword, hidden)."""
        table: Any = self.model.get_input_embeddings()  # type: ignore[operator]
        looked_up: torch.Tensor = table(self.inputs["input_ids"])
        return looked_up

    def logits(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        """Predict. Shape: (sentence, prediction, class), in single precision at least."""
        import torch

        inputs = dict(self.inputs)
        if embeddings is not None:
            del inputs["input_ids"]
            inputs["inputs_embeds"] = embeddings
        with self._precision():
            predicted = self._read(self.model(**inputs))
        return predicted.to(torch.promote_types(predicted.dtype, torch.float32))

    def cross_entropy(self, logits: torch.Tensor) -> torch.Tensor:
        """Compare with the labels, averaged over the labelled predictions."""
        from torch.nn.functional import cross_entropy

        labels = self._labels()
        flat = logits.flatten(0, -2)
        losses = cross_entropy(flat, labels.flatten(), ignore_index=IGNORED, reduction="none")
        return self.average(losses.view(labels.shape))

    def loss(self, embeddings: torch.Tensor | None = None) -> torch.Tensor:
        """Predict and compare with the labels."""
        return self.cross_entropy(self.logits(embeddings))

    def average(self, values: torch.Tensor) -> torch.Tensor:
        """Average over the labelled predictions; 0 where there are none."""
        raise NotImplementedError

    def remember_dropout(self) -> Callable[[], None]:
        """Return what sets torch's global generators back to where they stand now."""
        import torch

        device = self._attended.device
        here = torch.get_rng_state()
        there = torch.cuda.get_rng_state(device) if device.type == "cuda" else None

        def rewind() -> None:
            torch.set_rng_state(here)
            if there is not None:
                torch.cuda.set_rng_state(there, device)

        return rewind

    def backward(self, loss: torch.Tensor) -> None:
        """Add the gradient, scaled, to that of the parameters."""
        (self.scale * loss).backward()  # type: ignore[no-untyped-call]

    @property
    def _attended(self) -> torch.Tensor:
        return self.inputs["attention_mask"].bool()

    def _precision(self) -> AbstractContextManager[object]:
        import torch

        if self.autocast is None:
            return nullcontext()
        return torch.autocast(self._attended.device.type, dtype=self.autocast)

    def _labels(self) -> torch.Tensor:
        """Return the right classes. Shape: (sentence, prediction)."""
        raise NotImplementedError

    def _read(self, output: Any) -> torch.Tensor:
        """Read the model's output. Shape: (sentence, prediction, class)."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenClassificationStep(_ModelStep):
    """A batch of tagged sentences: a prediction a subword, a class a tag.

    Attributes:
        labels: tags of first subwords, IGNORED elsewhere. Shape: (sentence, subword).
    """

    labels: torch.Tensor

    def average(self, values: torch.Tensor) -> torch.Tensor:
        """Average over the labelled subwords of the batch; 0 where there are none."""
        labelled = self.labelled
        return values.where(labelled, 0).sum() / labelled.sum().clamp(min=1)

    def _labels(self) -> torch.Tensor:
        return self.labels

    def _read(self, output: Any) -> torch.Tensor:
        logits: torch.Tensor = output.logits
        return logits


@dataclass(frozen=True, kw_only=True, eq=False)
class QuestionAnsweringStep(_ModelStep):
    """A batch of questions with passages: two predictions, start and end; a class a subword.

    Attributes:
        starts: first subword of the answer, IGNORED where it was cut off. Shape: (sentence,).
        ends: last subword of the answer, included. Shape: (sentence,).
    """

    starts: torch.Tensor
    ends: torch.Tensor

    def average(self, values: torch.Tensor) -> torch.Tensor:
        """Average over starts and over ends, and add both; 0 where there are none."""
        labelled = self.labelled
        return (values.where(labelled, 0).sum(0) / labelled.sum(0).clamp(min=1)).sum()

    def _labels(self) -> torch.Tensor:
        import torch

        return torch.stack((self.starts, self.ends), dim=1)

    def _read(self, output: Any) -> torch.Tensor:
        import torch

        both = torch.stack((output.start_logits, output.end_logits), dim=1)
        # The lowest number and not -inf: 0 · log 0 in a divergence would be no number.
        return both.masked_fill(~self._attended[:, None, :], torch.finfo(both.dtype).min)
