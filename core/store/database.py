"""Opening the store, and its transactions.

SQLite in the user's data folder serves one machine; PostgreSQL, named by `SPANBRIDGE_DATABASE_URL`,
serves several. A transaction that writes is alone in its project, so that what it has read still
holds when it commits; what was committed is on the disk.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import ConfigError, StoreError
from core.store.failures import HINTS, VARIABLE, error_code, told
from core.store.migrations import migrate

__all__ = ["VARIABLE", "Store", "default_url", "now"]

_WAIT_SECONDS = 30
_RETRY_SECONDS = 0.01
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
        if not self._turn.acquire(timeout=_WAIT_SECONDS):
            raise StoreError(
                f"the store {self.name} must take turns, got one of over {_WAIT_SECONDS} seconds",
                code="store-busy",
                hint=HINTS["store-busy"],
            )
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


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
            hint=HINTS["store-read-only"],
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
    _use_log(connection)
    for setting in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _use_log(connection: Any) -> None:
    """Let readers and a writer not wait for each other.

    The first program to open a new file makes the change; SQLite does not let the others wait for
    it, as it does for everything else, so they try again.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error_code(error) != "store-busy" or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
