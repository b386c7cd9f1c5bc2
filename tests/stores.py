"""Stores to test with: SQLite files, and a PostgreSQL server of our own that is thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

from core.store.answers import Answer, AnswerSpan, Status
from core.store.database import Store
from core.store.people import Actor
from core.store.projects import Project, create_project, items
from core.types import SentencePair
from tests.builders import pair, sentence

ADMIN = Actor("Ada", "admin")
REVIEWER = Actor("Rosa", "reviewer")
OTHER = Actor("Otto", "reviewer")
VIEWER = Actor("Vera", "viewer")


def small_pair(number: int = 0) -> SentencePair:
    """Make a pair of four words with one entity."""
    return pair(
        sentence(f"Ada saw Rome {number}", "en", (0, 1, "PER")),
        sentence(f"Ada sah Rom {number}", "de", (0, 1, "PER")),
        "0-0 1-1 2-2 3-3",
        str(number),
    )


def small_project(
    store: Store, *, sentences: int = 4, reviewers: int = 1, name: str = "small"
) -> tuple[Project, list[int]]:
    """Make a project, and return it with the ids of its sentences."""
    pairs = [small_pair(number) for number in range(sentences)]
    made = create_project(store, ADMIN, name, pairs, corpus="test", reviewers=reviewers)
    return made, [one.id for one in items(store, made)]


def said(note: str = "", status: Status = "accepted") -> Answer:
    """Make an answer with one span; `note` tells it from others."""
    return Answer(status, (AnswerSpan(0, 1, "PER", 0),), note=note)


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def _owner() -> dict[str, int]:
    """Say as whom the server is run: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        known = pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("no user postgres to run the server as: apt-get install postgresql")
    return {"user": known.pw_uid, "group": known.pw_gid}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """A PostgreSQL server of our own, with databases that are made as they are asked for."""

    programs: Path
    folder: Path
    port: int
    owner: dict[str, int]
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str, *, driver: str = "postgresql") -> str:
        """Return the address of a database, by way of the socket in the server's own folder."""
        return f"{driver}://postgres@/{database}?host={self.folder}&port={self.port}"

    def new_database(self, *, extra: str = "") -> str:
        """Make an empty database and return its address."""
        name = f"test{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} {extra}")
        return self.url(name)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements, each in a transaction of its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = str(self.folder / "log.txt")
        self.run("pg_ctl", "start", "-w", "-t", "60", "-D", str(self.data), "-l", log)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; `immediate` is as if the machine had lost power."""
        self.run("pg_ctl", "stop", "-w", "-D", str(self.data), "-m", mode)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's owner."""
        subprocess.run(
            [str(self.programs / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            **self.owner,
        )

    @property
    def data(self) -> Path:
        return self.folder / "data"


# Waits until whoever started it closes the pipe or is gone, however that came about.
_GUARD = (
    'read _; "$1/pg_ctl" stop -D "$2/data" -m immediate >/dev/null 2>&1; rm -rf "$2" 2>/dev/null'
)


@contextmanager
def postgresql(
    *, parent: Path | None = None, options: Sequence[str] = (), settings: Sequence[str] = ()
) -> Iterator[Cluster]:
    """Run a server of our own in a temporary folder, and remove both at the end.

    Args:
        parent: where the folder is made; None for the usual place.
        options: of `initdb`.
        settings: lines of the server's configuration.
    """
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="spanbridge-pg-", dir=parent))
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    cluster = Cluster(programs, folder, _free_port(), owner)
    guard = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "guard", str(programs), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
        cwd="/",
        **owner,
    )
    try:
        make = ("-D", str(cluster.data), "-A", "trust", "-U", "postgres", "-E", "UTF8")
        cluster.run("initdb", *make, "--locale=C", "--no-sync", "--no-instructions", *options)
        lines = [
            f"port = {cluster.port}",
            "listen_addresses = '127.0.0.1'",
            f"unix_socket_directories = '{folder}'",
            "shared_buffers = 32MB",
            "max_connections = 60",
            # Else the server opens and flushes each file of all databases after a crash.
            "recovery_init_sync_method = syncfs",
            *settings,
        ]
        with (cluster.data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("\n".join(lines) + "\n")
        cluster.start()
        yield cluster
    finally:
        guard.communicate()
        shutil.rmtree(folder, ignore_errors=True)  # the folder itself lies in one that is root's


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk of a few megabytes; skip the test where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    size = f"size={megabytes}m"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no small disk to fill: mounting one takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a mounted disk's size, or whether it may be written to."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def in_child(call: Callable[[], str]) -> Callable[[], str]:
    """Begin something in a process that ends without tidying up; return what waits for it."""
    mine, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(theirs, call().encode())
        finally:
            os._exit(0)
    os.close(theirs)

    def answer() -> str:
        os.waitpid(child, 0)
        told = os.read(mine, 65536).decode()
        os.close(mine)
        return told

    return answer
