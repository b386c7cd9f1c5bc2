"""Opening a store, its tables, and what is told when it fails."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, UniqueConstraint, inspect, select, text
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.errors import ConfigError, StoreError
from core.store.database import Store, default_url
from core.store.migrations import MIGRATIONS, migrate
from core.store.projects import projects
from core.store.schema import METADATA, MIGRATED
from tests.stores import Cluster, in_child, small_project


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://ada:secret@server/store",
        "postgresql+psycopg2://ada:secret@server/store",
        "sqlite+aiosqlite:///store.sqlite",
        "postgresql://ada:secret@server:port/store",
        "postgresql://ada:secret@[::1/store",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:store?mode=memory&uri=true",
        # An unescaped @ in a password: what follows it would pass for the server's name.
        "postgresql://ada:secret@secret@127.0.0.1:1/store",
    ],
)
def test_an_address_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Store.open(url)
    assert caught.value.code == "bad-config"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:secret@127.0.0.1:1/store",
        "postgres://ada:se%40cret-secret@127.0.0.1:1/store",
        "postgresql://127.0.0.1:1/store?user=ada&password=secret&sslpassword=secret",
        "postgresql://ada:secret@127.0.0.1:1/store?sslmode=nonsense",
        "postgresql://ada:secret@127.0.0.1:1/store?nonsense=1",
        "postgresql://ada:secret@/store?host=/nowhere",
    ],
)
def test_a_server_that_does_not_answer_is_told_without_the_password(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Store.open(url)
    assert caught.value.code == "store-unreachable"
    assert caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_not_shown(cluster: Cluster) -> None:
    address = f"postgresql://nobody:secret@127.0.0.1:{cluster.port}/postgres"
    with pytest.raises(StoreError, match="nobody") as caught:
        Store.open(address)
    assert "secret" not in str(caught.value)


def test_a_database_that_is_not_there(cluster: Cluster) -> None:
    with pytest.raises(StoreError, match="missing") as caught:
        Store.open(cluster.url("missing"))
    assert caught.value.code == "store-unreachable"


def test_the_environment_names_the_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SPANBRIDGE_DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert default_url() == f"sqlite:///{tmp_path}/home/spanbridge/store.sqlite"
    Store.open().close()
    assert (tmp_path / "home" / "spanbridge" / "store.sqlite").exists()
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite")
    Store.open().close()
    assert (tmp_path / "other.sqlite").exists()


def test_tables_are_those_of_the_schema(store: Store) -> None:
    with store.read() as connection:
        found = inspect(connection)
        names = set(found.get_table_names())
        assert names == set(METADATA.tables)
        for name, table in METADATA.tables.items():
            columns = {one["name"]: one for one in found.get_columns(name)}
            assert list(columns) == [column.name for column in table.columns]
            for column in table.columns:
                # SQLite lets a text key be empty unless told otherwise; nobody writes one.
                if not column.primary_key:
                    assert columns[column.name]["nullable"] == column.nullable, column
                assert _kind(columns[column.name]["type"]) == _kind(column.type), column
            key = [column.name for column in table.primary_key]
            assert found.get_pk_constraint(name)["constrained_columns"] == key
            assert _foreign(found.get_foreign_keys(name)) == {
                (column.name, key.target_fullname)
                for column in table.columns
                for key in column.foreign_keys
            }
            assert _uniques(connection, name) == _wanted_uniques(name)
            indexes = {one["name"] for one in found.get_indexes(name) if not one["unique"]}
            assert indexes == {one.name for one in table.indexes if not one.unique}


def _kind(of: TypeEngine[object]) -> str:
    of = of.impl_instance if isinstance(of, TypeDecorator) else of
    name = type(of.as_generic(allow_nulltype=True)).__name__.upper()
    return {"DOUBLE": "FLOAT", "VARCHAR": "STRING"}.get(name, name)


def _foreign(found: list[ReflectedForeignKeyConstraint]) -> set[tuple[str, str]]:
    return {
        (one["constrained_columns"][0], f"{one['referred_table']}.{one['referred_columns'][0]}")
        for one in found
    }


def _uniques(connection: Connection, name: str) -> set[tuple[str, ...]]:
    if connection.dialect.name == "postgresql":
        found = inspect(connection).get_unique_constraints(name)
        return {tuple(str(one) for one in unique["column_names"]) for unique in found}
    indexes = connection.execute(text(f"PRAGMA index_list({name})")).all()
    return {
        tuple(row.name for row in connection.execute(text(f"PRAGMA index_info({index.name})")))
        for index in indexes
        if index.origin == "u"
    }


def _wanted_uniques(name: str) -> set[tuple[str, ...]]:
    return {
        tuple(column.name for column in one.columns)
        for one in METADATA.tables[name].constraints
        if isinstance(one, UniqueConstraint)
    }


def m002_colour(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE projects ADD COLUMN colour VARCHAR(20)"))
    connection.execute(text("UPDATE projects SET colour = 'blue'"))


def m002_broken(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE halfway (id INTEGER)"))
    connection.execute(text("DROP TABLE holds"))
    connection.execute(text("ALTER TABLE nowhere ADD COLUMN colour TEXT"))


def test_a_store_is_migrated_once(store: Store) -> None:
    with store.write() as connection:
        assert migrate(connection) == []
        assert len(connection.execute(MIGRATED.select()).all()) == len(MIGRATIONS)


def test_a_migration_keeps_rows(store: Store) -> None:
    small_project(store)
    before = _all_rows(store)
    with store.write() as connection:
        assert migrate(connection, [*MIGRATIONS, m002_colour]) == ["m002_colour"]
    after = _all_rows(store)
    assert {name: rows for name, rows in after.items() if name != "migrations"} == {
        name: rows for name, rows in before.items() if name != "migrations"
    }
    with store.read() as connection:
        assert connection.execute(text("SELECT colour FROM projects")).scalar_one() == "blue"


def test_a_migration_that_fails_leaves_nothing(store: Store) -> None:
    small_project(store)
    before = _all_rows(store)
    with pytest.raises(Exception, match="nowhere"), store.write() as connection:
        migrate(connection, [*MIGRATIONS, m002_broken])
    with store.read() as connection:
        names = inspect(connection).get_table_names()
    assert set(names) == set(METADATA.tables)
    assert _all_rows(store) == before


def _all_rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.read() as connection:
        return {
            name: sorted(tuple(row) for row in connection.execute(select(table)))
            for name, table in METADATA.tables.items()
        }


def test_a_store_of_a_later_version_is_refused(store: Store, store_url: str) -> None:
    with store.write() as connection:
        migrate(connection, [*MIGRATIONS, m002_colour])
    with pytest.raises(StoreError, match="version 2") as caught:
        Store.open(store_url)
    assert caught.value.code == "store-too-new"


def test_programs_may_open_a_new_store_at_the_same_time(store_url: str, tmp_path: Path) -> None:
    Store.open(f"sqlite:///{tmp_path / 'warm.sqlite'}").close()  # loads what the others need
    for attempt in range(8):
        path = tmp_path / str(attempt) / "store.sqlite"
        url = f"sqlite:///{path}" if store_url.startswith("sqlite") else store_url
        start = time.monotonic() + 0.05
        programs = [in_child(partial(_open_at, url, start)) for _ in range(8)]
        assert [one() for one in programs] == ["0 projects"] * 8
        if url == store_url:
            break


def _open_at(url: str, start: float) -> str:
    while time.monotonic() < start:
        pass
    try:
        return f"{len(projects(Store.open(url)))} projects"
    except StoreError as error:
        return f"{error.code} {error}"


def test_threads_may_open_a_new_store_at_the_same_time(store_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store.open(store_url), range(16)))
    assert [projects(one) for one in stores] == [[]] * 16
    for one in stores:
        one.close()


def test_what_was_read_is_one_state(store: Store, store_url: str) -> None:
    """A second statement of a reader sees what the first one saw, whoever writes meanwhile."""
    other = Store.open(store_url)
    with store.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM projects")).scalar_one()
        small_project(other)
        after = connection.execute(text("SELECT count(*) FROM projects")).scalar_one()
    other.close()
    assert (before, after) == (0, 0)
    assert len(projects(store)) == 1


def test_a_change_that_fails_is_not_kept(store: Store) -> None:
    with pytest.raises(RuntimeError, match="halfway"):
        _stop_halfway(store)
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar_one() == 0


def _stop_halfway(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO people VALUES ('Ada', 'admin', 'now', 'Ada')"))
        raise RuntimeError("halfway")


def test_mistakes_of_ours_stay_loud(store: Store) -> None:
    with pytest.raises(DBAPIError), store.read() as connection:
        connection.execute(text("SELECT * FROM people WHERE ("))
