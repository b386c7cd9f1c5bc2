"""How long saving a decision takes while many review at once, and that none is lost or done twice.

Every reviewer takes a sentence, looks at it, decides and goes on, as fast as the store lets them. A
ledger beside the store notes who has which sentence and what was said to be saved; afterwards it is
compared with the log.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from core.bench.browser import serve
from core.bench.ledger import Ledger, Reviewer
from core.bench.review_browsers import browser_reviewer
from core.datasets import load_corpus
from core.errors import ConfigError
from core.methods import method
from core.review.running import run_project
from core.store.answers import Answer
from core.store.database import VARIABLE, Store
from core.store.decisions import Change, decide, log_of_project, state_of
from core.store.failures import told
from core.store.holds import claim
from core.store.people import Actor
from core.store.projects import Project, create_project, items
from core.store.upkeep import check
from core.types import SentencePair

SENTENCES = 1000
_WITH_BROWSERS = 6 * SENTENCES
"""Enough for browsers to have something to do for a minute."""
_PAUSE_SECONDS = 0.01
_ADMIN = Actor("bench", "admin")


def api_reviewer(name: str) -> Reviewer:
    """Return a reviewer who uses the store's own functions."""
    actor = Actor(name, "reviewer")

    def review(
        store: Store, project: Project, ids: Sequence[int], ledger: Ledger, until: float
    ) -> None:
        while time.monotonic() < until:
            started = time.perf_counter()
            sentence = claim(store, actor, project, ids)
            if sentence is None:  # all are done: begin again
                sentence = claim(store, actor, project, ids, again=True)
            if sentence is None:  # others have all of them
                time.sleep(_PAUSE_SECONDS)
                continue
            ledger.take(sentence, name, time.perf_counter() - started)
            version = state_of(store, project, sentence).version
            change = Change(sentence, Answer("accepted", note=name), version)
            started = time.perf_counter()
            made = decide(store, actor, project, change, "accept")
            ledger.save(sentence, made.version, time.perf_counter() - started)

    return review


def bench_review(*, url: str, seconds: float, reviewers: int, browsers: int = 0) -> dict[str, Any]:
    """Measure on SQLite, and on PostgreSQL where an address of one is given.

    Args:
        url: address of a PostgreSQL database; a schema is made in it and dropped again. May be
            empty.
        seconds: how long.
        reviewers: how many at once.
        browsers: how many more sit at a browser, each in Chromium on the page Review.

    Returns:
        By kind of store, what `measure` returns.

    Raises:
        ConfigError: an address of something else.
        StoreError: the store fails.
    """
    pairs = load_corpus("demo", source="en", target="de")
    size = _WITH_BROWSERS if browsers else SENTENCES
    corpus = [pairs[place % len(pairs)] for place in range(size)]
    found = {}
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        address = f"sqlite:///{Path(folder) / 'store.sqlite'}"
        found["sqlite"] = _bench_one(address, corpus, seconds, reviewers, browsers)
    if url:
        with schema(url) as address:
            found["postgresql"] = _bench_one(address, corpus, seconds, reviewers, browsers)
    return found


def _bench_one(
    address: str, corpus: Sequence[SentencePair], seconds: float, reviewers: int, browsers: int
) -> dict[str, Any]:
    store = Store.open(address)
    try:
        project = create_project(store, _ADMIN, "bench", corpus, corpus="demo")
        team = [api_reviewer(f"reviewer {number}") for number in range(reviewers)]
        if not browsers:
            return measure(store, project, team, seconds)
        run_project(store, _ADMIN, project, method("heuristic"))
        with serve(environment={VARIABLE: address}) as app:
            team += [browser_reviewer(f"browser {number}", app) for number in range(browsers)]
            return measure(store, project, team, seconds)
    finally:
        store.close()


@contextmanager
def schema(url: str) -> Iterator[str]:
    """Make an empty schema in a PostgreSQL database, and drop it at the end.

    Raises:
        ConfigError: the address is of something else (code bad-config).
        StoreError: the database fails.
    """
    address = make_url(url)
    if address.get_backend_name() != "postgresql":
        raise ConfigError(
            f"--url must be of a PostgreSQL database, got {address.get_backend_name()}",
            code="bad-config",
        )
    name = f"bench_{secrets.token_hex(6)}"
    address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    shown = address.render_as_string(hide_password=True)
    with told(shown, address), engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    try:
        inside = address.update_query_dict({"options": f"-csearch_path={name}"})
        yield inside.render_as_string(hide_password=False)
    finally:
        with told(shown, address), engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        engine.dispose()


def measure(
    store: Store, project: Project, team: Sequence[Reviewer], seconds: float
) -> dict[str, Any]:
    """Let a team review for a while, and compare what they were told with the log.

    Args:
        store: where.
        project: that nobody has decided in yet.
        team: works at once, each in a thread.
        seconds: how long.

    Returns:
        `decisions`, `decisions_per_second`; `save_ms` and `claim_ms` with `p50`, `p95` and `max`;
        `lost` (said to be saved, and not in the log exactly once, or a gap in the versions) and
        `double` (sentences given to two at once), which must be 0.

    Raises:
        Exception: what a reviewer's thread raised.
    """
    ids = [one.id for one in items(store, project)]
    ledger, failures = Ledger(), list[Exception]()
    until = time.monotonic() + seconds

    def work(reviewer: Reviewer) -> None:
        try:
            reviewer(store, project, ids, ledger, until)
        except Exception as error:  # noqa: BLE001 (it is raised below, in the caller's thread)
            failures.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in team]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - started
    if failures:
        raise failures[0]
    check(store)  # no gap in any version, and what stands agrees with the log
    return {
        "reviewers": len(team),
        "sentences": len(ids),
        "decisions": len(ledger.saved),
        "decisions_per_second": round(len(ledger.saved) / spent, 1),
        "save_ms": _summary(ledger.seconds),
        "claim_ms": _summary(ledger.claims),
        **({"page_ms": _summary(ledger.pages)} if ledger.pages else {}),
        "lost": _lost(store, project, ledger),
        "double": ledger.double,
    }


def _lost(store: Store, project: Project, ledger: Ledger) -> int:
    logged = Counter((one.sentence, one.version) for one in log_of_project(store, project))
    told_saved = Counter(ledger.saved)
    return sum((told_saved - logged).values()) + sum((logged - told_saved).values())


def _summary(seconds: Sequence[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = quantiles(seconds, n=100, method="inclusive")
    found = {"p50": cuts[49], "p95": cuts[94], "max": max(seconds)}
    return {name: round(1000 * value, 1) for name, value in found.items()}
