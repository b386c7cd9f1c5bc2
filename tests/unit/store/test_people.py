"""Names, roles, and that nobody changes anything that their role does not allow."""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import core.store
from core.errors import ConfigError, DataError, StoreError
from core.store.database import Store
from core.store.decisions import Change, decide, decide_many, redo, undo, undo_batch
from core.store.holds import claim, hold, holds, release
from core.store.launches import pin
from core.store.people import Actor, actor_for, check_name, people, set_role
from core.store.projects import Project, assign, create_project, items
from core.store.runs import begin_run
from core.store.upkeep import rebuild
from tests.runs import trained
from tests.stores import ADMIN, OTHER, REVIEWER, VIEWER, said, small_pair, small_project

Call = Callable[[Store, Actor, Project, int], object]

# What takes which role at least: every function that changes something and is told who asks.
CALLS: dict[str, tuple[str, Call]] = {
    "set_role": ("admin", lambda store, actor, _, __: set_role(store, actor, "Zoe", "admin")),
    "create_project": (
        "admin",
        lambda store, actor, _, __: create_project(store, actor, "n", [small_pair()], corpus="c"),
    ),
    "assign": (
        "admin",
        lambda store, actor, project, one: assign(store, actor, project, [one], "Z"),
    ),
    "begin_run": (
        "admin",
        lambda store, actor, project, _: begin_run(store, actor, project, "run", config=None),
    ),
    "rebuild": ("admin", lambda store, actor, _, __: rebuild(store, actor)),
    "decide": (
        "reviewer",
        lambda store, actor, project, one: decide(
            store, actor, project, Change(one, said(), 1), "accept"
        ),
    ),
    "decide_many": (
        "reviewer",
        lambda store, actor, project, one: decide_many(
            store, actor, project, [Change(one, said(), 1)], "accept", "all"
        ),
    ),
    "undo": (
        "reviewer",
        lambda store, actor, project, one: undo(store, actor, project, one, track="", version=1),
    ),
    "redo": (
        "reviewer",
        lambda store, actor, project, one: redo(store, actor, project, one, track="", version=1),
    ),
    "undo_batch": (
        "reviewer",
        lambda store, actor, project, _: undo_batch(store, actor, project, 1),
    ),
    "claim": ("reviewer", lambda store, actor, project, one: claim(store, actor, project, [one])),
    "pin": ("admin", lambda store, actor, _, __: pin(store, actor, trained())),
    "hold": ("reviewer", lambda store, actor, project, one: hold(store, actor, project, one)),
}
# They touch nothing but what the actor holds, and a viewer never holds anything.
OWN_HOLDS = {"release"}
# They write down what the runs folder says already, whoever looks.
MIRRORS = {"record_runs"}
# They go on with what only `begin_run` gives.
GO_ON = {"add_traces", "finish_run"}


def _writers() -> Iterator[str]:
    for module in iter_modules(core.store.__path__):
        loaded = import_module(f"core.store.{module.name}")
        for name, one in vars(loaded).items():
            if inspect.isfunction(one) and one.__module__ == loaded.__name__:
                source = inspect.getsource(one)
                if not name.startswith("_") and ("store.write(" in source or "_step(" in source):
                    yield name


def test_every_function_that_writes_is_listed_here() -> None:
    assert set(_writers()) == set(CALLS) | OWN_HOLDS | GO_ON | MIRRORS


@pytest.mark.parametrize("name", CALLS)
def test_viewers_change_nothing(store: Store, name: str) -> None:
    project, ids = small_project(store)
    decide(store, REVIEWER, project, Change(ids[0], said(), 0), "accept")
    before = _dump(store)
    with pytest.raises(StoreError) as caught:
        CALLS[name][1](store, VIEWER, project, ids[0])
    assert caught.value.code == "not-allowed"
    assert "Vera" in str(caught.value)
    assert _dump(store) == before


@pytest.mark.parametrize("name", [name for name, (role, _) in CALLS.items() if role == "admin"])
def test_reviewers_do_not_what_admins_do(store: Store, name: str) -> None:
    project, ids = small_project(store)
    before = _dump(store)
    with pytest.raises(StoreError) as caught:
        CALLS[name][1](store, REVIEWER, project, ids[0])
    assert caught.value.code == "not-allowed"
    assert _dump(store) == before


def test_letting_go_touches_ones_own_holds_only(store: Store) -> None:
    project, ids = small_project(store)
    claim(store, REVIEWER, project, ids, at=0)
    before = holds(store, project, at=1)
    for actor in (VIEWER, OTHER):
        release(store, actor, project)
    assert holds(store, project, at=1) == before


def _dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    from core.store.schema import METADATA

    with store.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(table.select())]
            for name, table in METADATA.tables.items()
        }


def test_alone_everyone_is_admin(store: Store) -> None:
    assert actor_for(store, "  Ada\t Lovelace ", {}) == Actor("Ada Lovelace", "admin")


def test_roles_on_a_server(store: Store) -> None:
    decomposed = unicodedata.normalize("NFD", "Zoë")
    server = {"SPANBRIDGE_AUTH": "oidc", "SPANBRIDGE_ADMINS": f"Ada, {decomposed}"}
    assert actor_for(store, "Ada", server).role == "admin"
    assert actor_for(store, "Zoë", server).role == "admin"
    assert actor_for(store, "Otto", server).role == "viewer"
    set_role(store, ADMIN, "Otto", "reviewer")
    assert actor_for(store, "Otto", server).role == "reviewer"
    set_role(store, ADMIN, unicodedata.normalize("NFD", "Otto\u0308"), "viewer")
    set_role(store, ADMIN, "Otto", "admin")
    assert people(store) == {"Otto": "admin", "Ottö": "viewer"}
    usual = server | {"SPANBRIDGE_DEFAULT_ROLE": "reviewer"}
    assert actor_for(store, "Vera", usual).role == "reviewer"


@pytest.mark.parametrize(
    "environment",
    [
        {"SPANBRIDGE_AUTH": "none"},
        {"SPANBRIDGE_AUTH": "header", "SPANBRIDGE_DEFAULT_ROLE": "boss"},
    ],
)
def test_a_wrong_setting_is_told(store: Store, environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        actor_for(store, "Ada", environment)


@pytest.mark.parametrize("name", ["", " ", "\u2003", "x" * 81, "a\0b", "a\x1bb", "\ud800"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(DataError) as caught:
        check_name(name)
    assert caught.value.code == "bad-value"


def test_two_admins_give_a_role_at_the_same_time(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def give(number: int) -> str:
        try:
            set_role(store, ADMIN, "Otto", "reviewer" if number % 2 else "viewer")
        except StoreError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(8) as pool:
        said_back = set(pool.map(give, range(40)))
    assert said_back <= {"", "changed-meanwhile"}
    assert people(store)["Otto"] in ("reviewer", "viewer")


def test_names_of_any_script_are_kept(store: Store) -> None:
    for name in ("Ọlá", "محمد", "山田 太郎", "O'Brien; DROP TABLE people --", "%s"):
        set_role(store, ADMIN, name, "reviewer")
        assert people(store)[unicodedata.normalize("NFC", name)] == "reviewer"
    project, ids = small_project(store, reviewers=2)
    me = Actor("山田 太郎", "reviewer")
    decide(store, me, project, Change(ids[0], said(), 0), "accept", track=me.name)
    assert [one.assigned for one in items(store, project)] == [None] * 4
