"""Adversarial and consistency training: how the gradient of one training step is made.

A method sees a model only through a `TrainingStep`, so one training loop serves all of them, for
named entities and for questions alike:

    method = ROBUST_METHODS.create("fgm")
    for batch in batches:
        losses = method.accumulate(TokenClassificationStep(model=model, inputs=…, …))
        clip, optimiser.step(), optimiser.zero_grad()

Perturbations act on the word embeddings, never on padding and special tokens.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from core.adversarial._agreement import Agreement
from core.adversarial._steps import IGNORED, QuestionAnsweringStep, TokenClassificationStep
from core.adversarial._values import StepLosses, TrainingStep
from core.registry import Registry

__all__ = [
    "IGNORED",
    "ROBUST_METHODS",
    "Agreement",
    "QuestionAnsweringStep",
    "RobustMethod",
    "StepLosses",
    "TokenClassificationStep",
    "TrainingStep",
]


@runtime_checkable
class RobustMethod(Protocol):
    """Makes the gradient of one training step.

    Laws (tests/contract/test_adversarial.py): the gradient is added to what the parameters hold
    already; parameters and the embeddings of padding and special tokens are as before, bit by bit;
    the same seeds give the same gradient; padding a batch further changes nothing.
    """

    def accumulate(self, step: TrainingStep) -> StepLosses:
        """Do all forward and backward passes of one step."""
        ...


ROBUST_METHODS: Registry[RobustMethod] = Registry("training method", "core.adversarial")
