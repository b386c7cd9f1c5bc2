"""Reading the log of decisions: what stands, who said what, and what was done in bulk."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, Row, Select, bindparam, select

from core.store.answers import read
from core.store.database import Store
from core.store.entries import (
    KINDS,
    SHARED,
    Batch,
    Decision,
    Kind,
    Standing,
    State,
    Step,
    past_and_future,
)
from core.store.people import Actor
from core.store.projects import Project, require_sentences
from core.store.schema import BATCHES, DECISIONS, SENTENCES, STATES

# Decisions that undoing looks back over: more than anybody takes back one by one.
_LOOKED_BACK = 500


def state_of(store: Store, project: Project, sentence: int, track: str = SHARED) -> State:
    """Return what stands for a sentence."""
    with store.read() as connection:
        return read_state(connection, project, sentence, track)


def states(store: Store, project: Project, track: str | None = SHARED) -> list[State]:
    """Return what stands for every sentence that was decided on.

    Args:
        store: where.
        project: the project.
        track: the one to look at; None for all of them.
    """
    with store.read() as connection:
        return list(read_states(connection, project, track).values())


def standing(store: Store, project: Project, track: str = SHARED) -> dict[int, Standing]:
    """Return what stands in a track, by sentence; those nobody decided on are left out."""
    wanted = STATES.select().where(STATES.c.project == project.id, STATES.c.track == track)
    with store.read() as connection:
        return {
            row.sentence: Standing(row.status, row.reviewer, row.bulk, row.version)
            for row in connection.execute(wanted)
        }


def noted(store: Store, project: Project, track: str = SHARED) -> set[int]:
    """Return the sentences that have a note in a track and no verdict, by id."""
    wanted = _with_decisions().where(
        STATES.c.project == project.id, STATES.c.track == track, STATES.c.status == "open"
    )
    with store.read() as connection:
        rows = map(_stored, connection.execute(wanted))
        return {one.sentence for one in rows if one.answer.note}


def last_own(store: Store, actor: Actor, project: Project, track: str) -> int | None:
    """Return the sentence of the last thing somebody did one by one and can take back.

    Args:
        store: where.
        actor: who.
        project: the project.
        track: whose line.
    """
    mine = (
        select(DECISIONS.c.id, DECISIONS.c.sentence)
        .join(SENTENCES, SENTENCES.c.id == DECISIONS.c.sentence)
        .where(
            SENTENCES.c.project == project.id,
            DECISIONS.c.reviewer == actor.name,
            DECISIONS.c.track == track,
            DECISIONS.c.batch.is_(None),
            DECISIONS.c.undoes.is_(None),
        )
        .order_by(DECISIONS.c.id.desc())
        .limit(_LOOKED_BACK)
    )
    with store.read() as connection:
        for row in connection.execute(mine).all():
            past, _ = past_and_future(read_log(connection, row.sentence, track))
            if past and past[-1].id == row.id:
                return int(row.sentence)
    return None


def log_of(store: Store, sentence: int, track: str | None = None) -> list[Decision]:
    """Return the decisions on a sentence, oldest first.

    Args:
        store: where.
        sentence: its id.
        track: the one to look at; None for all of them.
    """
    with store.read() as connection:
        return read_log(connection, sentence, track)


def log_of_project(store: Store, project: Project, *, until: int | None = None) -> list[Decision]:
    """Return all decisions of a project, oldest first.

    Args:
        store: where.
        project: the project.
        until: the last decision to return.
    """
    wanted = (
        DECISIONS.select()
        .join(SENTENCES, SENTENCES.c.id == DECISIONS.c.sentence)
        .where(SENTENCES.c.project == project.id)
        .order_by(DECISIONS.c.id)
    )
    if until is not None:
        wanted = wanted.where(DECISIONS.c.id <= until)
    with store.read() as connection:
        return [_decision(row) for row in connection.execute(wanted)]


def batches(store: Store, project: Project) -> list[Batch]:
    """List the bulk changes of a project, the newest first."""
    with store.read() as connection:
        made = BATCHES.select().where(BATCHES.c.project == project.id)
        rows = connection.execute(made.order_by(BATCHES.c.id.desc())).all()
        counts, still = _batch_counts(connection, project)
    return [
        Batch(
            id=row.id,
            kind=kind_of(row.kind),
            description=row.description,
            reviewer=row.reviewer,
            at=row.at,
            sentences=counts[row.id],
            standing=still[row.id],
        )
        for row in rows
    ]


def _batch_counts(
    connection: Connection, project: Project
) -> tuple[Counter[int | None], Counter[int | None]]:
    """Count for every bulk change its sentences, and those where undoing it would undo something.

    The log is folded as for undoing: what was undone and done again stands.
    """
    wanted = (
        select(DECISIONS.c.sentence, DECISIONS.c.track, DECISIONS.c.kind, DECISIONS.c.batch)
        .join(SENTENCES, SENTENCES.c.id == DECISIONS.c.sentence)
        .where(SENTENCES.c.project == project.id)
        .order_by(DECISIONS.c.id)
    )
    logs: dict[tuple[int, str], list[Step]] = {}
    for row in connection.execute(wanted):
        logs.setdefault((row.sentence, row.track), []).append(Step(kind_of(row.kind), row.batch))
    counts = Counter(one.batch for log in logs.values() for one in log)
    pasts = (past_and_future(log)[0] for log in logs.values())
    return counts, Counter(past[-1].batch for past in pasts if past)


def sentences_of_batch(store: Store, batch: int) -> list[int]:
    """Return the ids of the sentences that a bulk change was about, ascending."""
    with store.read() as connection:
        return read_batch(connection, batch)


def read_track(connection: Connection, batch: int) -> str:
    """Return the track that a bulk change was made in."""
    wanted = select(DECISIONS.c.track).where(DECISIONS.c.batch == batch).limit(1)
    return str(connection.execute(wanted).scalar_one())


def read_batch(connection: Connection, batch: int) -> list[int]:
    """Return the ids of the sentences of a bulk change, ascending."""
    wanted = select(DECISIONS.c.sentence).where(DECISIONS.c.batch == batch)
    return [row.sentence for row in connection.execute(wanted.order_by(DECISIONS.c.sentence))]


def _with_decisions() -> Select[tuple[object, ...]]:
    joined = STATES.join(DECISIONS, DECISIONS.c.id == STATES.c.decision)
    return select(
        STATES.c.sentence,
        STATES.c.track,
        STATES.c.version,
        STATES.c.reviewer,
        STATES.c.at,
        STATES.c.bulk,
        DECISIONS.c.kind,
        DECISIONS.c.answer,
    ).select_from(joined)


def read_state(connection: Connection, project: Project, sentence: int, track: str) -> State:
    """Return what stands for a sentence of the project."""
    wanted = _with_decisions().where(
        STATES.c.project == project.id,
        STATES.c.sentence == bindparam("of"),
        STATES.c.track == bindparam("line"),
    )
    row = connection.execute(wanted, {"of": sentence, "line": track}).first()
    if row is not None:
        return _stored(row)
    require_sentences(connection, project, {sentence})
    return State(sentence, track)


def read_states(
    connection: Connection, project: Project, track: str | None
) -> dict[tuple[int, str], State]:
    """Return what stands, by sentence and track; with None all tracks."""
    wanted = _with_decisions().where(STATES.c.project == project.id)
    if track is not None:
        wanted = wanted.where(STATES.c.track == track)
    rows = connection.execute(wanted.order_by(STATES.c.sentence, STATES.c.track))
    return {(row.sentence, row.track): _stored(row) for row in rows}


def _stored(row: Row[tuple[object, ...]]) -> State:
    known = row._mapping
    return State(
        sentence=int(known["sentence"]),
        track=str(known["track"]),
        version=int(known["version"]),
        answer=read(str(known["answer"])),
        kind=kind_of(known["kind"]),
        reviewer=str(known["reviewer"]),
        at=str(known["at"]),
        bulk=bool(known["bulk"]),
    )


def read_log(connection: Connection, sentence: int, track: str | None) -> list[Decision]:
    """Return the decisions on a sentence, oldest first; with None of all tracks."""
    wanted = DECISIONS.select().where(DECISIONS.c.sentence == sentence)
    if track is not None:
        wanted = wanted.where(DECISIONS.c.track == track)
    return [_decision(row) for row in connection.execute(wanted.order_by(DECISIONS.c.id))]


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    known = dict(row._mapping)
    answer = read(str(known.pop("answer")))
    return Decision(**known, answer=answer)


def read_logs_of_batch(connection: Connection, batch: int, track: str) -> dict[int, list[Decision]]:
    """Return the logs of the sentences of a bulk change in its track, by sentence, ascending."""
    touched = select(DECISIONS.c.sentence).where(DECISIONS.c.batch == batch)
    wanted = DECISIONS.select().where(DECISIONS.c.sentence.in_(touched), DECISIONS.c.track == track)
    logs: dict[int, list[Decision]] = {}
    for row in connection.execute(wanted.order_by(DECISIONS.c.sentence, DECISIONS.c.id)):
        logs.setdefault(row.sentence, []).append(_decision(row))
    return logs


def kind_of(text: str) -> Kind:
    """Return a kind by its name, which the log holds."""
    return next(kind for kind in KINDS if kind == text)
