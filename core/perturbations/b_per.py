"""Another given name for each person.

Paper: the distribution shift B-PER in arXiv:2403.20056.
Departs: names come from the persons of other sentences and from lists of our own; gender, case
endings and frequency are not looked at. In Chinese the family name, which stands first, is
replaced, or the first part of a foreign name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._editing import Edit, Fragment, Plan, fragment_of, generator
from core.perturbations._names import (
    Name,
    Names,
    Source,
    labels_in,
    like,
    rename_each,
)
from core.perturbations._persons import head_end, heads, suits
from core.types import Sentence


@dataclass(frozen=True)
class BPer:
    """First word of each person → a given name of the test language."""

    needs_training: ClassVar[bool] = False

    labels: Annotated[
        str, Field(min_length=1, description="classes of persons, separated by commas")
    ] = "PER,PERSON,PERS"
    names: Annotated[
        Source, Field(description="names of other sentences, of our list, or both")
    ] = "both"

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Draw a name for every person."""
        labels = labels_in(self.labels)
        return rename_each(
            "given_names",
            self.names,
            sentences,
            training,
            find=lambda sentence: heads(sentence, labels),
            plan=lambda place, sentence, names: _plan(place, sentence, labels, names, seed),
        )


def _plan(place: int, sentence: Sentence, labels: frozenset[str], pool: Names, seed: int) -> Plan:
    rng = generator(seed, place)
    plan = Plan()
    persons = [span for span in sentence.spans if span.label.casefold() in labels]
    for span in persons:
        end = head_end(sentence, span)
        if end is None:
            plan.kept.append("nothing shows where the first name ends")
            continue
        head = fragment_of(sentence, span.start, end)
        name = pool.pick(rng, _fits(head, place))
        if name is None:
            plan.kept.append("there is no other name to take")
            continue
        new = like(head.text, name.new)
        plan.edits.append(Edit(span.start, end, new, f"another given name, from {name.origin}"))
    if not persons:
        plan.kept.append("it has no person")
    return plan


def _fits(head: Fragment, place: int) -> Callable[[Name], bool]:
    """Take what has the form of the old name and is not of this sentence alone."""
    return lambda name: bool(name.places - {place}) and suits(name, head)


PERTURBATIONS.register(BPer)
