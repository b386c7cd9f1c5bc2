"""Decisions: an append-only log of who said what, when, on which version; and what stands now.

A track is a line of decisions on one sentence: the shared one, whose answer counts, or a reviewer's
own, where several answer independently. A decision names the version it was made on; if somebody
has decided since, it is refused, and whoever made it is told. Undoing is a decision too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, get_args

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.store.answers import NO_ANSWER, Answer, Status, read, written
from core.store.database import Store, now
from core.store.people import Actor, require
from core.store.projects import Project, require_sentences
from core.store.schema import BATCHES, DECISIONS, SENTENCES, STATES

SHARED = ""
"""The track whose answer counts."""
Kind = Literal[
    "accept",
    "reject",
    "flag",
    "take",  # another method's answer, and accepted
    "edit",  # spans, classes, links, note
    "apply",  # a correction made elsewhere
    "adjudicate",  # the last word where reviewers differ
    "import",  # from a file
    "undo",
    "redo",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Decisions that undoing looks back over: more than anybody takes back one by one.
_LOOKED_BACK = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of the log.

    Attributes:
        id: number in the store, ascending in time.
        sentence: id of the sentence.
        track: the shared one, or a reviewer's name.
        version: from 1 in its track.
        kind: what was done.
        reviewer: who did it.
        at: when, UTC.
        answer: what it led to.
        batch: of the bulk change it is part of.
        undoes: id of the decision that it undoes or does again.
    """

    id: int
    sentence: int
    track: str
    version: int
    kind: Kind
    reviewer: str
    at: str
    answer: Answer
    batch: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What stands for a sentence in a track.

    Attributes:
        sentence: id of the sentence.
        track: the shared one, or a reviewer's name.
        version: how many decisions led here; 0 before the first.
        answer: the answer.
        kind: of the last decision; None before the first.
        reviewer: who made it.
        at: when, UTC.
        bulk: whether it was made for many sentences at once.
    """

    sentence: int
    track: str = SHARED
    version: int = 0
    answer: Answer = NO_ANSWER
    kind: Kind | None = None
    reviewer: str = ""
    at: str = ""
    bulk: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An answer to keep, and the version it was made on."""

    sentence: int
    answer: Answer
    version: int


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a bulk change did.

    Attributes:
        batch: its number, to undo it by; None where nothing was changed.
        done: ids of the sentences that were changed.
        refused: ids of those that somebody had changed meanwhile.
    """

    batch: int | None
    done: tuple[int, ...]
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A bulk change.

    Attributes:
        id: number in the store.
        kind: what was done.
        description: in words.
        reviewer: who did it.
        at: when, UTC.
        sentences: how many it changed.
        standing: of how many it is still the last word.
    """

    id: int
    kind: Kind
    description: str
    reviewer: str
    at: str
    sentences: int
    standing: int


def track_of(project: Project, actor: Actor) -> str:
    """Return the track that somebody's decisions go to."""
    return SHARED if project.reviewers == 1 else actor.name


def decide(
    store: Store,
    actor: Actor,
    project: Project,
    change: Change,
    kind: Kind,
    *,
    track: str = SHARED,
) -> State:
    """Keep a decision; when this returns, it is on the disk.

    Args:
        store: where.
        actor: who decides.
        project: of the sentence.
        change: the answer, and the version it was made on.
        kind: what was done.
        track: whose line it belongs to.

    Returns:
        What stands now.

    Raises:
        StoreError: they may not (not-allowed); somebody has decided since (changed-meanwhile); the
            store fails. Nothing is changed then.
    """
    _check_kind(kind)
    _require_track(actor, project, track, kind)
    with store.write(project.id) as connection:
        state = _state(connection, project, change.sentence, track)
        if state.version != change.version:
            raise _changed(state)
        return _append(connection, project, state, change.answer, kind, actor)


def decide_many(
    store: Store,
    actor: Actor,
    project: Project,
    changes: Sequence[Change],
    kind: Kind,
    description: str,
    *,
    track: str = SHARED,
) -> BatchResult:
    """Keep many answers of a track as one change that is undone in one step.

    Args:
        store: where.
        actor: who decides.
        project: of the sentences.
        changes: the answers, each with the version it was made on.
        kind: what was done.
        description: in words, for the list of bulk changes.
        track: whose line they belong to.

    Returns:
        What was changed; sentences that somebody changed meanwhile are left alone and listed, as
        are changes after the first of the same sentence.

    Raises:
        StoreError: they may not (not-allowed); a sentence is none of the project's (unknown-name);
            the store fails. Nothing is changed then.
    """
    _check_kind(kind)
    _require_track(actor, project, track, kind)
    with store.write(project.id) as connection:
        require_sentences(connection, project, {one.sentence for one in changes})
        known = {one.sentence: one for one in _states(connection, project, track).values()}
        fine: dict[int, Change] = {}
        refused: list[int] = []
        for one in changes:
            state = known.get(one.sentence, State(one.sentence, track))
            if one.sentence not in fine and state.version == one.version:
                fine[one.sentence] = one
            else:
                refused.append(one.sentence)
        if not fine:
            return BatchResult(None, (), tuple(refused))
        batch = _new_batch(connection, project, kind, description, actor)
        for one in fine.values():
            state = known.get(one.sentence, State(one.sentence, track))
            _append(connection, project, state, one.answer, kind, actor, batch=batch)
    return BatchResult(batch, tuple(fine), tuple(refused))


def undo(
    store: Store, actor: Actor, project: Project, sentence: int, *, track: str, version: int
) -> State:
    """Take the last decision of a track back.

    Args:
        store: where.
        actor: who does it.
        project: of the sentence.
        sentence: its id.
        track: whose line.
        version: that they see.

    Returns:
        What stands now; the same where there is nothing to undo.

    Raises:
        StoreError: it was somebody else's, and they are no admin (not-allowed); somebody has
            decided since (changed-meanwhile); the store fails.
    """
    return _step(store, actor, project, sentence, track, version, "undo")


def redo(
    store: Store, actor: Actor, project: Project, sentence: int, *, track: str, version: int
) -> State:
    """Do again what was undone last; arguments, result and errors as for `undo`."""
    return _step(store, actor, project, sentence, track, version, "redo")


def _step(
    store: Store,
    actor: Actor,
    project: Project,
    sentence: int,
    track: str,
    version: int,
    kind: Literal["undo", "redo"],
) -> State:
    _require_track(actor, project, track, kind)
    with store.write(project.id) as connection:
        state = _state(connection, project, sentence, track)
        if state.version != version:
            raise _changed(state)
        past, future = _line(_log(connection, sentence, track))
        if kind == "undo":
            if not past:
                return state
            target, answer = past[-1], past[-2].answer if len(past) > 1 else NO_ANSWER
        else:
            if not future:
                return state
            target, answer = future[-1], future[-1].answer
        if target.reviewer != actor.name:
            require(actor, "admin", f"take back what {target.reviewer} decided")
        return _append(connection, project, state, answer, kind, actor, undoes=target.id)


def undo_batch(store: Store, actor: Actor, project: Project, batch: int) -> BatchResult:
    """Take a bulk change back, in one step, wherever it is still the last word.

    Args:
        store: where.
        actor: who does it.
        project: of the change.
        batch: its number.

    Returns:
        What was changed back; sentences decided since then are left alone and listed.

    Raises:
        StoreError: it was somebody else's, and they are no admin (not-allowed); there is none of
            this number (unknown-name); the store fails.
    """
    require(actor, "reviewer", "take a bulk change back")
    with store.write(project.id) as connection:
        found = BATCHES.select().where(BATCHES.c.id == batch, BATCHES.c.project == project.id)
        made = connection.execute(found).first()
        if made is None:
            raise StoreError(
                f"a bulk change must be one of the project's, got {batch}", code="unknown-name"
            )
        if made.reviewer != actor.name:
            require(actor, "admin", f"take back what {made.reviewer} decided")
        track = _track_of_batch(connection, batch)
        _require_track(actor, project, track, "undo")
        standing: list[tuple[int, list[Decision], list[Decision]]] = []
        refused: list[int] = []
        for sentence in _sentences_of(connection, batch):
            log = _log(connection, sentence, track)
            past, _ = _line(log)
            if past and past[-1].batch == batch:
                standing.append((sentence, log, past))
            else:
                refused.append(sentence)
        if not standing:
            return BatchResult(None, (), tuple(refused))
        new = _new_batch(connection, project, "undo", f"undone: {made.description}", actor)
        for sentence, log, past in standing:
            answer = past[-2].answer if len(past) > 1 else NO_ANSWER
            state = State(sentence, track, version=log[-1].version)
            _append(
                connection, project, state, answer, "undo", actor, batch=new, undoes=past[-1].id
            )
    return BatchResult(new, tuple(sentence for sentence, *_ in standing), tuple(refused))


def state_of(store: Store, project: Project, sentence: int, track: str = SHARED) -> State:
    """Return what stands for a sentence."""
    with store.read() as connection:
        return _state(connection, project, sentence, track)


def states(store: Store, project: Project, track: str | None = SHARED) -> list[State]:
    """Return what stands for every sentence that was decided on.

    Args:
        store: where.
        project: the project.
        track: the one to look at; None for all of them.
    """
    with store.read() as connection:
        return list(_states(connection, project, track).values())


@dataclass(frozen=True, slots=True)
class Standing:
    """What lists need of a state: no answer, so that thousands are read at once."""

    status: Status
    reviewer: str
    bulk: bool
    version: int


def standing(store: Store, project: Project, track: str = SHARED) -> dict[int, Standing]:
    """Return what stands in a track, by sentence; those nobody decided on are left out."""
    wanted = STATES.select().where(STATES.c.project == project.id, STATES.c.track == track)
    with store.read() as connection:
        return {
            row.sentence: Standing(row.status, row.reviewer, row.bulk, row.version)
            for row in connection.execute(wanted)
        }


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
            past, _ = _line(_log(connection, row.sentence, track))
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
        return _log(connection, sentence, track)


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
            kind=_kind(row.kind),
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
    logs: dict[tuple[int, str], list[_Step]] = {}
    for row in connection.execute(wanted):
        logs.setdefault((row.sentence, row.track), []).append(_Step(_kind(row.kind), row.batch))
    counts = Counter(one.batch for log in logs.values() for one in log)
    pasts = (_line(log)[0] for log in logs.values())
    return counts, Counter(past[-1].batch for past in pasts if past)


def sentences_of_batch(store: Store, batch: int) -> list[int]:
    """Return the ids of the sentences that a bulk change was about, ascending."""
    with store.read() as connection:
        return _sentences_of(connection, batch)


def _check_kind(kind: Kind) -> None:
    if kind in ("undo", "redo"):
        msg = f"undoing and doing again have functions of their own, got a decision {kind!r}"
        raise ValueError(msg)


def _require_track(actor: Actor, project: Project, track: str, kind: Kind) -> None:
    """Check that somebody may write to a track: their own, or the shared one where it is shared."""
    require(actor, "reviewer", "save a decision")
    if track == SHARED:
        if project.reviewers > 1:
            require(actor, "admin", "have the last word where reviewers answer independently")
    elif track != actor.name:
        raise StoreError(
            f"a reviewer must write to an own track, got {actor.name!r} on that of {track!r}",
            code="not-allowed",
        )
    elif kind == "adjudicate":
        raise StoreError("the last word must go to the shared track", code="not-allowed")


def _changed(state: State) -> StoreError:
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


def _append(
    connection: Connection,
    project: Project,
    state: State,
    answer: Answer,
    kind: Kind,
    actor: Actor,
    *,
    batch: int | None = None,
    undoes: int | None = None,
) -> State:
    at, version = now(), state.version + 1
    values = {
        "sentence": state.sentence,
        "track": state.track,
        "version": version,
        "kind": kind,
        "reviewer": actor.name,
        "at": at,
        "answer": written(answer),
        "batch": batch,
        "undoes": undoes,
    }
    try:
        made = connection.execute(DECISIONS.insert().values(**values).returning(DECISIONS.c.id))
    except IntegrityError as error:
        raise _changed(state) from error
    row = {
        "project": project.id,
        "version": version,
        "decision": made.scalar_one(),
        "status": answer.status,
        "reviewer": actor.name,
        "at": at,
        "bulk": batch is not None,
    }
    where = (STATES.c.sentence == state.sentence, STATES.c.track == state.track)
    if not connection.execute(STATES.update().where(*where).values(**row)).rowcount:
        key = {"sentence": state.sentence, "track": state.track}
        connection.execute(STATES.insert().values(**key, **row))
    return State(
        state.sentence, state.track, version, answer, kind, actor.name, at, batch is not None
    )


def _new_batch(
    connection: Connection, project: Project, kind: Kind, description: str, actor: Actor
) -> int:
    values = {
        "project": project.id,
        "kind": kind,
        "description": description,
        "reviewer": actor.name,
        "at": now(),
    }
    made = connection.execute(BATCHES.insert().values(**values).returning(BATCHES.c.id))
    return int(made.scalar_one())


def _track_of_batch(connection: Connection, batch: int) -> str:
    wanted = select(DECISIONS.c.track).where(DECISIONS.c.batch == batch).limit(1)
    return str(connection.execute(wanted).scalar_one())


def _sentences_of(connection: Connection, batch: int) -> list[int]:
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


def _state(connection: Connection, project: Project, sentence: int, track: str) -> State:
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


def _states(
    connection: Connection, project: Project, track: str | None
) -> dict[tuple[int, str], State]:
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
        kind=_kind(known["kind"]),
        reviewer=str(known["reviewer"]),
        at=str(known["at"]),
        bulk=bool(known["bulk"]),
    )


def _log(connection: Connection, sentence: int, track: str | None) -> list[Decision]:
    wanted = DECISIONS.select().where(DECISIONS.c.sentence == sentence)
    if track is not None:
        wanted = wanted.where(DECISIONS.c.track == track)
    return [_decision(row) for row in connection.execute(wanted.order_by(DECISIONS.c.id))]


def _decision(row: Row[tuple[object, ...]]) -> Decision:
    known = dict(row._mapping)
    answer = read(str(known.pop("answer")))
    return Decision(**known, answer=answer)


def _kind(text: str) -> Kind:
    return next(kind for kind in KINDS if kind == text)


class _Steps(Protocol):
    """What undoing needs to know of a decision."""

    @property
    def kind(self) -> Kind: ...
    @property
    def batch(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision without its answer."""

    kind: Kind
    batch: int | None


_AnyStep = TypeVar("_AnyStep", bound=_Steps)


def _line(log: Sequence[_AnyStep]) -> tuple[list[_AnyStep], list[_AnyStep]]:
    """Sort a track's log into what can be undone and what can be done again, the next one last."""
    past: list[_AnyStep] = []
    future: list[_AnyStep] = []
    for one in log:
        if one.kind == "undo" and past:
            future.append(past.pop())
        elif one.kind == "redo" and future:
            past.append(future.pop())
        else:
            past.append(one)
            future.clear()
    return past, future
