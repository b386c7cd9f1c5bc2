"""What the trace of a projection says about one entity and one target span.

Everything the diagnosis states is read here and nowhere else. Where the trace is silent the answer
is None, which is not the same as no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.types import Alignment, Candidate, Decision, Projection, Span

# Candidates of these extractors are made of links and nothing else.
_LINK_ORIGINS = frozenset({"aligned"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A projection with its trace indexed by entity and by span.

    Attributes:
        projection: the projection, with gold annotation.
        links: target words linked to each source word, by source word; None if nothing was aligned.
        rows: row of each entity in the score matrix. A projector decides on every entity it is
            given, so the entities with a decision are the rows, in order.
        columns: column of each candidate span in the score matrix.
        unseen_source: source words that the aligner could not look at.
        unseen_target: the same for target words.
    """

    projection: Projection
    links: Mapping[int, frozenset[int]] | None
    rows: Mapping[int, int]
    columns: Mapping[tuple[int, int], int]
    unseen_source: frozenset[int]
    unseen_target: frozenset[int]

    @property
    def entities(self) -> tuple[Span, ...]:
        """Return the source entities, in the order that decisions count them."""
        return self.projection.pair.source.spans

    def source_text(self, entity: int) -> str:
        """Return an entity's text in quotation marks."""
        return f"“{self.projection.pair.source.text_of(self.entities[entity])}”"

    def target_text(self, span: Span | Candidate) -> str:
        """Return a target span's text in quotation marks."""
        return f"“{self.projection.pair.target.text_of(span)}”"

    def target_words(self, words: frozenset[int]) -> str:
        """Return target words in order, in quotation marks."""
        target = self.projection.pair.target.words
        return f"“{' '.join(target[word] for word in sorted(words))}”"

    def linked_words(self, entity: int) -> frozenset[int] | None:
        """Return the target words linked to any word of an entity; None if nothing was aligned."""
        if self.links is None:
            return None
        span = self.entities[entity]
        none = frozenset[int]()
        return none.union(*(self.links.get(word, none) for word in range(span.start, span.end)))

    def is_candidate(self, span: Span) -> bool | None:
        """Tell whether a span was proposed; None if no candidates are recorded."""
        if not self.columns:
            return None
        return (span.start, span.end) in self.columns

    def made_of_links(self) -> bool:
        """Tell whether links alone decided which spans could be chosen."""
        trace = self.projection.trace
        return trace.scores is None or (
            bool(trace.candidates)
            and all(_LINK_ORIGINS.issuperset(one.origins or ("",)) for one in trace.candidates)
        )

    def terms(self, entity: int, span: Span) -> Mapping[str, float]:
        """Return the score terms of an entity on a span, before weighting; empty if unknown."""
        scores, cell = self.projection.trace.scores, self._cell(entity, span)
        if scores is None or cell is None:
            return {}
        return {name: float(matrix[cell]) for name, matrix in scores.terms.items()}

    def score(self, entity: int, span: Span) -> float | None:
        """Return the total score of an entity on a span; None if none is recorded."""
        scores, cell = self.projection.trace.scores, self._cell(entity, span)
        return None if scores is None or cell is None else float(scores.total[cell])

    def _cell(self, entity: int, span: Span) -> tuple[int, int] | None:
        scores = self.projection.trace.scores
        row, column = self.rows.get(entity), self.columns.get((span.start, span.end))
        if scores is None or row is None or column is None:
            return None
        # A projector may have replaced the candidates that were scored.
        return (row, column) if scores.total.shape == (len(self.rows), len(self.columns)) else None

    def decisions(self, entity: int) -> tuple[Decision, ...]:
        """Return the decisions on an entity; none if it never reached the projector."""
        return tuple(one for one in self.projection.decisions if one.entity == entity)

    def entity_of(self, predicted: Span) -> int | None:
        """Return the entity that a predicted span was projected from; None if none is recorded."""
        for decision in self.projection.decisions:
            candidate = decision.candidate
            if candidate is not None and same_words(candidate, predicted):
                return decision.entity
        return None

    def decision_about(self, entity: int, gold: Span, predicted: Span | None) -> Decision | None:
        """Return the decision on an entity that says most about a gold span.

        That is the one behind the predicted span, else the one that lists the gold span among its
        rivals, else the first. None if the entity never reached the projector.
        """
        decisions = self.decisions(entity)
        for decision in decisions:
            candidate = decision.candidate
            if predicted is not None and candidate is not None and same_words(candidate, predicted):
                return decision
        for decision in decisions:
            if any(same_words(rival.candidate, gold) for rival in decision.blocked_by):
                return decision
        return decisions[0] if decisions else None


def gather(projection: Projection) -> Evidence:
    """Index the trace of a projection."""
    trace = projection.trace
    alignment = trace.alignment
    return Evidence(
        projection=projection,
        links=None if alignment is None else _links_by_source(alignment),
        rows={
            entity: row
            for row, entity in enumerate(sorted({one.entity for one in projection.decisions}))
        },
        columns={(one.start, one.end): column for column, one in enumerate(trace.candidates)},
        unseen_source=frozenset(alignment.source_unseen if alignment else ()),
        unseen_target=frozenset(alignment.target_unseen if alignment else ()),
    )


def same_words(candidate: Candidate, span: Span) -> bool:
    """Tell whether a candidate and a span are the same words, whatever the class."""
    return (candidate.start, candidate.end) == (span.start, span.end)


def _links_by_source(alignment: Alignment) -> Mapping[int, frozenset[int]]:
    linked: dict[int, set[int]] = {}
    for link in alignment.links:
        linked.setdefault(link.source, set()).add(link.target)
    return {source: frozenset(targets) for source, targets in linked.items()}
