"""Twenty reviewers at once: nothing is lost, and no sentence is worked on by two."""

from __future__ import annotations

import json

import pytest

from core.bench.review import Ledger, api_reviewer, measure, schema
from core.cli import main
from core.errors import ConfigError, StoreError
from core.store.database import Store
from core.store.decisions import Change, decide
from core.store.projects import projects
from tests.stores import ADMIN, REVIEWER, Cluster, said, small_project


@pytest.mark.slow
@pytest.mark.parametrize("sentences", [10, 300])
def test_nothing_is_lost_and_nothing_done_twice(store: Store, sentences: int) -> None:
    project, _ = small_project(store, sentences=sentences)
    team = [api_reviewer(f"reviewer {number}") for number in range(20)]
    found = measure(store, project, team, seconds=2.5)
    assert (found["lost"], found["double"]) == (0, 0)
    assert found["decisions"] > 20
    assert found["save_ms"]["p50"] <= found["save_ms"]["p95"] <= found["save_ms"]["max"]


def test_what_is_lost_or_doubled_is_counted(store: Store) -> None:
    """The measurement itself finds what it looks for."""
    project, ids = small_project(store)

    def forgetful(store: Store, project: object, ids: object, ledger: Ledger, until: float) -> None:
        ledger.take(ids[0], "Rosa", 0.1)  # type: ignore[index]
        ledger.take(ids[0], "Otto", 0.1)  # type: ignore[index]
        ledger.save(ids[0], 1, 0.1)  # type: ignore[index]

    found = measure(store, project, [forgetful], seconds=0)
    assert (found["lost"], found["double"]) == (1, 1)
    decide(store, REVIEWER, project, Change(ids[1], said(), 0), "accept")
    assert measure(store, project, [], seconds=0)["lost"] == 1


def test_what_a_reviewer_meets_is_not_hidden(store: Store) -> None:
    project, _ = small_project(store)

    def clumsy(*_: object) -> None:
        decide(store, ADMIN, project, Change(999, said(), 0), "accept")

    with pytest.raises(StoreError, match="999"):
        measure(store, project, [clumsy], seconds=0)


def test_a_schema_of_its_own_is_left_as_it_was(cluster: Cluster) -> None:
    url = cluster.new_database()
    mine = Store.open(url)
    small_project(mine, name="mine")
    with schema(url) as inside:
        other = Store.open(inside)
        assert projects(other) == []
        small_project(other, name="bench")
        other.close()
    assert [one.name for one in projects(mine)] == ["mine"]
    mine.close()
    with pytest.raises(ConfigError), schema("sqlite:///x"):
        pass
    with pytest.raises(StoreError), schema(cluster.url("missing")):
        pass


def test_the_command_measures_both(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    url = cluster.new_database()
    command = ["bench", "review", "--json", "--seconds", "0.5", "--reviewers", "3", "--url", url]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"sqlite", "postgresql"}
    for one in found.values():
        assert (one["lost"], one["double"], one["reviewers"]) == (0, 0, 3)
        assert set(one["save_ms"]) == {"p50", "p95", "max"}
