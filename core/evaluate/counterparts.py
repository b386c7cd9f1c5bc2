"""Which source entity a gold target entity translates: there is no gold alignment of entities.

Evidence is used from strong to weak, each kind on what the stronger ones left over:

1. `projected`: the entity was projected onto exactly the gold span with its class.
2. `links` and `text`: word links between the two, or both written alike, as names often are.
   Within a class any link will do; across classes half of the words must be linked, or a stray link
   would blame the wrong entity. An optimal assignment decides, so reading order plays no part.
3. `overlap`: the entity was projected onto some of the gold span's words; first those of its class.
4. `order`: of a class the same number is left on both sides; they are paired in order. With unequal
   numbers nothing is paired, because which one is left over is not known.

Order within a class is the rule by which EasyProject (arXiv:2211.15613) assigns labels to spans; it
serves diagnosis here, never projection.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.evaluate.evidence import Evidence
from core.evaluate.outcomes import Outcome, SpanMatch, assign
from core.types import Span

Basis = Literal["projected", "links", "text", "overlap", "order"]

# Links between all words count 1. The class decides between similar evidence and does not outweigh
# them; a name written alike does, because the aligner that made the links is under diagnosis too.
_SAME_CLASS = 0.5
_WRITTEN_ALIKE = 2.0
_MIN_COVERAGE_ACROSS_CLASSES = 0.5


@dataclass(slots=True)
class Counterparts:
    """Pairs of source entity and gold span, each on one side at most once, and their basis.

    Attributes:
        open_entities: entities without a gold span, in order.
        open_gold: gold spans without an entity, in order.
        gold_of: gold span of each paired entity.
        entity_of: entity of each paired gold span.
        basis_of: what tells, by gold span.
    """

    open_entities: list[int]
    open_gold: list[Span]
    gold_of: dict[int, Span] = field(default_factory=dict)
    entity_of: dict[Span, int] = field(default_factory=dict)
    basis_of: dict[Span, Basis] = field(default_factory=dict)

    def pair(self, entity: int, gold: Span, basis: Basis) -> None:
        """Pair an open entity with an open gold span; does nothing where either is taken."""
        if entity in self.open_entities and gold in self.open_gold:
            self.open_entities.remove(entity)
            self.open_gold.remove(gold)
            self.gold_of[entity] = gold
            self.entity_of[gold] = entity
            self.basis_of[gold] = basis


def find_counterparts(evidence: Evidence, matches: Sequence[SpanMatch]) -> Counterparts:
    """Pair source entities with gold target spans.

    Args:
        evidence: the projection.
        matches: its gold and predicted spans, matched.

    Returns:
        The pairs, and what is left over on both sides.
    """
    found = Counterparts(
        open_entities=list(range(len(evidence.entities))),
        open_gold=[match.gold for match in matches if match.gold is not None],
    )
    _pair_projected(found, evidence, matches, {"correct"}, "projected")
    _pair_linked_or_alike(found, evidence)
    _pair_projected(found, evidence, matches, {"too-long", "too-short", "shifted"}, "overlap")
    _pair_projected(found, evidence, matches, {"wrong-class"}, "overlap")
    _pair_in_order(found, evidence)
    return found


def _pair_projected(
    found: Counterparts,
    evidence: Evidence,
    matches: Sequence[SpanMatch],
    outcomes: Collection[Outcome],
    basis: Basis,
) -> None:
    for match in matches:
        if match.outcome in outcomes and match.gold is not None and match.predicted is not None:
            entity = evidence.entity_of(match.predicted)
            if entity is not None:
                found.pair(entity, match.gold, basis)


def _pair_linked_or_alike(found: Counterparts, evidence: Evidence) -> None:
    entities, gold = tuple(found.open_entities), tuple(found.open_gold)
    weights = np.array(
        [[_affinity(evidence, entity, span) for span in gold] for entity in entities],
        dtype=np.float64,
    ).reshape(len(entities), len(gold))
    for row, column in assign(weights):
        entity, span = entities[row], gold[column]
        found.pair(entity, span, "text" if _alike(evidence, entity, span) else "links")


def _affinity(evidence: Evidence, entity: int, gold: Span) -> float:
    same_class = evidence.entities[entity].label == gold.label
    coverage = _coverage(evidence, entity, gold)
    if not same_class and coverage < _MIN_COVERAGE_ACROSS_CLASSES:
        coverage = 0.0
    strength = coverage + _WRITTEN_ALIKE * _alike(evidence, entity, gold)
    return strength + _SAME_CLASS * same_class if strength > 0 else 0.0


def _coverage(evidence: Evidence, entity: int, gold: Span) -> float:
    """Return the share of words of both spans with a link into the other, in [0, 1]."""
    source = evidence.entities[entity]
    inside = frozenset(range(gold.start, gold.end))
    links = evidence.links or {}
    reached = [links.get(word, frozenset()) & inside for word in range(source.start, source.end)]
    covered = sum(map(bool, reached)) + len(frozenset[int]().union(*reached))
    return covered / (len(source) + len(gold))


def _alike(evidence: Evidence, entity: int, gold: Span) -> bool:
    source, target = evidence.projection.pair.source, evidence.projection.pair.target
    written = source.text_of(evidence.entities[entity])
    return written.casefold() == target.text_of(gold).casefold()


def _pair_in_order(found: Counterparts, evidence: Evidence) -> None:
    for label in sorted({span.label for span in found.open_gold}):
        entities = [one for one in found.open_entities if evidence.entities[one].label == label]
        gold = [span for span in found.open_gold if span.label == label]
        if len(entities) == len(gold):
            for entity, span in zip(entities, gold, strict=True):
                found.pair(entity, span, "order")
