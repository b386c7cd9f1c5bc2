"""A disk that is full and one that is read-only: what was kept stays, and a person is told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text

from core.errors import StoreError
from core.store.database import Store
from core.store.decisions import Change, decide, log_of_project, state_of
from core.store.projects import Project, find_project, items, projects
from core.store.upkeep import check
from tests.stores import (
    ADMIN,
    REVIEWER,
    Cluster,
    in_child,
    postgresql,
    remount,
    said,
    small_disk,
    small_project,
)

LONG = "x" * 50_000


def fill(store: Store, project: Project, ids: list[int]) -> tuple[StoreError, list[str]]:
    """Decide until there is no room; return what was told, and the notes that were kept."""
    kept: list[str] = []
    for number in range(5000):
        note = f"{number} {LONG}"
        version = state_of(store, project, ids[0]).version
        try:
            decide(store, REVIEWER, project, Change(ids[0], said(note), version), "accept")
        except StoreError as error:
            return error, kept
        kept.append(note)
    raise AssertionError("the disk was never full")


def kept_in(store: Store, project: Project) -> list[str]:
    return [one.answer.note for one in log_of_project(store, project)]


def look_at(store: Store, error: StoreError, project: Project, kept: list[str]) -> None:
    assert error.code == "store-full"
    assert "make room" in error.hint
    assert LONG not in str(error)
    assert kept
    assert kept_in(store, project) == kept


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk:
        url = f"sqlite:///{disk / 'store.sqlite'}"
        store = Store.open(url)
        project, ids = small_project(store)
        error, kept = fill(store, project, ids)
        look_at(store, error, project, kept)
        again, more = fill(store, project, ids)
        look_at(store, again, project, kept + more)
        kept += more
        remount(disk, "size=8m")
        decide(store, REVIEWER, project, Change(ids[0], said("room"), len(kept)), "accept")
        assert kept_in(store, project) == [*kept, "room"]
        check(store)
        store.close()
        reopened = Store.open(url)
        assert kept_in(reopened, project) == [*kept, "room"]
        reopened.close()


def test_a_full_disk_is_told_when_a_store_is_made(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        (disk / "filler").write_bytes(b"\0" * (1 << 20))
        with pytest.raises(StoreError) as caught:
            Store.open(f"sqlite:///{disk / 'store.sqlite'}")
        assert caught.value.code == "store-full"
        (disk / "filler").unlink()
        Store.open(f"sqlite:///{disk / 'store.sqlite'}").close()


def test_no_more_pages(tmp_path: Path) -> None:
    from sqlalchemy import event

    store = Store.open(f"sqlite:///{tmp_path / 'store.sqlite'}")
    most = [120]

    def limit(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")  # type: ignore[attr-defined]

    event.listen(store.engine, "checkout", limit)
    project, ids = small_project(store)
    error, kept = fill(store, project, ids)
    look_at(store, error, project, kept)
    most[0] = 1_000_000
    decide(store, REVIEWER, project, Change(ids[0], said("room"), len(kept)), "accept")
    assert kept_in(store, project) == [*kept, "room"]
    check(store)
    store.close()


def test_a_full_disk_under_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    folder = cluster.folder / "full"
    with small_disk(folder, 20) as disk:
        place = disk / "place"
        place.mkdir()
        if cluster.owner:
            os.chown(place, cluster.owner["user"], cluster.owner["group"])
        cluster.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        url = cluster.new_database(extra="TABLESPACE small")
        store = Store.open(url)
        try:
            _keep_as_they_are(store)
            project, ids = small_project(store)
            error, kept = fill(store, project, ids)
            look_at(store, error, project, kept)
            remount(disk, "size=40m")
            decide(store, REVIEWER, project, Change(ids[0], said("room"), len(kept)), "accept")
            assert kept_in(store, project) == [*kept, "room"]
            check(store)
        finally:
            store.close()
            name = url.partition("@/")[2].partition("?")[0]
            cluster.execute(f"DROP DATABASE {name} WITH (FORCE)", "DROP TABLESPACE small")


@pytest.mark.slow
def test_a_full_disk_under_a_whole_server() -> None:
    """Without room for its own log the server gives up; with room it comes back with everything."""
    options, settings = ("--wal-segsize=1",), ("min_wal_size = 2MB", "max_wal_size = 200MB")
    with (
        TemporaryDirectory(prefix="spanbridge-") as place,
        small_disk(Path(place), 80) as disk,
    ):
        disk.chmod(0o755)
        with postgresql(parent=disk, options=options, settings=settings) as server:
            store = Store.open(server.new_database())
            _keep_as_they_are(store)
            project, ids = small_project(store)
            (disk / "filler").write_bytes(b"\0" * _room(disk, leave=4 << 20))
            error, kept = fill(store, project, ids)
            assert error.code in ("store-full", "store-unreachable")
            assert kept
            (disk / "filler").unlink()
            _wait_until_back(server, store)
            found = kept_in(store, project)
            # The last one may have been kept without anybody being told.
            assert found[: len(kept)] == kept
            assert len(found) - len(kept) <= 1
            decide(store, REVIEWER, project, Change(ids[0], said("room"), len(found)), "accept")
            check(store)
            store.close()


def _keep_as_they_are(store: Store) -> None:
    """Let long answers not be compressed, so that they fill a disk."""
    with store.write() as connection:
        connection.execute(text("ALTER TABLE decisions ALTER COLUMN answer SET STORAGE EXTERNAL"))


def _wait_until_back(server: Cluster, store: Store) -> None:
    """Let a server that gave up start again by itself; start it where it does not."""
    for attempt in range(100):
        try:
            projects(store)
        except StoreError:
            time.sleep(0.1)
            if attempt == 50:
                server.stop()
                server.start()
        else:
            return


def _room(disk: Path, *, leave: int) -> int:
    known = os.statvfs(disk)
    return known.f_bavail * known.f_frsize - leave


def refused(call: Callable[[], object]) -> None:
    with pytest.raises(StoreError) as caught:
        call()
    assert caught.value.code == "store-read-only"
    assert "let the program write there" in caught.value.hint


def test_a_disk_that_became_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        url = f"sqlite:///{disk / 'store.sqlite'}"
        store = Store.open(url)
        project, _ = small_project(store)
        store.close()
        with _read_only(disk):
            refused(lambda: Store.open(url))
        reopened = Store.open(url)
        assert projects(reopened) == [project]
        reopened.close()


@contextmanager
def _read_only(disk: Path) -> Iterator[None]:
    remount(disk, "ro")
    try:
        yield
    finally:
        remount(disk, "rw")


@pytest.fixture
def theirs() -> Iterator[Path]:
    """A folder that everybody may look into and its owner alone may write to."""
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    "there", ["nothing", "a store", "a closed store", "no folder", "unreadable"]
)
def test_a_folder_of_somebody_elses(theirs: Path, there: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("becoming somebody else takes root")
    path = theirs / ("new/store.sqlite" if there == "no folder" else "store.sqlite")
    url = f"sqlite:///{path}"
    if there in ("a store", "a closed store", "unreadable"):
        in_child(lambda: _make(url, close=there != "a store"))()
        assert path.with_name("store.sqlite-wal").exists() == (there == "a store")
    if there == "unreadable":
        path.chmod(0o600)
    told = in_child(lambda: _open_as_nobody(url))()
    assert told.startswith("store-read-only ")
    assert "let the program write there" in told


def _make(url: str, *, close: bool) -> str:
    store = Store.open(url)
    small_project(store)
    if close:
        store.close()
    return "made"


def _open_as_nobody(url: str) -> str:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    try:
        store = Store.open(url)  # looking may be possible
        project = find_project(store, "small")
        ids = [one.id for one in items(store, project)]
        decide(store, REVIEWER, project, Change(ids[0], said(), 0), "accept")
    except StoreError as error:
        return f"{error.code} {error}"
    return "it was written to"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open") as caught:
        Store.open(f"sqlite:///{tmp_path}")
    assert caught.value.code == "store-unreachable"
    assert "names a server that runs, or a file" in caught.value.hint


def test_a_database_that_may_not_be_written_to(cluster: Cluster) -> None:
    url = cluster.new_database()
    store = Store.open(url)
    project, ids = small_project(store)
    store.close()
    name = url.partition("@/")[2].partition("?")[0]
    cluster.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    reader = Store.open(url)  # looking is allowed
    assert find_project(reader, "small") == project
    refused(
        lambda: decide(reader, REVIEWER, project, Change(ids[0], said(), 0), "accept"),
    )
    assert kept_in(reader, project) == []
    cluster.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    reader.close()
    store = Store.open(url)
    decide(store, ADMIN, project, Change(ids[0], said(), 0), "accept")
    store.close()


def test_somebody_who_may_only_look_at_a_database(cluster: Cluster) -> None:
    url = cluster.new_database()
    store = Store.open(url)
    project, ids = small_project(store)
    store.close()
    name = url.partition("@/")[2].partition("?")[0]
    cluster.execute(
        "CREATE ROLE looker LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker",
        database=name,
    )
    reader = Store.open(url.replace("postgres@", "looker@"))
    refused(lambda: decide(reader, REVIEWER, project, Change(ids[0], said(), 0), "accept"))
    reader.close()


def test_a_server_that_is_not_there_is_told_soon() -> None:
    started = time.monotonic()
    with pytest.raises(StoreError) as caught:
        Store.open("postgresql://ada:secret@127.0.0.1:9/store")
    assert time.monotonic() - started < 5
    assert caught.value.code == "store-unreachable"
    assert "secret" not in str(caught.value)


def test_a_server_that_goes_away_and_comes_back(cluster: Cluster) -> None:
    store = Store.open(cluster.new_database())
    project, ids = small_project(store)
    cluster.stop()
    try:
        for call in (
            lambda: projects(store),
            lambda: decide(store, REVIEWER, project, Change(ids[0], said(), 0), "accept"),
        ):
            with pytest.raises(StoreError) as caught:
                call()
            assert caught.value.code == "store-unreachable"
    finally:
        cluster.start()
    decide(store, REVIEWER, project, Change(ids[0], said("back"), 0), "accept")
    assert kept_in(store, project) == ["back"]
    store.close()
