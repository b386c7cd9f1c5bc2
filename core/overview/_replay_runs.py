"""Both runs of one sentence, clean and perturbed: who corresponds to whom, and what flipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.evaluate.evidence import Evidence, gather
from core.evaluate.outcomes import assign
from core.overview._replay_attack import Side
from core.overview._replay_places import Place, WordMap, map_words
from core.perturbations import Change
from core.types import Projection, Span

# A span that comes from the same source entity is its counterpart, wherever it has gone.
_SAME_ENTITY = 2.0


@dataclass(frozen=True, slots=True)
class BothRuns:
    """What the traces of both runs say, and how their words correspond.

    Attributes:
        clean: the run on the sentence as it was.
        perturbed: the run on the changed sentence.
        source: source words; None where the source sentences are two translations.
        target: target words.
    """

    clean: Evidence
    perturbed: Evidence
    source: WordMap | None
    target: WordMap

    def perturbed_entity(self, entity: int | None) -> int | None:
        """Return the entity of the perturbed run that is on the same source words, if any."""
        if entity is None or self.source is None:
            return None
        span = self.clean.entities[entity]
        return _entity_at(self.perturbed, self.source.perturbed_place((span.start, span.end)))

    def clean_entity(self, entity: int | None) -> int | None:
        """Return the entity of the clean run that is on the same source words, if any."""
        if entity is None or self.source is None:
            return None
        span = self.perturbed.entities[entity]
        return _entity_at(self.clean, self.source.clean_place((span.start, span.end)))

    def clean_links(self, entity: int) -> frozenset[Place] | None:
        """Return the links of an entity of the clean run, as pairs of units."""
        if self.source is None:
            return None
        return _links(self.clean, entity, self.source.clean_units, self.target.clean_units)

    def perturbed_links(self, entity: int) -> frozenset[Place] | None:
        """Return the links of an entity of the perturbed run, as pairs of units."""
        if self.source is None:
            return None
        units = self.source.perturbed_units, self.target.perturbed_units
        return _links(self.perturbed, entity, *units)

    def in_perturbed(self, span: Span | None) -> Span | None:
        """Return a target span of the clean run as it stands in the perturbed sentence."""
        return _moved(span, None if span is None else self.target.perturbed_place(_place(span)))

    def in_clean(self, span: Span | None) -> Span | None:
        """Return a target span of the perturbed run as it stands in the clean sentence."""
        return _moved(span, None if span is None else self.target.clean_place(_place(span)))


@dataclass(frozen=True, slots=True)
class Subject:
    """What flipped: a projected span in each run, or in one of them.

    Attributes:
        clean: the span of the clean run; None where it has none.
        perturbed: the span of the perturbed run; None where it has none.
        clean_entity: source entity in the clean run that it is about; None if none is known.
        perturbed_entity: the same in the perturbed run.
    """

    clean: Span | None
    perturbed: Span | None
    clean_entity: int | None
    perturbed_entity: int | None


def compare(
    clean: Projection, perturbed: Projection, changes: Sequence[Change], *, side: Side
) -> BothRuns:
    """Put both runs of a sentence beside each other.

    Args:
        clean: on the sentence as it was.
        perturbed: on the changed sentence.
        changes: of this sentence.
        side: which sentence was changed.
    """
    words = len(clean.pair.source.words)
    source: WordMap | None = map_words(words, changes if side == "source" else ())
    if side == "target" and clean.pair.source.words != perturbed.pair.source.words:
        source = None  # it was translated anew
    target = map_words(len(clean.pair.target.words), changes if side == "target" else ())
    return BothRuns(gather(clean), gather(perturbed), source, target)


def find_subjects(runs: BothRuns) -> list[Subject]:
    """List what came out otherwise: a span of either run, or of both where they belong together.

    A span came out as it was where its words and its class are the same, however many words other
    changes have put before it. Spans of two entities are two, even on the same words.
    """
    clean, perturbed = runs.clean.projection.spans, runs.perturbed.projection.spans
    gone = [old for old in clean if not any(_is_kept(runs, old, new) for new in perturbed)]
    come = [new for new in perturbed if not any(_is_kept(runs, old, new) for old in clean)]
    weights = [[_kinship(runs, old, new) for new in come] for old in gone]
    pairs = dict(assign(np.array(weights, dtype=np.float64).reshape(len(gone), len(come))))
    found = [
        _subject(runs, old, come[pairs[row]] if row in pairs else None)
        for row, old in enumerate(gone)
    ]
    found += [
        _subject(runs, None, new) for column, new in enumerate(come) if column not in pairs.values()
    ]
    return sorted(found, key=lambda one: _first_word(runs, one))


def _is_kept(runs: BothRuns, old: Span, new: Span) -> bool:
    return runs.in_perturbed(old) == new and not _are_two(runs, old, new)


def _are_two(runs: BothRuns, old: Span, new: Span) -> bool:
    """Tell whether spans are of two source entities, one of which at least both runs have."""
    entity, other = runs.clean.entity_of(old), runs.perturbed.entity_of(new)
    if entity is None or other is None:  # found by a tagger: nothing is known of its source
        return False
    counterparts = runs.perturbed_entity(entity), runs.clean_entity(other)
    return counterparts not in ((other, entity), (None, None))


def _kinship(runs: BothRuns, old: Span, new: Span) -> float:
    """Return how much speaks for two spans being one entity, 0 where nothing does."""
    if _are_two(runs, old, new):
        return 0.0
    entity = runs.perturbed_entity(runs.clean.entity_of(old))
    same = entity is not None and entity == runs.perturbed.entity_of(new)
    start, end = runs.target.hull(_place(old))
    shared = max(min(end, new.end) - max(start, new.start), 0)
    strength = _SAME_ENTITY * same + 2 * shared / (end - start + len(new))
    return strength + (old.label == new.label) if strength > 0 else 0.0


def _subject(runs: BothRuns, old: Span | None, new: Span | None) -> Subject:
    entity = None if old is None else runs.clean.entity_of(old)
    other = None if new is None else runs.perturbed.entity_of(new)
    return Subject(
        clean=old,
        perturbed=new,
        clean_entity=runs.clean_entity(other) if entity is None else entity,
        perturbed_entity=runs.perturbed_entity(entity) if other is None else other,
    )


def _first_word(runs: BothRuns, one: Subject) -> Place:
    if one.perturbed is not None:
        return _place(one.perturbed)
    return (0, 0) if one.clean is None else runs.target.hull(_place(one.clean))


def _entity_at(evidence: Evidence, place: Place | None) -> int | None:
    return next(
        (index for index, span in enumerate(evidence.entities) if _place(span) == place), None
    )


def _links(
    evidence: Evidence, entity: int, source: Sequence[int], target: Sequence[int]
) -> frozenset[Place] | None:
    if evidence.links is None:
        return None
    span = evidence.entities[entity]
    links: Mapping[int, frozenset[int]] = evidence.links
    return frozenset(
        (source[word], target[other])
        for word in range(span.start, span.end)
        for other in links.get(word, frozenset())
    )


def _place(span: Span) -> Place:
    return span.start, span.end


def _moved(span: Span | None, place: Place | None) -> Span | None:
    return None if span is None or place is None else Span(*place, span.label)
