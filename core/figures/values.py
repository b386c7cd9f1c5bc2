"""A figure with everything that tells what it may be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["published", "measured", "run"]
"""By others; by us, as docs/results.md says; by a run on this machine."""

_TRANSFER = "model_transfer"


@dataclass(frozen=True, slots=True)
class Group:
    """What figures must have in common to be compared with each other.

    Attributes:
        source: who measured.
        setting: how, in words.
        corpus: public name of the corpus.
        split: part of it; empty where the source names none.
    """

    source: str
    setting: str
    corpus: str
    split: str = ""

    @property
    def study(self) -> str:
        """Return source and setting as one name."""
        return f"{self.source}: {self.setting}"

    @property
    def place(self) -> str:
        """Return corpus and split as one name."""
        return f"{self.corpus}/{self.split}" if self.split else self.corpus


@dataclass(frozen=True, slots=True)
class Figure:
    """How well a method finds entities in one language.

    Attributes:
        origin: who measured.
        group: what it may be compared with.
        language: BCP-47 code.
        method: as its source calls it.
        aligner: the same for word links; empty where there are none, or not named.
        label: class of the entities; empty for all together.
        f1: strict span F1, 0 to 1.
        precision: likewise; None where it is not told.
        recall: likewise.
        command: what makes it again; empty for figures of others.
    """

    origin: Origin
    group: Group
    language: str
    method: str
    aligner: str
    label: str
    f1: float
    precision: float | None = None
    recall: float | None = None
    command: str = ""

    @property
    def is_transfer(self) -> bool:
        """Tell whether a tagger of another language reads the sentence; nothing is projected."""
        return self.method.startswith(_TRANSFER)

    @property
    def title(self) -> str:
        """Return method and aligner as one name."""
        return f"{self.method} ({self.aligner})" if self.aligner else self.method


@dataclass(frozen=True, slots=True)
class QuestionFigure:
    """How well a model answers questions in one language.

    Attributes:
        source: who measured.
        setting: how, in words.
        corpus: public name of the corpus.
        language: BCP-47 code of question and context.
        model: as its source calls it.
        f1: word overlap, 0 to 100.
        exact_match: 0 to 100.
    """

    source: str
    setting: str
    corpus: str
    language: str
    model: str
    f1: float
    exact_match: float


@dataclass(frozen=True, slots=True)
class AlignmentFigure:
    """How many word links of one language pair an aligner has wrong.

    Attributes:
        source: who measured.
        setting: on what, where the source says so.
        pair: codes of the two languages.
        aligner: as its source calls it.
        error_rate: 0 to 100; lower is better.
        command: what makes it again; empty for figures of others.
    """

    source: str
    setting: str
    pair: tuple[str, str]
    aligner: str
    error_rate: float
    command: str = ""
