"""Training on perturbed copies: the perturbations of test sets, made of the training data.

A copy stands beside the sentence it was made of; sentences that a perturbation leaves as they are
get none, so that nothing is only repeated.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.config import ComponentChoice
from core.errors import ConfigError
from core.perturbations import PERTURBATIONS
from core.perturbations._editing import Edit, Fragment, edited, fragment_of
from core.question_perturbations import QUESTION_PERTURBATIONS, Languages
from core.questions import Context
from core.registry import build
from core.types import Sentence

ENTITY_SWAP = "entity_swap"


@dataclass(frozen=True)
class EntitySwap:
    """Replace entities by others of their class, taken from the training data itself.

    Paper: Dai, Adel 2020, arXiv:2010.11683, §3.1 (mention replacement).
    Departs: none.
    """

    share: Annotated[float, Field(ge=0, le=1, description="chance that an entity is replaced")] = (
        0.5
    )

    def copies(self, sentences: Sequence[Sentence], seed: int) -> list[Sentence]:
        """Return a copy of every sentence in which an entity was replaced."""
        mentions: dict[tuple[str, str], dict[tuple[str, ...], Fragment]] = defaultdict(dict)
        for sentence in sentences:
            for span in sentence.spans:
                found = fragment_of(sentence, span.start, span.end)
                mentions[sentence.language, span.label].setdefault(found.words, found)
        known = {key: list(value.values()) for key, value in mentions.items()}
        copies = []
        for place, sentence in enumerate(sentences):
            chance = random.Random(f"{seed}/{place}")  # noqa: S311 - not for secrets
            edits = []
            for span in sorted(sentence.spans):
                other = chance.choice(known[sentence.language, span.label])
                same = other.words == sentence.words[span.start : span.end]
                if chance.random() < self.share and not same:
                    edits.append(Edit(span.start, span.end, other, "swapped"))
            if edits:
                copies.append(edited(sentence, edits))
        return copies


def augmentation_names(task: str) -> tuple[str, ...]:
    """List what training data can be augmented by; `task` is ner or qa.

    Perturbations that look for what training does not hold are no use here.
    """
    if task == "qa":
        return QUESTION_PERTURBATIONS.names()
    useful = [name for name in PERTURBATIONS.names() if not PERTURBATIONS.get(name).needs_training]
    return tuple(sorted((*useful, ENTITY_SWAP)))


def check_augmentation(task: str, choice: ComponentChoice) -> None:
    """Check that training data can be augmented by a perturbation.

    Raises:
        ConfigError: an unknown name (code unknown-name).
    """
    names = augmentation_names(task)
    if choice.name not in names:
        raise ConfigError(
            f"an augmentation must be one of {', '.join(names)}, got {choice.name!r}",
            code="unknown-name",
        )


def augmented_sentences(
    sentences: Sequence[Sentence], choices: Sequence[ComponentChoice], seed: int
) -> list[Sentence]:
    """Return perturbed copies of sentences, those of each choice after the other.

    Args:
        sentences: with gold spans.
        choices: perturbations, or `entity_swap`.
        seed: of all choices of chance.

    Raises:
        ConfigError: an unknown name or parameter.
        BackendError: a package that a perturbation needs is missing.
    """
    copies: list[Sentence] = []
    for number, choice in enumerate(choices):
        if choice.name == ENTITY_SWAP:
            swap = build(EntitySwap, choice.parameters, what=f"augmentation {ENTITY_SWAP!r}")
            copies += swap.copies(sentences, seed + number)
            continue
        perturbation = PERTURBATIONS.create(choice.name, choice.parameters)
        found = perturbation.perturb(sentences, training=sentences, seed=seed + number)
        same = {one.sentence for one in found.unchanged}
        copies += [one for place, one in enumerate(found.sentences) if place not in same]
    return copies


def augmented_contexts(
    contexts: Sequence[Context],
    choices: Sequence[ComponentChoice],
    *,
    languages: Languages,
    seed: int,
) -> list[Context]:
    """Return perturbed copies of contexts with their questions.

    Args:
        contexts: with gold answers.
        choices: question perturbations.
        languages: of contexts and questions.
        seed: of all choices of chance.

    Raises:
        ConfigError: an unknown name or parameter.
        BackendError: a package that a perturbation needs is missing.
    """
    copies: list[Context] = []
    for number, choice in enumerate(choices):
        perturbation = QUESTION_PERTURBATIONS.create(choice.name, choice.parameters)
        found = perturbation.perturb(contexts, languages=languages, training=(), seed=seed + number)
        copies += [new for new, old in zip(found.contexts, contexts, strict=True) if new != old]
    return copies
