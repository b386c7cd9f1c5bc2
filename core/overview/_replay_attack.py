"""What is done to the sentences of a corpus: a perturbation of one of their sides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.config import ComponentChoice
from core.corpora import FORMATS, guess_format
from core.errors import ConfigError
from core.perturbations import PERTURBATIONS, Perturbation
from core.types import Sentence

Side = Literal["source", "target"]
SIDES: tuple[Side, ...] = ("source", "target")


@dataclass(frozen=True, slots=True)
class Attack:
    """A perturbation of one side of the sentences.

    Attributes:
        perturbation: its name and parameters.
        side: the side that is perturbed; the other one stays.
        seed: of all choices.
        training: training sentences in the language of that side; some perturbations need them.
        trained_on: what signatures call them.
    """

    perturbation: ComponentChoice
    side: Side = "source"
    seed: int = 0
    training: tuple[Sentence, ...] = ()
    trained_on: str = ""

    def make(self) -> Perturbation:
        """Create the perturbation.

        Raises:
            ConfigError: an unknown name or parameter, a seed below 0 (code bad-value), or training
                sentences that it needs and that are missing (code bad-config).
            BackendError: a package is missing.
        """
        if self.seed < 0:
            raise ConfigError(f"the seed must be 0 or more, got {self.seed}", code="bad-value")
        made = PERTURBATIONS.create(self.perturbation.name, self.perturbation.parameters)
        if made.needs_training and not self.training:
            raise ConfigError(
                f"the perturbation {self.perturbation.name!r} must know what was trained on, "
                "got none",
                code="bad-config",
                hint="give training sentences (--train-file)",
            )
        return made

    def __str__(self) -> str:
        parts = {
            "perturb": str(self.perturbation),
            "side": self.side,
            "seed": str(self.seed),
            "train": self.trained_on,
        }
        return "|".join(f"{key}:{value}" for key, value in parts.items() if value)


def read_training(path: Path, language: str) -> tuple[Sentence, ...]:
    """Read the training sentences that some perturbations need, from a file of any format.

    Raises:
        DataError: the file cannot be read.
    """
    form = guess_format(path)
    return tuple(FORMATS.create(form.name, form.parameters).read(path, language))
