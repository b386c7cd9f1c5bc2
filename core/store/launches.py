"""Long runs (`core.jobs`) as the store knows them: who asked for what, what became of it, and pins.

The run's folder is the truth, and only it is needed to carry a run out. The row says who asked,
outlives the folder, and holds whether the tagger that the run made is offered for projection.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from core.errors import StoreError
from core.jobs import Run, result_of
from core.store.database import Store
from core.store.people import Actor, require
from core.store.schema import LAUNCHES


@dataclass(frozen=True, slots=True)
class Launch:
    """A long run's row.

    Attributes:
        root: the runs folder.
        run: id of the run, the name of its folder in `root`.
        name: what people call it.
        task: of its configuration: ner, qa, evaluate …; empty for other commands.
        words: command line behind `python -m` and the module.
        config: what its numbers depend on.
        data: hash of each file that goes in.
        seed: of whatever is random.
        version: of the program that created it.
        state: when somebody last looked.
        reason: why it is in this state, if that needs a word.
        asked: when, UTC.
        at: when it came to this state, UTC.
        result: what it found, once it is done.
        by: who asked; empty where that is not known.
        pinned_by: who offers its tagger for projection; empty where nobody does.
    """

    root: str
    run: str
    name: str
    task: str
    words: tuple[str, ...]
    config: Mapping[str, Any]
    data: Mapping[str, str]
    seed: int | None
    version: str
    state: str
    reason: str
    asked: str
    at: str
    result: Mapping[str, Any] | None
    by: str
    pinned_by: str

    @property
    def folder(self) -> Path:
        """Return where the run is, or was."""
        return Path(self.root, self.run)

    @property
    def model(self) -> str:
        """Return what the model that it made is called, for labellers and for `train --base`."""
        return f"run:{self.run}"


def record_runs(store: Store, runs: Sequence[Run], *, by: str = "") -> None:
    """Write down runs that are new, and what became of those that are known.

    Args:
        store: where.
        runs: as `core.jobs.reconcile` returns them.
        by: who asked for the new ones.

    Raises:
        StoreError: the store fails.
    """
    known = _known_states(store)
    changed = [one for one in runs if known.get(_key(one)) != (one.state, one.status.at)]
    if not changed:  # looked at every other second: then nothing is locked
        return
    # Where another process writes the same row at this moment, its row is as good.
    with suppress(IntegrityError), store.write() as connection:
        for one in changed:
            _write(connection, one, by)


def _key(run: Run) -> tuple[str, str]:
    return str(run.folder.parent), run.id


def _known_states(store: Store) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (state, since when) by (root, run), and nothing that takes time to read."""
    row = LAUNCHES.c
    with store.read() as connection:
        found = connection.execute(select(row.root, row.run, row.state, row.at))
        return {(one.root, one.run): (one.state, one.at) for one in found}


def _write(connection: Connection, run: Run, by: str) -> None:
    root, name = _key(run)
    result = result_of(run) if run.state == "done" else None
    state = {
        "state": run.state,
        "reason": run.status.reason,
        "at": run.status.at,
        "result": "" if result is None else json.dumps(result, ensure_ascii=False),
    }
    here = (LAUNCHES.c.root == root) & (LAUNCHES.c.run == name)
    # A folder that was emptied counts from one again: then the row is of another run.
    same = here & (LAUNCHES.c.asked == run.created)
    if connection.execute(LAUNCHES.update().where(same).values(**state)).rowcount:
        return
    connection.execute(LAUNCHES.delete().where(here))
    connection.execute(LAUNCHES.insert().values(**_asked(run, by), **state))


def _asked(run: Run, by: str) -> dict[str, Any]:
    root, name = _key(run)
    plan = run.plan
    return {
        "root": root,
        "run": name,
        "name": plan.name,
        "task": str(plan.config.get("task", "")),
        "words": json.dumps(list(plan.words), ensure_ascii=False),
        "config": json.dumps(dict(plan.config), ensure_ascii=False),
        "data": json.dumps(dict(plan.data), ensure_ascii=False),
        "seed": plan.seed,
        "version": run.version,
        "asked": run.created,
        "by": by,
        "pinned_by": "",
    }


def launches(store: Store, root: Path | None = None) -> list[Launch]:
    """Return all rows, oldest first.

    Args:
        store: where.
        root: only those of this runs folder.

    Raises:
        StoreError: the store fails.
    """
    wanted = LAUNCHES.select().order_by(LAUNCHES.c.id)
    if root is not None:
        wanted = wanted.where(LAUNCHES.c.root == str(root))
    with store.read() as connection:
        return [_launch(row) for row in connection.execute(wanted)]


def pin(store: Store, actor: Actor, run: Run, *, pinned: bool = True) -> None:
    """Offer the tagger that a run has made for projection, or take the offer back.

    Raises:
        StoreError: only admins may (not-allowed); the run has not made a tagger (bad-value).
    """
    require(actor, "admin", "pin a tagger")
    if pinned and not (run.state == "done" and run.plan.config.get("task") == "ner"):
        raise StoreError(
            f"a run must have trained a tagger to be pinned, got {run.id}, which is {run.state}",
            code="bad-value",
            hint="pin a run of `train ner` that is done",
        )
    record_runs(store, [run])
    root, name = _key(run)
    here = (LAUNCHES.c.root == root) & (LAUNCHES.c.run == name)
    with store.write() as connection:
        values = {"pinned_by": actor.name if pinned else ""}
        connection.execute(LAUNCHES.update().where(here).values(**values))


def pinned_taggers(store: Store, root: Path) -> list[Launch]:
    """Return the runs of a folder whose tagger is offered and is still there, the newest first."""
    pinned = (LAUNCHES.c.root == str(root)) & (LAUNCHES.c.pinned_by != "")
    with store.read() as connection:
        rows = connection.execute(LAUNCHES.select().where(pinned).order_by(LAUNCHES.c.id.desc()))
        found = [_launch(row) for row in rows]
    return [one for one in found if (one.folder / "artefacts" / "model").is_dir()]


def _launch(row: Row[Any]) -> Launch:
    return Launch(
        root=row.root,
        run=row.run,
        name=row.name,
        task=row.task,
        words=tuple(json.loads(row.words)),
        config=json.loads(row.config),
        data=json.loads(row.data),
        seed=row.seed,
        version=row.version,
        state=row.state,
        reason=row.reason,
        asked=row.asked,
        at=row.at,
        result=json.loads(row.result) if row.result else None,
        by=row.by,
        pinned_by=row.pinned_by,
    )
