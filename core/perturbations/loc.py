"""Another place for each location.

Paper: the distribution shift LOC in arXiv:2403.20056.
Departs: places come from the locations of other sentences, of the same class, and from lists of our
own; case endings are not looked at. The new name may have another number of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from core.perturbations import PERTURBATIONS, PerturbedSet
from core.perturbations._editing import (
    Edit,
    Fragment,
    Plan,
    fragment_of,
    generator,
)
from core.perturbations._names import (
    Name,
    Names,
    Source,
    labels_in,
    like,
    name_key,
    rename_each,
)
from core.types import Sentence


@dataclass(frozen=True)
class Loc:
    """Each location → another place name."""

    needs_training: ClassVar[bool] = False

    labels: Annotated[
        str, Field(min_length=1, description="classes of locations, separated by commas")
    ] = "LOC,GPE,LOCATION"
    names: Annotated[
        Source, Field(description="names of other sentences, of our list, or both")
    ] = "both"

    def perturb(
        self, sentences: Sequence[Sentence], *, training: Sequence[Sentence], seed: int
    ) -> PerturbedSet:
        """Draw a place for every location."""
        labels = labels_in(self.labels)
        return rename_each(
            "places",
            self.names,
            sentences,
            training,
            find=lambda sentence: locations(sentence, labels),
            plan=lambda place, sentence, names: _plan(place, sentence, labels, names, seed),
        )


def locations(sentence: Sentence, labels: frozenset[str]) -> Iterator[tuple[Fragment, str]]:
    """Yield the locations of a sentence, each with its class."""
    for span in sentence.spans:
        if span.label.casefold() in labels:
            yield fragment_of(sentence, span.start, span.end), span.label


def _plan(place: int, sentence: Sentence, labels: frozenset[str], pool: Names, seed: int) -> Plan:
    rng = generator(seed, place)
    plan = Plan()
    for span in sentence.spans:
        if span.label.casefold() not in labels:
            continue
        old = fragment_of(sentence, span.start, span.end)
        name = pool.pick(rng, _fits(name_key(old), span.label, place))
        if name is None:
            plan.kept.append("there is no other place to take")
            continue
        new = like(old.text, name.new)
        plan.edits.append(Edit(span.start, span.end, new, f"another place, from {name.origin}"))
    if not plan.edits and not plan.kept:
        plan.kept.append("it has no location")
    return plan


def _fits(key: str, label: str, place: int) -> Callable[[Name], bool]:
    """Take another place, of the same class, that is not of this sentence alone."""
    return lambda name: (
        name.key != key and name.label in ("", label) and bool(name.places - {place})
    )


PERTURBATIONS.register(Loc)
