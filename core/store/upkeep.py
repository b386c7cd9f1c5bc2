"""Looking after a store: rebuilding what stands from the log, checking it, and copying it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from core.errors import StoreError
from core.store.answers import read
from core.store.database import Store
from core.store.failures import error_code
from core.store.people import Actor, require
from core.store.schema import BATCHES, DECISIONS, PROJECTS, RUNS, SENTENCES, STATES, TRACES

_Rows = dict[tuple[int, str], tuple[object, ...]]


def _from_log(connection: Connection) -> _Rows:
    """Work out what stands, from the log alone."""
    last = (
        select(
            DECISIONS.c.sentence,
            DECISIONS.c.track,
            func.max(DECISIONS.c.version).label("version"),
        )
        .group_by(DECISIONS.c.sentence, DECISIONS.c.track)
        .subquery()
    )
    wanted = (
        select(DECISIONS, SENTENCES.c.project)
        .join(
            last,
            (DECISIONS.c.sentence == last.c.sentence)
            & (DECISIONS.c.track == last.c.track)
            & (DECISIONS.c.version == last.c.version),
        )
        .join(SENTENCES, SENTENCES.c.id == DECISIONS.c.sentence)
    )
    return {
        (row.sentence, row.track): (
            row.project,
            row.version,
            row.id,
            _status_of(row.answer),
            row.reviewer,
            row.at,
            row.batch is not None,
        )
        for row in connection.execute(wanted)
    }


def _status_of(answer: str) -> str:
    return read(answer).status


_COLUMNS = ("project", "version", "decision", "status", "reviewer", "at", "bulk")


def _standing(connection: Connection) -> _Rows:
    return {
        (row.sentence, row.track): tuple(row._mapping[name] for name in _COLUMNS)
        for row in connection.execute(STATES.select())
    }


def check(store: Store) -> dict[str, int]:
    """Count what the store holds, once it is clear that what stands agrees with the log.

    Raises:
        StoreError: it does not, a track has a gap, or the file itself is damaged (code
            store-damaged).
    """
    with store.read() as connection:
        _check_file(connection)
        differ = _from_log(connection).items() ^ _standing(connection).items()
        gaps = connection.execute(
            select(DECISIONS.c.sentence)
            .group_by(DECISIONS.c.sentence, DECISIONS.c.track)
            .having(func.max(DECISIONS.c.version) != func.count())
        ).all()
        if differ or gaps:
            raise StoreError(
                f"what stands must agree with the log, got {len(differ)} differences and "
                f"{len(gaps)} gaps",
                code="store-damaged",
                hint="python -m core store rebuild makes it anew from the log",
            )
        tables = (PROJECTS, SENTENCES, RUNS, TRACES, DECISIONS, BATCHES)
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        }


def _check_file(connection: Connection) -> None:
    """Let SQLite look at its pages, indexes and references; a server sees to that itself."""
    if connection.dialect.name != "sqlite":
        return
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(1)")]
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if loose is not None:
        found = [f"a row of {loose[0]} without what it names"]
    if found != ["ok"]:
        raise StoreError(
            f"the store's file must be whole, got: {found[0]}",
            code="store-damaged",
            hint="nothing was changed: take a copy of the file, then restore a backup",
        )


def rebuild(store: Store, actor: Actor) -> int:
    """Make what stands anew from the log.

    Returns:
        How many sentences and tracks there are.

    Raises:
        StoreError: only admins may (code not-allowed), or the store fails.
    """
    require(actor, "admin", "rebuild the store")
    with store.write() as connection:
        if connection.dialect.name == "postgresql":  # nobody may decide meanwhile, in any project
            connection.execute(text("LOCK TABLE decisions IN SHARE ROW EXCLUSIVE MODE"))
        rows = _from_log(connection)
        connection.execute(STATES.delete())
        values = [
            {"sentence": sentence, "track": track, **dict(zip(_COLUMNS, row, strict=True))}
            for (sentence, track), row in rows.items()
        ]
        if values:
            connection.execute(STATES.insert(), values)
    return len(rows)


def back_up(store: Store, path: Path) -> None:
    """Copy a SQLite store while others go on writing to it.

    Raises:
        StoreError: it is no SQLite store (bad-value), the copy is there already (bad-value), or
            cannot be written (store-read-only, store-full).
    """
    if store.engine.dialect.name != "sqlite":
        raise StoreError(
            "this copies a SQLite store only, got PostgreSQL", code="bad-value", hint="use pg_dump"
        )
    if path.exists():
        raise StoreError(f"a copy must be a new file, got {path.name!r}", code="bad-value")
    half = path.with_name(f"{path.name}.part")  # a copy that is cut short must not look like one
    source = str(store.engine.url.database)
    try:
        half.unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(half)) as there:
            here.backup(there)
        half.replace(path)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise not_copied(error, path) from error


def not_copied(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """Say why a copy could not be made."""
    code = error_code(error) or "store-read-only"
    return StoreError(f"the copy {path} must be writable, got: {error}", code=code)
