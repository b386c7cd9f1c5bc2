"""Why one entity got its span: the options it had, what blocked them, what would flip it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.config import RunConfig
from core.errors import SpanbridgeError
from core.explain import entity_letter, explain_decision, explain_rival
from core.types import Candidate, Decision, EntityCandidate, Link, Projection
from core.whatif.case import Case, solve
from core.whatif.edits import Edits
from core.whatif.flips import Places, Track, places_of

OptionRole = Literal["chosen", "runner-up", "blocked"]

# A reader weighs a handful of options; the score table has the others.
_MOST_BLOCKED = 3
_MOST_LINKS = 12


@dataclass(frozen=True, slots=True)
class Option:
    """A target span an entity could have.

    Attributes:
        candidate: the span.
        text: its words.
        role: what became of it.
        score: total score; 0 where the method keeps none.
        parts: what each score adds to it, weight included, by the score's name.
        blocker: what stopped it although it scored higher, in words; empty if nothing did.
    """

    candidate: Candidate
    text: str
    role: OptionRole
    score: float
    parts: dict[str, float]
    blocker: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that, changed alone, would give the entity another span.

    Attributes:
        kind: a `knob` of the method, a `link`, or another entity's span (`ban`).
        text: what to change and what comes of it, in words.
        outcome: the entity's span then, in words.
        knob: key of the knob.
        value: its value.
        link: the link to add or take out.
        ban: the span to take from the entity that holds it.
    """

    kind: Literal["knob", "link", "ban"]
    text: str
    outcome: str
    knob: str = ""
    value: float = 0.0
    link: Link | None = None
    ban: EntityCandidate | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Why an entity got what it got.

    Attributes:
        entity: index of the source entity.
        title: its letter, class and text.
        verdict: the decision in words, a sentence for each of its spans.
        options: what it got, what came second, and what scored higher and was blocked.
        margin: score of the span it got less that of the runner-up; None where it has no score.
    """

    entity: int
    title: str
    verdict: tuple[str, ...]
    options: tuple[Option, ...]
    margin: float | None


def card(projection: Projection, entity: int) -> Card:
    """Tell why an entity got what it got.

    Args:
        projection: with decisions.
        entity: index of a source entity.
    """
    source = projection.pair.source
    span = source.spans[entity]
    decisions = [one for one in projection.decisions if one.entity == entity]
    scored = [one for one in decisions if one.candidate is not None and one.terms]
    return Card(
        entity=entity,
        title=f"{entity_letter(entity)} {span.label} “{source.text_of(span)}”",
        verdict=tuple(explain_decision(projection, one) for one in decisions),
        options=tuple(_options(projection, decisions)),
        margin=scored[0].margin if scored else None,
    )


def _options(projection: Projection, decisions: Sequence[Decision]) -> Iterator[Option]:
    told: set[tuple[int, int]] = set()
    for decision in decisions:
        if decision.candidate is not None:
            told.add((decision.candidate.start, decision.candidate.end))
            yield _option(projection, decision, decision.candidate, "chosen", decision.score)
    for decision in decisions:
        for rival in decision.blocked_by[:_MOST_BLOCKED]:
            place = (rival.candidate.start, rival.candidate.end)
            if place not in told:
                told.add(place)
                found = _option(projection, decision, rival.candidate, "blocked", rival.score)
                yield replace(found, blocker=explain_rival(projection, rival))
        second = decision.runner_up
        if second is not None and (second.start, second.end) not in told:
            told.add((second.start, second.end))
            yield _option(projection, decision, second, "runner-up", decision.runner_up_score)


def _option(
    projection: Projection, decision: Decision, candidate: Candidate, role: OptionRole, score: float
) -> Option:
    return Option(
        candidate=candidate,
        text=projection.pair.target.text_of(candidate),
        role=role,
        score=score,
        parts=_parts(projection, decision.entity, candidate),
    )


def _parts(projection: Projection, entity: int, candidate: Candidate) -> dict[str, float]:
    """Return what each score adds to a total, weight included."""
    scores, places = projection.trace.scores, projection.trace.candidates
    if scores is None or entity >= scores.total.shape[0]:
        return {}
    column = next(
        (
            index
            for index, one in enumerate(places)
            if (one.start, one.end) == (candidate.start, candidate.end)
        ),
        None,
    )
    if column is None or column >= scores.total.shape[1]:
        return {}
    return {
        name: float(scores.weights[name] * term[entity, column])
        for name, term in scores.terms.items()
    }


@dataclass
class _Search:
    """Tries single changes until time is up."""

    case: Case
    config: RunConfig
    edits: Edits
    projection: Projection
    entity: int
    deadline: float
    pause: Callable[[], object]

    def outcome(self, edits: Edits) -> Places | None:
        """Return where the entity goes with other edits, None if nowhere else or it fails."""
        if time.perf_counter() > self.deadline:
            return None
        self.pause()
        try:
            found = solve(self.case, self.config, edits)
        except SpanbridgeError:
            return None
        if found.failure is not None:
            return None
        own = tuple(one for one in places_of(found) if one[0] == self.entity)
        now = tuple(one for one in places_of(self.projection) if one[0] == self.entity)
        return None if own == now else own

    def links(self) -> Iterator[Change]:
        """Take out each link of the entity's words."""
        alignment = self.projection.trace.alignment
        span = self.projection.pair.source.spans[self.entity]
        if alignment is None or self.case.alignment is None:
            return
        own = [link for link in alignment.links if span.start <= link.source < span.end]
        for link in own[:_MOST_LINKS]:
            without = self.edits.toggle_link(link.source, link.target, self.case.alignment)
            found = self.outcome(without)
            if found is not None:
                outcome = places_in_words(self.projection, found)
                words = self._words(link)
                yield Change("link", f"without the link {words}", outcome, link=link)

    def _words(self, link: Link) -> str:
        pair = self.projection.pair
        return f"“{pair.source.words[link.source]}” – “{pair.target.words[link.target]}”"

    def holders(self) -> Iterator[Change]:
        """Take from each entity that blocks a better span the one it has."""
        seen = set()
        for decision in self.projection.decisions:
            if decision.entity != self.entity:
                continue
            for rival in decision.blocked_by:
                if rival.entity is None or rival.entity in seen:
                    continue
                seen.add(rival.entity)
                yield from self._without(rival.entity)

    def _without(self, holder: int) -> Iterator[Change]:
        for other in self.projection.decisions:
            if other.entity != holder or other.candidate is None:
                continue
            ban = EntityCandidate(holder, other.candidate.start, other.candidate.end)
            found = self.outcome(self.edits.ban(ban))
            if found is not None:
                outcome = places_in_words(self.projection, found)
                held = self.projection.pair.target.text_of(other.candidate)
                told = f"if {entity_letter(holder)} did not hold “{held}”"
                yield Change("ban", told, outcome, ban=ban)


def knob_changes(projection: Projection, entity: int, tracks: Sequence[Track]) -> list[Change]:
    """List the nearest positions of each knob that would give an entity another span.

    Args:
        projection: as it stands.
        entity: index of a source entity.
        tracks: flips of the knobs, from `find_flips`.
    """
    changes = []
    for track in tracks:
        knob = track.knob
        for flip in track.next_for(entity):
            up = flip.at > knob.value
            value, places = (flip.at, flip.new) if up else (flip.before, flip.old)
            own = tuple(one for one in places if one[0] == entity)
            side = "more" if up else "less"
            text = f"{knob.label} {knob.text(value)} or {side} (now {knob.text(knob.value)})"
            outcome = places_in_words(projection, own)
            changes.append(Change("knob", text, outcome, knob=knob.key, value=value))
    return changes


def other_changes(
    case: Case,
    config: RunConfig,
    edits: Edits,
    projection: Projection,
    entity: int,
    *,
    seconds: float = 0.4,
    pause: Callable[[], object] = lambda: None,
) -> list[Change]:
    """List links and other entities' spans that, changed alone, would give an entity another span.

    Args:
        case: the pair.
        config: the method.
        edits: what was changed on the pair.
        projection: as it stands.
        entity: index of a source entity.
        seconds: time to spend.
        pause: called before each try; whoever no longer wants the answer raises there.
    """
    deadline = time.perf_counter() + seconds
    search = _Search(case, config, edits, projection, entity, deadline, pause)
    return [*search.holders(), *search.links()]


def places_in_words(projection: Projection, places: Places) -> str:
    """Name the spans of one entity."""
    target = projection.pair.target
    texts = [f"“{target.text_of(Candidate(start, end))}”" for _, start, end in places]
    return " and ".join(texts) or "not projected"
