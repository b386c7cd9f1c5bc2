"""What a training run is asked for: data, recipe, method; as a command line and as a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal

from core.config import ComponentChoice
from core.registry import Parameter, build, describe_parameters
from core.training.ner import NerRecipe
from core.training.qa import QaRecipe
from core.training.recipe import Recipe

Kind = Literal["ner", "qa"]
RECIPES: Final[Mapping[Kind, type[Recipe]]] = {"ner": NerRecipe, "qa": QaRecipe}
PLAIN = ComponentChoice(name="plain")
NO_DEV = "none"
"""In place of a file: measure nothing and keep the last weights."""

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class DataChoice:
    """A part of the training data.

    Attributes:
        source: a file, or `CORPUS/LANGUAGE` or `CORPUS/LANGUAGE/SPLIT` of a named corpus.
        language: BCP-47 code of its text.
        weight: how often an epoch sees each of its examples.
    """

    source: str
    language: str = "en"
    weight: float = 1.0


@dataclass(frozen=True)
class TrainingSpec:
    """A training run as it is asked for.

    Attributes:
        task: named entities or question answering.
        data: what to learn from; none takes the task's default.
        dev: clean data that chooses the weights; none takes the task's default.
        recipe: how.
        method: by what, with the parameters that differ from its defaults.
        augment: perturbations whose copies are added to the data.
        labels: classes to keep; none keeps all (named entities).
        limit: take only the first examples of each part.
        dev_limit: the same for dev.
        question_language: of the questions; empty is that of the contexts (question answering).
        skip_bad: leave malformed examples out.
    """

    task: Kind
    data: tuple[DataChoice, ...] = ()
    dev: tuple[DataChoice, ...] = ()
    recipe: Recipe = field(default_factory=NerRecipe)
    method: ComponentChoice = PLAIN
    augment: tuple[ComponentChoice, ...] = ()
    labels: tuple[str, ...] = ()
    limit: int | None = None
    dev_limit: int | None = None
    question_language: str = ""
    skip_bad: bool = False

    def words(self) -> tuple[str, ...]:
        """Return the command line behind `python -m core` that asks for the same."""
        words = ["train", self.task]
        for one in self.data:
            words += ["--data", one.source, "--language", one.language]
            words += ["--weight", f"{one.weight:g}"]
        for one in self.dev:
            words += ["--dev", one.source, "--dev-language", one.language]
        words += ["--method", component_text(self.method)]
        for choice in self.augment:
            words += ["--augment", component_text(choice)]
        for key, value in changed_fields(self.recipe).items():
            words += ["--set", f"{key}={value}"]
        words += ["--labels", ",".join(self.labels)] if self.labels else []
        words += ["--limit", str(self.limit)] if self.limit is not None else []
        words += ["--dev-limit", str(self.dev_limit)] if self.dev_limit is not None else []
        words += ["--question-language", self.question_language] if self.question_language else []
        words += ["--skip-bad"] if self.skip_bad else []
        return tuple(words)

    def config(self) -> dict[str, Any]:
        """Return what the numbers depend on, one value a key, ready for JSON."""
        return {
            "task": self.task,
            "method": str(self.method),
            "augment": "+".join(map(str, self.augment)),
            "data": [asdict(one) for one in self.data],
            "dev": [asdict(one) for one in self.dev],
            "labels": ",".join(self.labels),
            "limit": self.limit,
            "dev_limit": self.dev_limit,
            "question_language": self.question_language,
            **asdict(self.recipe),
        }

    def fingerprint(self, data: Mapping[str, str]) -> str:
        """Return a hash of all that the weights depend on.

        Args:
            data: hash of each file.
        """
        config = self.config()
        del config["save_every"]  # how often it saves changes no weight
        told = json.dumps([config, dict(data)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def recipe_fields(task: Kind) -> tuple[Parameter, ...]:
    """Describe the fields of a task's recipe, for a form."""
    return describe_parameters(RECIPES[task])


def make_recipe(task: Kind, values: Mapping[str, object]) -> Recipe:
    """Make a recipe from loosely typed values.

    Raises:
        ConfigError: an unknown field or a value that does not fit.
    """
    return build(RECIPES[task], values, what="recipe")


def changed_fields(recipe: Recipe) -> dict[str, Any]:
    """Return the fields that differ from their defaults."""
    return {
        one.name: getattr(recipe, one.name)
        for one in fields(recipe)
        if getattr(recipe, one.name) != one.default
    }


def component_text(choice: ComponentChoice) -> str:
    """Write a component as the command line reads it: `fgm:radius=0.5`."""
    values = ",".join(f"{key}={value}" for key, value in sorted(choice.parameters.items()))
    return f"{choice.name}:{values}" if values else choice.name


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()
