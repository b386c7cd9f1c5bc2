"""What stands can always be had from the log, and a store can be copied while it is used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from core.errors import StoreError
from core.store.database import Store
from core.store.decisions import Change, decide, decide_many, log_of_project, states, undo
from core.store.projects import Project, projects
from core.store.schema import STATES
from core.store.upkeep import back_up, check, rebuild
from tests.stores import ADMIN, REVIEWER, remount, said, small_disk, small_project


def worked_on(store: Store) -> tuple[Project, list[int]]:
    """Make a project where something of everything was done."""
    project, ids = small_project(store)
    decide(store, REVIEWER, project, Change(ids[0], said("a"), 0), "accept")
    decide(store, REVIEWER, project, Change(ids[0], said("b", "flagged"), 1), "flag")
    undo(store, REVIEWER, project, ids[0], track="", version=2)
    decide(store, REVIEWER, project, Change(ids[1], said("own"), 0), "accept", track="Rosa")
    changes = [Change(one, said("bulk", "rejected"), 0) for one in ids]
    decide_many(store, REVIEWER, project, changes, "reject", "bulk")
    return project, ids


def rows(store: Store) -> list[tuple[object, ...]]:
    with store.read() as connection:
        listed = STATES.select().order_by(STATES.c.sentence, STATES.c.track)
        return [tuple(row) for row in connection.execute(listed)]


def test_a_store_is_counted(store: Store) -> None:
    assert set(check(store).values()) == {0}
    worked_on(store)
    counts = check(store)
    assert counts == {
        "projects": 1,
        "sentences": 4,
        "runs": 0,
        "traces": 0,
        "decisions": 7,
        "batches": 1,
    }


def test_what_stands_is_made_anew_from_the_log(store: Store) -> None:
    worked_on(store)
    before = rows(store)
    with store.write() as connection:
        connection.execute(STATES.delete())
    assert rebuild(store, ADMIN) == len(before) == 5
    assert rows(store) == before
    assert rebuild(store, ADMIN) == 5
    check(store)


def test_rebuilding_an_empty_store(store: Store) -> None:
    assert rebuild(store, ADMIN) == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM states WHERE track = 'Rosa'",
        "UPDATE states SET status = 'accepted' WHERE status = 'rejected'",
        "UPDATE states SET version = version + 1",
        "UPDATE states SET reviewer = 'Otto'",
        "UPDATE states SET bulk = NOT bulk",
        "UPDATE states SET at = 'long ago'",
        "UPDATE states SET decision = 1",
    ],
)
def test_tampering_is_found_and_mended(store: Store, tampering: str) -> None:
    worked_on(store)
    before = rows(store)
    with store.write() as connection:
        connection.execute(text(tampering))
    with pytest.raises(StoreError, match="difference") as caught:
        check(store)
    assert caught.value.code == "store-damaged"
    rebuild(store, ADMIN)
    check(store)
    assert rows(store) == before


@contextmanager
def unlocked(store: Store) -> Iterator[None]:
    """Let the log be changed, as somebody could who owns the database."""
    sqlite = store.engine.dialect.name == "sqlite"
    names = ("decisions_no_update", "decisions_no_delete") if sqlite else ("decisions_kept",)
    with store.write() as connection:
        for name in names:
            on = "" if sqlite else " ON decisions"
            connection.execute(text(f"DROP TRIGGER {name}{on}"))
    yield


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE decisions SET version = 9 WHERE id = 3",
        "UPDATE decisions SET answer = '{}' WHERE id = 4",
        "UPDATE decisions SET answer = 'nonsense' WHERE id = 4",
    ],
)
def test_a_changed_log_is_found(store: Store, tampering: str) -> None:
    worked_on(store)
    with unlocked(store), store.write() as connection:
        connection.execute(text(tampering))
    with pytest.raises(StoreError) as caught:
        check(store)
    assert caught.value.code == "store-damaged"


def test_an_answer_that_cannot_be_read_is_told(store: Store) -> None:
    project, _ = worked_on(store)
    with unlocked(store), store.write() as connection:
        connection.execute(text("UPDATE decisions SET answer = '[1]' WHERE id = 4"))
    for call in (lambda: states(store, project, None), lambda: log_of_project(store, project)):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.code == "store-damaged"


@contextmanager
def writing(store: Store, project: Project, ids: list[int]) -> Iterator[list[str]]:
    """Go on deciding in a thread; gives the notes of what was kept."""
    stop, kept = Event(), list[str]()

    def work() -> None:
        version = 0
        while not stop.is_set():
            note = f"n{version}"
            decide(store, REVIEWER, project, Change(ids[0], said(note), version), "accept")
            kept.append(note)
            version += 1

    thread = Thread(target=work)
    thread.start()
    try:
        yield kept
    finally:
        stop.set()
        thread.join()


def test_checking_and_rebuilding_while_others_write(store: Store) -> None:
    project, ids = small_project(store)
    with writing(store, project, ids) as kept:
        for _ in range(15):
            check(store)
            rebuild(store, ADMIN)
    assert check(store)["decisions"] == len(kept) > 0
    assert states(store, project)[0].answer.note == kept[-1]


def test_a_copy_while_others_write(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    project, ids = small_project(store)
    with writing(store, project, ids) as kept:
        for number in range(5):
            before = len(kept)
            back_up(store, tmp_path / f"copy{number}.sqlite")
            copy = Store.open(f"sqlite:///{tmp_path}/copy{number}.sqlite")
            check(copy)
            found = [one.answer.note for one in log_of_project(copy, projects(copy)[0])]
            copy.close()
            assert found[:before] == kept[:before]
            assert found == [f"n{version}" for version in range(len(found))]
    store.close()
    assert not list(tmp_path.glob("*.part"))


def test_what_is_there_is_not_copied_over(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(StoreError, match="new file"):
        back_up(store, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "mine"
    with pytest.raises(StoreError) as caught:
        back_up(store, tmp_path / "nowhere" / "copy")
    assert caught.value.code in ("store-read-only", "store-unreachable")
    store.close()


def test_a_copy_to_a_full_disk(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    small_project(store, sentences=2000)
    with small_disk(tmp_path / "disk", 1) as disk:
        remount(disk, "size=64k")
        with pytest.raises(StoreError) as caught:
            back_up(store, disk / "copy")
        assert caught.value.code == "store-full"
        assert list(disk.iterdir()) == []
    store.close()


def test_postgresql_has_its_own_way_of_copying(store: Store, tmp_path: Path) -> None:
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite is copied here")
    with pytest.raises(StoreError, match="pg_dump"):
        back_up(store, tmp_path / "copy")


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    store = Store.open(f"sqlite:///{path}")
    small_project(store, sentences=300)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'sentences'"
        ).fetchone()[0]
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) + 200 : 4096 * page] = b"\x55" * 3896
    path.write_bytes(content)
    damaged = Store.open(f"sqlite:///{path}")
    with pytest.raises(StoreError) as caught:
        check(damaged)
    damaged.close()
    assert caught.value.code == "store-damaged"


def test_a_row_without_what_it_names_is_found(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    worked_on(store)
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection, connection:
        connection.execute("DELETE FROM projects")
    with pytest.raises(StoreError, match="without what it names") as caught:
        check(store)
    assert caught.value.code == "store-damaged"
    store.close()


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"This is a text, and it is longer than the head of a database." * 40)
    with pytest.raises(StoreError) as caught:
        Store.open(f"sqlite:///{path}")
    assert caught.value.code == "store-damaged"
    assert path.read_bytes().startswith(b"This is a text")
