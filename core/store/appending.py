"""Writing to the log of decisions, and to what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.store.answers import Answer, written
from core.store.database import now
from core.store.entries import Kind, State
from core.store.people import Actor
from core.store.projects import Project
from core.store.schema import BATCHES, DECISIONS, STATES

_Item = TypeVar("_Item")
# Values in one statement: both databases take some thousands.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision to be written.

    Attributes:
        state: what stands before it.
        answer: what it leads to.
        undoes: id of the decision that it undoes or does again.
    """

    state: State
    answer: Answer
    undoes: int | None = None


def append(
    connection: Connection,
    project: Project,
    entries: Sequence[Entry],
    kind: Kind,
    actor: Actor,
    *,
    batch: int | None = None,
) -> list[State]:
    """Write decisions of one track on different sentences, and let them stand.

    Args:
        connection: in a transaction that is alone in the project.
        project: of the sentences.
        entries: at least one.
        kind: what was done.
        actor: who did it.
        batch: of the bulk change they are part of.

    Returns:
        What stands now, in the order of the entries.

    Raises:
        StoreError: somebody has decided on the same version (code changed-meanwhile).
    """
    at = now()
    made: list[State] = []
    for some in _chunks(entries):
        states = [
            State(
                sentence=one.state.sentence,
                track=one.state.track,
                version=one.state.version + 1,
                answer=one.answer,
                kind=kind,
                reviewer=actor.name,
                at=at,
                bulk=batch is not None,
            )
            for one in some
        ]
        ids = _log_them(connection, some, states, batch)
        _let_them_stand(connection, project, states, ids)
        made += states
    return made


def _chunks(entries: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(entries), _AT_ONCE):
        yield entries[start : start + _AT_ONCE]


def _log_them(
    connection: Connection, entries: Sequence[Entry], states: Sequence[State], batch: int | None
) -> list[int]:
    rows = [
        {
            "sentence": one.sentence,
            "track": one.track,
            "version": one.version,
            "kind": one.kind,
            "reviewer": one.reviewer,
            "at": one.at,
            "answer": written(one.answer),
            "batch": batch,
            "undoes": entry.undoes,
        }
        for entry, one in zip(entries, states, strict=True)
    ]
    insert = DECISIONS.insert().returning(DECISIONS.c.id, sort_by_parameter_order=True)
    try:
        return [int(number) for number in connection.execute(insert, rows).scalars()]
    except IntegrityError as error:
        raise changed(entries[0].state) from error


def _let_them_stand(
    connection: Connection, project: Project, states: Sequence[State], ids: Sequence[int]
) -> None:
    sentences = [one.sentence for one in states]
    gone = (STATES.c.sentence.in_(sentences), STATES.c.track == states[0].track)
    connection.execute(STATES.delete().where(*gone))
    rows = [
        {
            "sentence": one.sentence,
            "track": one.track,
            "project": project.id,
            "version": one.version,
            "decision": number,
            "status": one.answer.status,
            "reviewer": one.reviewer,
            "at": one.at,
            "bulk": one.bulk,
        }
        for one, number in zip(states, ids, strict=True)
    ]
    connection.execute(STATES.insert(), rows)


def new_batch(
    connection: Connection, project: Project, kind: Kind, description: str, actor: Actor
) -> int:
    """Write down a bulk change, and return its number."""
    values = {
        "project": project.id,
        "kind": kind,
        "description": description,
        "reviewer": actor.name,
        "at": now(),
    }
    made = connection.execute(BATCHES.insert().values(**values).returning(BATCHES.c.id))
    return int(made.scalar_one())


def changed(state: State) -> StoreError:
    """Return the error for a decision on a version that is no longer the latest."""
    latest = (
        f"that of {state.reviewer} ({state.kind}, {state.at[:16].replace('T', ' ')} UTC)"
        if state.version
        else "the first: nobody has decided yet"
    )
    return StoreError(
        f"a decision must be made on the latest version, got one on another than {latest}",
        code="changed-meanwhile",
        hint="nothing was overwritten: look at what stands now, and decide again if you still want "
        "to",
    )
