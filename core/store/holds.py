"""Who works on which sentence: what one person holds is not given to another.

A hold ends when its sentence is decided on and left, when its holder takes another sentence, or by
itself after some minutes, so that a closed window keeps nothing from anybody.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from sqlalchemy import Connection, Delete, select

from core.store.answers import DONE
from core.store.database import Store
from core.store.decisions import SHARED, track_of
from core.store.people import Actor, require
from core.store.projects import Project, require_sentences
from core.store.schema import HOLDS, SENTENCES, STATES

HOLD_SECONDS = 15 * 60
_FIRST = 50


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody works on a sentence.

    Attributes:
        sentence: its id.
        reviewer: who holds it.
        until: when it ends by itself, in seconds since 1970.
    """

    sentence: int
    reviewer: str
    until: float


def claim(
    store: Store,
    actor: Actor,
    project: Project,
    order: Iterable[int],
    *,
    again: bool = False,
    at: float | None = None,
) -> int | None:
    """Take the first sentence that is free, and let go of all others one holds in the project.

    Where none is free, what one holds stays: one goes on looking at it.

    Args:
        store: where.
        actor: who asks.
        project: the project.
        order: ids of sentences, the most wanted first.
        again: whether sentences that the actor (or all together) have done may come again.
        at: the time, in seconds since 1970; None for now.

    Returns:
        The id of the sentence, now held; None where none of them is free.

    Raises:
        StoreError: they may not review (not-allowed); a sentence is none of the project's
            (unknown-name); the store fails.
    """
    require(actor, "reviewer", "take a sentence to review")
    at = time.time() if at is None else at
    wanted = list(order)  # not while others wait for us
    # Mostly a free sentence is among the first; only else all of the project is looked at.
    first, others = wanted[:_FIRST], wanted[_FIRST:]
    with store.write(project.id) as connection:
        for some, known in ((first, first), (others, None)):
            if not some:
                continue
            taken = _Taken.of(connection, project, actor, known, at)
            for sentence in some:
                slot = taken.free_slot(sentence, again=again)
                if slot is not None:
                    require_sentences(connection, project, {sentence})
                    _hold(connection, project, actor, sentence, slot, at)
                    return sentence
    return None


def hold(
    store: Store, actor: Actor, project: Project, sentence: int, *, at: float | None = None
) -> list[Hold]:
    """Take one sentence if it is free, and let go of all others one holds in the project.

    Returns:
        Who holds it instead, was given it or has answered it, so that no answer is wanted any more;
        `until` is infinite where that does not end by itself. Empty where it is now the actor's.

    Raises:
        StoreError: they may not review (not-allowed); the sentence is none of the project's
            (unknown-name); the store fails.
    """
    require(actor, "reviewer", "take a sentence to review")
    at = time.time() if at is None else at
    with store.write(project.id) as connection:
        require_sentences(connection, project, {sentence})
        taken = _Taken.of(connection, project, actor, [sentence], at)
        slot = taken.free_slot(sentence, again=True)
        if slot is None:
            connection.execute(_mine(project, actor))
            return taken.keepers(sentence)
        _hold(connection, project, actor, sentence, slot, at)
    return []


def release(store: Store, actor: Actor, project: Project) -> None:
    """Let go of all that somebody holds in a project."""
    with store.write(project.id) as connection:
        connection.execute(_mine(project, actor))


def holds(store: Store, project: Project, *, at: float | None = None) -> list[Hold]:
    """List who holds what."""
    at = time.time() if at is None else at
    wanted = HOLDS.select().where(HOLDS.c.project == project.id, HOLDS.c.until > at)
    with store.read() as connection:
        rows = connection.execute(wanted.order_by(HOLDS.c.sentence))
        return [Hold(row.sentence, row.reviewer, row.until) for row in rows]


def _mine(project: Project, actor: Actor) -> Delete:
    return HOLDS.delete().where(HOLDS.c.project == project.id, HOLDS.c.reviewer == actor.name)


def _hold(
    connection: Connection, project: Project, actor: Actor, sentence: int, slot: int, at: float
) -> None:
    connection.execute(_mine(project, actor))
    ended = (HOLDS.c.sentence == sentence, HOLDS.c.until <= at)
    connection.execute(HOLDS.delete().where(*ended))
    connection.execute(
        HOLDS.insert().values(
            sentence=sentence,
            slot=slot,
            project=project.id,
            reviewer=actor.name,
            until=at + HOLD_SECONDS,
        )
    )


@dataclass(frozen=True, slots=True)
class _Taken:
    """What of some sentences is not free for somebody.

    Attributes:
        held: of each sentence, by slot, what others hold.
        done: of each sentence, who else has done it in a track of their own.
        mine: sentences the actor has done, in the track they write to.
        given: to whom alone sentences are given.
        reviewers: answers a sentence wants.
        name: of the actor.
    """

    held: dict[int, dict[int, Hold]]
    done: dict[int, set[str]]
    mine: set[int]
    given: dict[int, str]
    reviewers: int
    name: str

    @classmethod
    def of(
        cls,
        connection: Connection,
        project: Project,
        actor: Actor,
        sentences: Sequence[int] | None,
        at: float,
    ) -> _Taken:
        """Read it for some sentences, or for all of the project."""
        held, done = dict[int, dict[int, Hold]](), dict[int, set[str]]()
        lasting = HOLDS.select().where(HOLDS.c.project == project.id, HOLDS.c.until > at)
        for row in connection.execute(lasting):
            if row.reviewer != actor.name:
                one = Hold(row.sentence, row.reviewer, row.until)
                held.setdefault(row.sentence, {})[row.slot] = one
        mine = set[int]()
        track = track_of(project, actor)
        finished = select(STATES.c.sentence, STATES.c.track).where(
            STATES.c.project == project.id, STATES.c.status.in_(sorted(DONE))
        )
        to_one = select(SENTENCES.c.id, SENTENCES.c.assigned).where(
            SENTENCES.c.project == project.id, SENTENCES.c.assigned.is_not(None)
        )
        if sentences is not None:
            finished = finished.where(STATES.c.sentence.in_(sentences))
            to_one = to_one.where(SENTENCES.c.id.in_(sentences))
        for row in connection.execute(finished):
            if row.track == track:
                mine.add(row.sentence)
            elif track != SHARED and row.track != SHARED:
                done.setdefault(row.sentence, set()).add(row.track)
        given = {row.id: str(row.assigned) for row in connection.execute(to_one)}
        return cls(held, done, mine, given, project.reviewers, actor.name)

    def free_slot(self, sentence: int, *, again: bool) -> int | None:
        """Return a slot of a sentence that is free; None if there is none."""
        if self.given.get(sentence, self.name) != self.name:
            return None
        if sentence in self.mine and not again:
            return None
        # Whoever has done it and looks at it again takes one place, not two.
        held = self.held.get(sentence, {})
        others = self.done.get(sentence, set()) | {one.reviewer for one in held.values()}
        if sentence not in self.mine and len(others) >= self.reviewers:
            return None
        return next((slot for slot in range(self.reviewers) if slot not in held), None)

    def keepers(self, sentence: int) -> list[Hold]:
        """Return who keeps a sentence from the actor."""
        given = self.given.get(sentence, self.name)
        if given != self.name:
            return [Hold(sentence, given, inf)]
        held = list(self.held.get(sentence, {}).values())
        done = self.done.get(sentence, set()) - {one.reviewer for one in held}
        return held + [Hold(sentence, name, inf) for name in sorted(done)]


def progress(store: Store, project: Project) -> dict[str, dict[str, int]]:
    """Count sentences by reviewer and status, the shared track under its own reviewers."""
    wanted = select(STATES.c.reviewer, STATES.c.status).where(STATES.c.project == project.id)
    counts: dict[str, dict[str, int]] = {}
    with store.read() as connection:
        for row in connection.execute(wanted):
            mine = counts.setdefault(row.reviewer, {})
            mine[row.status] = mine.get(row.status, 0) + 1
    return counts
