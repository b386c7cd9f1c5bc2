"""Opening the store, its transactions, and what is told when it fails.

SQLite in the user's data folder serves one machine; PostgreSQL, named by `SPANBRIDGE_DATABASE_URL`,
serves several. A transaction that writes is alone in its project, so that what it has read still
holds when it commits; what was committed is on the disk.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.errors import ConfigError, ErrorCode, StoreError
from core.store.migrations import migrate

VARIABLE = "SPANBRIDGE_DATABASE_URL"
_WAIT_SECONDS = 30
_WRITES = "spanbridge_writes"
# Any number will do, as long as it stays: it keeps two programs from migrating at once.
_MIGRATION_LOCK = 5_021_973
_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
}
_SECRETS = ("password", "sslpassword")
_SQLITE_CODES: dict[str, ErrorCode] = {
    "SQLITE_FULL": "store-full",
    "SQLITE_READONLY": "store-read-only",
    "SQLITE_CANTOPEN": "store-unreachable",
    "SQLITE_BUSY": "store-busy",
    "SQLITE_PROTOCOL": "store-busy",
    "SQLITE_PERM": "store-read-only",
    "SQLITE_LOCKED": "store-busy",
    "SQLITE_CORRUPT": "store-damaged",
    "SQLITE_NOTADB": "store-damaged",
    # What the disk says when it has no room for a page of the log.
    "SQLITE_IOERR": "store-full",
}
# A statement that cannot work, in a class of errors that the disk shares.
_SQLITE_OURS = ("SQLITE_ERROR", "SQLITE_MISUSE")
_POSTGRESQL_CODES: dict[str, ErrorCode] = {
    "53100": "store-full",
    "53300": "store-busy",  # more connections than the server takes
    "25006": "store-read-only",
    "42501": "store-read-only",
    "40001": "store-busy",
    "40P01": "store-busy",
    "55P03": "store-busy",
    "XX001": "store-damaged",
    "XX002": "store-damaged",
}
_HINTS: dict[ErrorCode, str] = {
    "store-full": "nothing of this change was kept, and nothing else was lost: make room on the "
    "disk and try again",
    "store-read-only": "nothing of this change was kept: let the program write there, or name "
    f"another place in {VARIABLE}",
    "store-unreachable": f"see that {VARIABLE} names a server that runs, or a file",
    "store-busy": "nothing of this change was kept: try again",
    "store-damaged": "nothing was changed: take a copy of the file, then restore a backup",
}


def now() -> str:
    """Return the time as the store writes it: UTC, with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def default_url() -> str:
    """Return the store's address: what the environment names, else a file in the data folder."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return named
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return f"sqlite:///{Path(home) / 'spanbridge' / 'store.sqlite'}"


@dataclass
class Store:
    """An open store. It is shared by threads; every call takes a connection of its own."""

    engine: Engine
    name: str
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(cls, url: str = "") -> Store:
        """Open a store, and make or update its tables.

        Args:
            url: SQLAlchemy address; empty takes `default_url`.

        Raises:
            ConfigError: an address of neither SQLite nor PostgreSQL (code bad-config).
            StoreError: it cannot be opened, or is of a later version.
        """
        address = _parse(url or default_url())
        name = _name(address)
        _make_folder(address, name)
        store = cls(_engine(address), name)
        with store.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            migrate(connection)
        return store

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection to read one state of the store with.

        Raises:
            StoreError: the store fails.
        """
        with told(self.name, self.engine.url), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":  # else each statement sees a later state
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, project: int | None = None) -> Iterator[Connection]:
        """Give a connection to write with; all is kept at the end, or nothing.

        Args:
            project: nobody else writes to it meanwhile.

        Raises:
            StoreError: the store fails; nothing was changed.
        """
        shown = told(self.name, self.engine.url)
        with shown, self._queue(), self.engine.connect() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                if project is not None and connection.dialect.name == "postgresql":
                    connection.execute(text(f"SELECT pg_advisory_xact_lock(1, {int(project)})"))
                yield connection

    @contextmanager
    def _queue(self) -> Iterator[None]:
        """Let the threads of this process write one after another, as SQLite wants it.

        SQLite's own waiting is by chance: with twenty writers some would wait for seconds.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with self._turn:
            yield

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def told(name: str, address: URL) -> Iterator[None]:
    """Turn what a database raises into what a user can read.

    Args:
        name: of the store, without its password.
        address: of the store.

    Raises:
        StoreError: the store fails. What is wrong with a statement stays as it is.
    """
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        shown = _store_error(error, name, address)
        if shown is None:  # ours to mend, not the user's
            raise
        raise shown from error


def _parse(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _bad_address() from error
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise ConfigError(
            f"a store must be sqlite or postgresql, got {address.drivername!r}", code="bad-config"
        )
    if "@" in (address.host or ""):  # the rest of a password, which must not be shown
        raise _bad_address("write special letters of a password as %40 for @, %3A for :")
    file = address.database or ""
    if driver.startswith("sqlite") and (file in ("", ":memory:") or file.startswith("file:")):
        raise ConfigError(
            "a SQLite store must be a file, such as sqlite:////home/me/store.sqlite",
            code="bad-config",
        )
    return address.set(drivername=driver)


def _bad_address(hint: str = "") -> ConfigError:
    return ConfigError(
        f"{VARIABLE} must be an address such as postgresql://user@host/name",
        code="bad-config",
        hint=hint,
    )


def _name(address: URL) -> str:
    """Return an address as it is shown: without its passwords, wherever they are written."""
    return address.difference_update_query(_SECRETS).render_as_string(hide_password=True)


def _make_folder(address: URL, name: str) -> None:
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder of the store {name} must be writable, got: {error.strerror}",
            code="store-read-only",
            hint=_HINTS["store-read-only"],
        ) from error


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        engine = create_engine(
            address,
            pool_size=10,
            max_overflow=20,
            pool_pre_ping=True,  # the server may have been restarted meanwhile
            connect_args={"connect_timeout": 10},
        )
        event.listen(engine, "connect", _set_up_postgresql)
        return engine
    engine = create_engine(
        address, pool_size=10, max_overflow=30, connect_args={"timeout": _WAIT_SECONDS}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    # A program that hangs with a lock must not make all others hang with it.
    connection.execute(f"SET lock_timeout = '{_WAIT_SECONDS}s'")
    connection.commit()


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # We say ourselves when a transaction begins; the driver's own way would begin too late.
    connection.isolation_level = None
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def error_code(error: Any) -> ErrorCode | None:
    """Return what an error of a database or of the disk means; None where nothing tells."""
    if isinstance(error, OSError):
        return "store-full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "store-read-only"
    known = str(getattr(error, "sqlite_errorname", ""))
    code = next((one for start, one in _SQLITE_CODES.items() if known.startswith(start)), None)
    return code or _POSTGRESQL_CODES.get(getattr(error, "sqlstate", None) or "")


def _store_error(error: Exception, name: str, address: URL) -> StoreError | None:
    """Say what is wrong with the store; the statement and its values stay out of the message."""
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    code = error_code(original)
    ours = isinstance(error, IntegrityError | ProgrammingError | DataError)
    ours = ours or getattr(original, "sqlite_errorname", "") in _SQLITE_OURS
    # Where no statement was sent, an option of the address is not one.
    if code is None and ours and getattr(error, "statement", None) is not None:
        return None
    if getattr(original, "sqlite_errorname", "").startswith("SQLITE_CANTOPEN"):
        code = _cannot_open(Path(str(address.database)))
    code = code or ("store-busy" if isinstance(error, PoolTimeout) else "store-unreachable")
    reason = str(original).strip().partition("\n")[0] or type(original).__name__
    message = f"the store {name} must answer, got: {reason}"
    return StoreError(message, code=code, hint=_HINTS[code])


def _cannot_open(file: Path) -> ErrorCode:
    """Say why SQLite cannot open a file: it also needs to make files beside it."""
    fine = os.access(file.parent, os.W_OK | os.X_OK)
    if fine and file.exists():
        fine = os.access(file, os.R_OK | os.W_OK)
    return "store-unreachable" if fine else "store-read-only"
