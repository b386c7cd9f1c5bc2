"""Decisions: an append-only log of who said what, when, on which version; and what stands now.

A track is a line of decisions on one sentence: the shared one, whose answer counts, or a reviewer's
own, where several answer independently. A decision names the version it was made on; if somebody
has decided since, it is refused, and whoever made it is told. Undoing is a decision too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.errors import StoreError
from core.store.answers import NO_ANSWER, check_answer
from core.store.appending import Entry, append, changed, new_batch
from core.store.database import Store
from core.store.entries import (
    KINDS,
    SHARED,
    Batch,
    BatchResult,
    Change,
    Decision,
    Kind,
    Standing,
    State,
    past_and_future,
)
from core.store.log import (
    batches,
    last_own,
    log_of,
    log_of_project,
    read_log,
    read_logs_of_batch,
    read_state,
    read_states,
    read_track,
    sentences_of_batch,
    standing,
    state_of,
    states,
)
from core.store.people import Actor, require
from core.store.projects import Project, require_sentences, targets_of
from core.store.schema import BATCHES

__all__ = [
    "KINDS",
    "SHARED",
    "Batch",
    "BatchResult",
    "Change",
    "Decision",
    "Kind",
    "Standing",
    "State",
    "batches",
    "decide",
    "decide_many",
    "last_own",
    "log_of",
    "log_of_project",
    "redo",
    "sentences_of_batch",
    "standing",
    "state_of",
    "states",
    "track_of",
    "undo",
    "undo_batch",
]


# Sentences read at once to check answers against: few enough for one statement.
_CHECKED_AT_ONCE = 500


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
        DataError: the answer does not fit the sentence (code bad-annotation).
        StoreError: they may not (not-allowed); somebody has decided since (changed-meanwhile); the
            store fails. Nothing is changed then.
    """
    _check_kind(kind)
    _require_track(actor, project, track, kind)
    _check_answers(store, project, [change])
    with store.write(project.id) as connection:
        state = read_state(connection, project, change.sentence, track)
        if state.version != change.version:
            raise changed(state)
        return append(connection, project, [Entry(state, change.answer)], kind, actor)[0]


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
        DataError: an answer does not fit its sentence (code bad-annotation).
        StoreError: they may not (not-allowed); a sentence is none of the project's (unknown-name);
            the store fails. Nothing is changed then.
    """
    _check_kind(kind)
    _require_track(actor, project, track, kind)
    _check_answers(store, project, changes)
    with store.write(project.id) as connection:
        require_sentences(connection, project, {one.sentence for one in changes})
        known = {one.sentence: one for one in read_states(connection, project, track).values()}
        fine: dict[int, Entry] = {}
        refused: list[int] = []
        for one in changes:
            state = known.get(one.sentence, State(one.sentence, track))
            if one.sentence not in fine and state.version == one.version:
                fine[one.sentence] = Entry(state, one.answer)
            else:
                refused.append(one.sentence)
        if not fine:
            return BatchResult(None, (), tuple(refused))
        batch = new_batch(connection, project, kind, description, actor)
        append(connection, project, list(fine.values()), kind, actor, batch=batch)
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
        state = read_state(connection, project, sentence, track)
        if state.version != version:
            raise changed(state)
        past, future = past_and_future(read_log(connection, sentence, track))
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
        entry = Entry(state, answer, target.id)
        return append(connection, project, [entry], kind, actor)[0]


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
        track = read_track(connection, batch)
        _require_track(actor, project, track, "undo")
        standing: list[Entry] = []
        refused: list[int] = []
        for sentence, log in read_logs_of_batch(connection, batch, track).items():
            past, _ = past_and_future(log)
            if past and past[-1].batch == batch:
                answer = past[-2].answer if len(past) > 1 else NO_ANSWER
                state = State(sentence, track, version=log[-1].version)
                standing.append(Entry(state, answer, past[-1].id))
            else:
                refused.append(sentence)
        if not standing:
            return BatchResult(None, (), tuple(refused))
        new = new_batch(connection, project, "undo", f"undone: {made.description}", actor)
        append(connection, project, standing, "undo", actor, batch=new)
    return BatchResult(new, tuple(one.state.sentence for one in standing), tuple(refused))


def _check_kind(kind: Kind) -> None:
    if kind in ("undo", "redo"):
        msg = f"undoing and doing again have functions of their own, got a decision {kind!r}"
        raise ValueError(msg)


def _check_answers(store: Store, project: Project, changes: Sequence[Change]) -> None:
    """Check that answers fit their sentences, before anybody has to wait for the check."""
    for start in range(0, len(changes), _CHECKED_AT_ONCE):
        some = changes[start : start + _CHECKED_AT_ONCE]
        targets = targets_of(store, project, [one.sentence for one in some])
        for one in some:
            check_answer(one.answer, targets[one.sentence])


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
