"""Where on its track a knob changes what is decided.

Every position is solved, coarse ones first and then those between two that differ, so that what is
found within the time given is the most telling. `complete` says whether all positions were solved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from core.config import RunConfig
from core.errors import SpanbridgeError
from core.projectors import PROJECTORS
from core.stages import fuse, problem_of
from core.types import Decision, Projection
from core.whatif.case import Case, evidence_key, solve
from core.whatif.edits import Edits
from core.whatif.knobs import Knob, turn

Places = tuple[tuple[int, int, int], ...]
"""What is decided: (entity, start, end) of every projected span, sorted."""

_COARSE = 12


@dataclass(frozen=True, slots=True)
class Flip:
    """One position of a knob at which the decisions change.

    Attributes:
        knob: what is turned.
        before: the position below, still decided as before.
        at: the first position decided otherwise, going up.
        old: what is decided below.
        new: what is decided from there on.
    """

    knob: Knob
    before: float
    at: float
    old: Places
    new: Places

    def entities(self) -> tuple[int, ...]:
        """List the entities whose spans change."""
        changed = {one[0] for one in set(self.old) ^ set(self.new)}
        return tuple(sorted(changed))


@dataclass(frozen=True, slots=True)
class Track:
    """A knob with all its flips.

    Attributes:
        knob: what is turned.
        flips: in order of their positions.
        complete: whether every position was solved; if not, two flips that cancel out between two
            solved positions may be missing.
    """

    knob: Knob
    flips: tuple[Flip, ...]
    complete: bool

    def next_for(self, entity: int) -> tuple[Flip, ...]:
        """Return the nearest flip of an entity below and above the value, as far as there are."""
        own = [flip for flip in self.flips if _of(flip.old, entity) != _of(flip.new, entity)]
        below = [flip for flip in own if flip.at <= self.knob.value]
        above = [flip for flip in own if flip.at > self.knob.value]
        return (*below[-1:], *above[:1])


def _of(places: Places, entity: int) -> Places:
    return tuple(one for one in places if one[0] == entity)


def places_of(projection: Projection) -> Places:
    """Return what a projection decided."""
    return _places(projection.decisions)


def _places(decisions: Sequence[Decision]) -> Places:
    return tuple(
        sorted(
            (one.entity, one.candidate.start, one.candidate.end)
            for one in decisions
            if one.candidate is not None
        )
    )


@dataclass
class _Positions:
    """Solves positions of one knob, each once, while there is time."""

    positions: Sequence[float]
    decide: Callable[[float], Places | None]
    deadline: float
    pause: Callable[[], object]
    known: dict[int, Places | None] = field(default_factory=dict)

    def solve(self, place: int) -> bool:
        """Solve one position; False when time is up."""
        if place in self.known:
            return True
        if time.perf_counter() > self.deadline:
            return False
        self.pause()
        self.known[place] = self.decide(self.positions[place])
        return True

    def search(self) -> None:
        last = len(self.positions) - 1
        coarse = sorted({round(last * part / _COARSE) for part in range(_COARSE + 1)})
        if not all(map(self.solve, coarse)):
            return
        for low, high in pairwise(coarse):
            self._narrow(low, high)
        all(map(self.solve, range(last + 1)))

    def _narrow(self, low: int, high: int) -> None:
        """Halve a stretch whose ends differ until the flips in it are found."""
        if high - low < 2 or self.known.get(low) == self.known.get(high):
            return
        middle = (low + high) // 2
        if self.solve(middle):
            self._narrow(low, middle)
            self._narrow(middle, high)


def find_flips(
    case: Case,
    config: RunConfig,
    edits: Edits,
    knob: Knob,
    *,
    seconds: float = 0.5,
    pause: Callable[[], object] = lambda: None,
) -> Track:
    """Find the positions of a knob at which the decisions change.

    Args:
        case: the pair.
        config: the method as it stands.
        edits: what was changed on the pair.
        knob: what to turn.
        seconds: time to spend; what is not solved by then is left out.
        pause: called before each position; whoever no longer wants the answer raises there.
    """
    deadline = time.perf_counter() + seconds
    decide = _solver(case, config, edits, knob)
    if case.inputs is not None and knob.kind in ("weight", "matching"):
        decide = _rematcher(case, config, edits, knob) or decide
    positions = knob.positions()
    found = _Positions(positions, decide, deadline, pause)
    found.search()
    return Track(knob, _flips(knob, positions, found.known), len(found.known) == len(positions))


def _solver(
    case: Case, config: RunConfig, edits: Edits, knob: Knob
) -> Callable[[float], Places | None]:
    """Return what solves the pair with the knob at a position; None where it cannot be."""
    key = evidence_key(config)

    def decide(value: float) -> Places | None:
        turned = turn(config, {knob.key: value})
        # Without any weight there is nothing to match; with another encoder it is another case.
        if (config.scores and not turned.scores) or evidence_key(turned) != key:
            return None
        try:
            projection = solve(case, turned, edits)
        except SpanbridgeError:
            return None
        return None if projection.failure is not None else places_of(projection)

    return decide


def _rematcher(
    case: Case, config: RunConfig, edits: Edits, knob: Knob
) -> Callable[[float], Places | None] | None:
    """Return the same for knobs that leave candidates and score terms alone: it only matches anew.

    None where the pair cannot be solved with all scores in.
    """
    full = turn(config, {knob.key: knob.high}) if knob.kind == "weight" else config
    if evidence_key(full) != evidence_key(config):
        return None
    try:
        projection = solve(case, full, edits)
    except SpanbridgeError:
        return None
    if projection.failure is not None:
        return None
    problem = replace(problem_of(projection), pins=edits.pins, bans=edits.bans)

    def decide(value: float) -> Places | None:
        turned = turn(config, {knob.key: value})
        changed = problem
        if problem.scores is not None:
            weights = {score.name: score.weight for score in turned.scores}
            if not weights:
                return None
            terms = {name: problem.scores.terms[name] for name in weights}
            changed = replace(problem, scores=fuse(terms, weights))
        projector = PROJECTORS.create(turned.projector.name, turned.projector.parameters)
        try:
            return _places(projector.project(changed).decisions)
        except SpanbridgeError:
            return None

    return decide


def _flips(
    knob: Knob, positions: Sequence[float], known: dict[int, Places | None]
) -> tuple[Flip, ...]:
    solved = [(place, places) for place, places in sorted(known.items()) if places is not None]
    return tuple(
        Flip(knob, positions[low], positions[high], old, new)
        for (low, old), (high, new) in pairwise(solved)
        if old != new
    )
