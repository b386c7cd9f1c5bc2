"""Runs of a project: what every method made of every sentence, with the full trace behind it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
from sqlalchemy.exc import IntegrityError

from core.config import RunConfig
from core.errors import StoreError
from core.overview.outcomes import CorpusRun, SentenceOutcome, outcome_of
from core.packing import pack, unpack
from core.store.database import Store, now
from core.store.people import Actor, check_name, require
from core.store.projects import Project
from core.store.schema import RUNS, SENTENCES, TRACES
from core.types import Projection

# What a run that is taken up must have in common with the one that was left.
_SAME = ("config", "signature", "labels")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A method's run over a project.

    Attributes:
        id: number in the store.
        name: of the method.
        config: the method; None for a run that was made elsewhere.
        signature: everything it depends on.
        labels: classes it was asked for; None for all.
        complete: whether every sentence has its trace.
        at: when it was begun, UTC.
        by: who began it.
    """

    id: int
    name: str
    config: RunConfig | None
    signature: str
    labels: tuple[str, ...] | None
    complete: bool
    at: str
    by: str


def begin_run(
    store: Store,
    actor: Actor,
    project: Project,
    name: str,
    *,
    config: RunConfig | None,
    signature: str = "",
    labels: Sequence[str] | None = None,
) -> tuple[StoredRun, int]:
    """Begin a run, or take up the same one where it was left.

    Args:
        store: where.
        actor: who runs it.
        project: the project.
        name: of the run, unique in the project.
        config: the method; None for a run made elsewhere.
        signature: everything it depends on.
        labels: classes it was asked for.

    Returns:
        The run, and how many of the first sentences it has already.

    Raises:
        StoreError: only admins may (not-allowed); another run has this name (bad-value).
    """
    require(actor, "admin", "run a method over a project")
    values = {
        "project": project.id,
        "name": check_name(name),
        "config": "" if config is None else config.model_dump_json(),
        "signature": signature,
        "labels": json.dumps(None if labels is None else list(labels)),
    }
    with store.write(project.id) as connection:
        same = RUNS.select().where(RUNS.c.project == project.id, RUNS.c.name == values["name"])
        row = connection.execute(same).first()
        if row is None:
            meta = {"complete": False, "at": now(), "by": actor.name}
            connection.execute(RUNS.insert().values(**values, **meta))
            row = connection.execute(same).one()
        elif row.complete or any(row._mapping[key] != values[key] for key in _SAME):
            raise StoreError(
                f"a run's name must not be in use in the project, got {name!r}",
                code="bad-value",
                hint="runs are kept as they are: give the new one another name",
            )
        done = connection.execute(
            select(func.count()).select_from(TRACES).where(TRACES.c.run == row.id)
        ).scalar_one()
    return _run(row), int(done)


def add_traces(
    store: Store, run: StoredRun, sentences: Sequence[int], projections: Iterable[Projection]
) -> None:
    """Keep the projections of some sentences.

    Args:
        store: where.
        run: being made.
        sentences: ids of the sentences.
        projections: one for each.

    Raises:
        StoreError: somebody else is making this run at the same time (code changed-meanwhile).
    """
    rows = [
        {
            "run": run.id,
            "sentence": sentence,
            "outcome": pack(outcome_of(projection)),
            "projection": pack(projection),
        }
        for sentence, projection in zip(sentences, projections, strict=True)
    ]
    if not rows:
        return
    with store.write() as connection:
        try:
            connection.execute(TRACES.insert(), rows)
        except IntegrityError as error:
            raise StoreError(
                f"a run must be made by one program at a time, got two for {run.name!r}",
                code="changed-meanwhile",
            ) from error


def finish_run(store: Store, run: StoredRun) -> None:
    """Say that a run has all its traces; only then is it shown.

    Raises:
        StoreError: it has not (code bad-value).
    """
    missing = (
        select(func.count())
        .select_from(RUNS.join(SENTENCES, SENTENCES.c.project == RUNS.c.project))
        .outerjoin(TRACES, (TRACES.c.run == RUNS.c.id) & (TRACES.c.sentence == SENTENCES.c.id))
        .where(RUNS.c.id == run.id, TRACES.c.run.is_(None))
    )
    with store.write() as connection:
        left = connection.execute(missing).scalar_one()
        if left:
            raise StoreError(
                f"a run must have a trace of every sentence, got {run.name!r} without {left}",
                code="bad-value",
                hint="make the run again: it goes on where it was left",
            )
        connection.execute(RUNS.update().where(RUNS.c.id == run.id).values(complete=True))


def runs(store: Store, project: Project, *, unfinished: bool = False) -> list[StoredRun]:
    """List the runs of a project, the first made first.

    Args:
        store: where.
        project: the project.
        unfinished: whether those that were left half-way are listed too.
    """
    wanted = RUNS.select().where(RUNS.c.project == project.id)
    if not unfinished:
        wanted = wanted.where(RUNS.c.complete.is_(True))
    with store.read() as connection:
        return [_run(row) for row in connection.execute(wanted.order_by(RUNS.c.id))]


def count_traces(store: Store, run: StoredRun) -> int:
    """Return how many sentences a run has, complete or not."""
    wanted = select(func.count()).select_from(TRACES).where(TRACES.c.run == run.id)
    with store.read() as connection:
        return int(connection.execute(wanted).scalar_one())


def load_run(store: Store, run: StoredRun) -> CorpusRun:
    """Return a run's outcomes, in corpus order, without the matrices behind them."""
    wanted = (
        select(TRACES.c.outcome)
        .join(SENTENCES, SENTENCES.c.id == TRACES.c.sentence)
        .where(TRACES.c.run == run.id)
        .order_by(SENTENCES.c.place)
    )
    with store.read() as connection:
        packed = [row.outcome for row in connection.execute(wanted)]
    outcomes = tuple(unpack(SentenceOutcome, one) for one in packed)
    return CorpusRun(run.name, outcomes, run.signature, run.labels)


def load_projection(store: Store, run: StoredRun, sentence: int) -> Projection:
    """Return what a run made of one sentence, with its full trace.

    Raises:
        StoreError: the run does not have it (code unknown-name).
    """
    wanted = select(TRACES.c.projection).where(
        TRACES.c.run == run.id, TRACES.c.sentence == sentence
    )
    with store.read() as connection:
        row = connection.execute(wanted).first()
    if row is None:
        raise StoreError(
            f"a run must have the sentence, got {run.name!r} without {sentence}",
            code="unknown-name",
        )
    return unpack(Projection, row.projection)


def _run(row: Row[tuple[object, ...]]) -> StoredRun:
    known = row._mapping
    labels = json.loads(str(known["labels"]))
    return StoredRun(
        id=int(known["id"]),
        name=str(known["name"]),
        config=RunConfig.model_validate_json(known["config"]) if known["config"] else None,
        signature=str(known["signature"]),
        labels=None if labels is None else tuple(labels),
        complete=bool(known["complete"]),
        at=str(known["at"]),
        by=str(known["by"]),
    )
