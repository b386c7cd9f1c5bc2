"""Back-translation refinement: project from a labelled sentence in the target's own language.

The labelled source sentence is translated, with markers around its entities, back into the target
language; the target sentence is then aligned with that sentence of its own language.

Paper: Politov et al. 2025, arXiv:2501.18750, section 3.3.
Departs: `published` is as in the paper, where an entity whose marker is lost, or that is said in
other words on the way back, never comes back. The other variants go the direct way too: `fallback`
for the entities that were lost; `links` with the links of the way back added at words that no
direct link reaches; `filled` for all entities, and the way back for those it leaves out, so that
nothing is lost.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.config import RunConfig
from core.pipeline import Constraints, Pipeline
from core.routes import ROUTES
from core.routes._carrying import (
    carry_back,
    links_to_unlinked,
    spans_as_pins,
    where_direct_has_none,
)
from core.routes._marking import MarkedTranslation, make_back_translator, translate_marked
from core.stages import Progress, join_alignments, keep_labels, no_report, with_seconds
from core.types import (
    Alignment,
    Candidate,
    Decision,
    EntityCandidate,
    Projection,
    SentencePair,
)


@dataclass(frozen=True)
class Backtranslation:
    """By way of the labelled sentence translated back into the target's language."""

    needs_source: ClassVar[bool] = True
    makes_target: ClassVar[bool] = False
    translates_back: ClassVar[bool] = True

    variant: Annotated[
        Literal["filled", "fallback", "links", "published"],
        Field(
            description="filled: the direct way, and this one for entities it leaves out; "
            "fallback: this way, and the direct one for entities it loses; links: the direct way "
            "with links of both; published: this way alone"
        ),
    ] = "filled"

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Translate back, project from there, and as the variant says straight as well.

        `alignments` are links between source and target, for the direct way.
        """
        report = progress or no_report
        wanted = constraints or {}
        kept = [keep_labels(pair, config.labels) for pair in pairs]
        started = time.perf_counter()
        marked = translate_marked(make_back_translator(config), kept, report)
        spent = {"mark": (time.perf_counter() - started) / max(len(kept), 1)}
        pipeline = Pipeline.from_config(config)
        found = pipeline.run(
            [_from_marked(pair, one) for pair, one in zip(kept, marked, strict=True)],
            constraints={
                pair.id: _renumber(wanted[pair.id], one)
                for pair, one in zip(kept, marked, strict=True)
                if pair.id in wanted
            },
            progress=report,
        )
        back = [
            with_seconds(carry_back(pair, one, way), spent)
            for pair, one, way in zip(kept, marked, found, strict=True)
        ]
        if self.variant == "published":
            return back
        straight = _Direct(pipeline, kept, wanted, alignments, report)
        if self.variant == "fallback":
            found = straight.around(back)
        elif self.variant == "links":
            found = straight.with_links(back)
        else:
            found = straight.filled(back)
        return [_remember(one, two) for one, two in zip(found, back, strict=True)]

    def check(self, config: RunConfig) -> None:
        """Create every component once."""
        make_back_translator(config)
        Pipeline.from_config(config)


@dataclass(frozen=True)
class _Direct:
    """The direct way, with what the way back has to say."""

    pipeline: Pipeline
    pairs: Sequence[SentencePair]
    constraints: Mapping[str, Constraints]
    alignments: Sequence[Alignment] | None
    report: Progress

    def run(self) -> list[Projection]:
        return self._run(self.constraints, None)

    def with_links(self, back: Sequence[Projection]) -> list[Projection]:
        """Add the way back's links at words that no direct link reaches."""
        added = [
            links_to_unlinked(one.trace.alignment, two.trace.alignment)
            for one, two in zip(self.run(), back, strict=True)
        ]
        return self._run(self.constraints, added)

    def filled(self, back: Sequence[Projection]) -> list[Projection]:
        """Let the way back place what the direct way leaves out, on free words."""
        first = self.run()
        gaps = [where_direct_has_none(two, one) for one, two in zip(first, back, strict=True)]
        # The links are kept: an aligner that learns from the corpus must not see a part of it anew.
        known = {
            place: alignment
            for place, gap in enumerate(gaps)
            if gap.decisions and (alignment := first[place].trace.alignment) is not None
        }
        again = replace(
            self,
            pairs=[self.pairs[place] for place in known],
            alignments=list(known.values()),
        )
        found = dict(zip(known, again.around([gaps[place] for place in known]), strict=True))
        return [
            _fill_up(one, two) if one.failure is not None else found.get(place, one)
            for place, (one, two) in enumerate(zip(first, back, strict=True))
        ]

    def around(self, back: Sequence[Projection]) -> list[Projection]:
        """Fix what the way back decided; all other entities go the direct way."""
        fixed = {
            pair.id: _with_pins(self.constraints.get(pair.id, Constraints()), one)
            for pair, one in zip(self.pairs, back, strict=True)
        }
        direct = self._run(fixed, None)
        return [_fill_up(one, two) for one, two in zip(direct, back, strict=True)]

    def _run(
        self,
        constraints: Mapping[str, Constraints],
        added: Sequence[Alignment | None] | None,
    ) -> list[Projection]:
        return self.pipeline.run(
            self.pairs,
            constraints=constraints,
            alignments=self.alignments,
            added_links=added,
            progress=self.report,
        )


def _fill_up(direct: Projection, back: Projection) -> Projection:
    """Put the way back's own decisions in the place of the pins that stand for them.

    A failure on one way leaves the other's answer.
    """
    if direct.failure is not None:
        return back if back.failure is None and back.decisions else direct
    if back.failure is not None:
        return direct
    own = {(one.entity, one.candidate) for one in direct.decisions if one.reason == "pinned"}
    settled = [
        one
        for one in back.decisions
        if one.candidate is not None and any(_same(one, entity, span) for entity, span in own)
    ]
    entities = {one.entity for one in settled}
    decisions = [*settled, *(one for one in direct.decisions if one.entity not in entities)]
    alignment = direct.trace.alignment
    if alignment is not None and back.trace.alignment is not None:
        alignment = join_alignments(alignment, _links_of(back, entities))
    trace = replace(direct.trace, alignment=alignment)
    return replace(direct, decisions=tuple(sorted(decisions, key=_place)), trace=trace)


def _same(decision: Decision, entity: int, span: Candidate | None) -> bool:
    chosen = decision.candidate
    if chosen is None or span is None or decision.entity != entity:
        return False
    return (chosen.start, chosen.end) == (span.start, span.end)


def _links_of(back: Projection, entities: set[int]) -> Alignment | None:
    """Return the links that lead through the way back, of these entities only."""
    alignment = back.trace.alignment
    if alignment is None or not entities:
        return None
    words = {
        word
        for entity in entities
        for word in range(back.pair.source.spans[entity].start, back.pair.source.spans[entity].end)
    }
    return replace(alignment, links=tuple(link for link in alignment.links if link.source in words))


def _remember(found: Projection, back: Projection) -> Projection:
    """Keep the marked translation and what happened to its markers in the trace."""
    one, two = found.trace, back.trace
    messages = tuple(dict.fromkeys([*two.messages, *one.messages]))
    trace = replace(one, messages=messages, marked=two.marked)
    return with_seconds(replace(found, trace=trace), two.seconds)


def _place(decision: Decision) -> tuple[int, int]:
    return decision.entity, -1 if decision.candidate is None else decision.candidate.start


def _from_marked(pair: SentencePair, marked: MarkedTranslation) -> SentencePair:
    return SentencePair(marked.sentence, pair.target, pair.id, has_gold=pair.has_gold)


def _renumber(wanted: Constraints, marked: MarkedTranslation) -> Constraints:
    """Name pins and bans by the marked sentence's spans; those of lost entities wait."""

    def of(pairs: Sequence[EntityCandidate]) -> tuple[EntityCandidate, ...]:
        places = [(marked.span_of(one.entity), one) for one in pairs]
        return tuple(replace(one, entity=place) for place, one in places if place is not None)

    return Constraints(of(wanted.pins), of(wanted.bans))


def _with_pins(wanted: Constraints, back: Projection) -> Constraints:
    """Add what was found on the other way, where it leaves a reviewer's pins alone."""
    return replace(wanted, pins=(*wanted.pins, *spans_as_pins(back, wanted.pins)))


ROUTES.register(Backtranslation)
