"""Who may do what: viewers look, reviewers decide, admins do the rest.

Used alone on one's own machine, a name is all that is asked, and everyone may do everything. On a
server the name comes from logging in (`SPANBRIDGE_AUTH=oidc`) or from a proxy in front of it
(`SPANBRIDGE_AUTH=header`), and the role from the store, from `SPANBRIDGE_ADMINS` or from
`SPANBRIDGE_DEFAULT_ROLE`. Every function that changes the store asks here first.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy.exc import IntegrityError

from core.errors import ConfigError, DataError, StoreError
from core.store.database import Store, now
from core.store.schema import PEOPLE

Role = Literal["viewer", "reviewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From least to most."""
Auth = Literal["local", "oidc", "header"]

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something, with what they may do."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Tell whether they may do what this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def require(actor: Actor, role: Role, what: str) -> None:
    """Check that somebody may do something.

    Args:
        actor: who.
        role: the least role it takes.
        what: for the message, such as "save a decision".

    Raises:
        StoreError: they may not (code not-allowed).
    """
    if not actor.may(role):
        raise StoreError(
            f"to {what} one must be {role}, got {actor.name!r}, who is {actor.role}",
            code="not-allowed",
            hint="an admin can change the role: python -m core people set NAME ROLE",
        )


def require_on_server(
    actor: Actor | None, role: Role, what: str, environment: Mapping[str, str] = os.environ
) -> None:
    """Check that somebody may do something that takes no name where one is alone.

    Args:
        actor: who; None as long as nobody has said.
        role: the least role it takes on a server.
        what: for the message, such as "save a method".
        environment: process environment; another for tests.

    Raises:
        StoreError: they may not (code not-allowed).
        ConfigError: SPANBRIDGE_AUTH names no way to tell people apart (code bad-config).
    """
    if auth_mode(environment) == "local":
        return
    if actor is None:
        raise StoreError(
            f"to {what} one must be {role}, got nobody", code="not-allowed", hint="log in first"
        )
    require(actor, role, what)


def as_kept(name: str) -> str:
    """Return a name composed and on one line, so that the same name is written in one way."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def check_name(name: str) -> str:
    """Return a person's or a project's name as it is kept: composed, on one line.

    Raises:
        DataError: it is empty, too long, or holds control characters (code bad-value).
    """
    kept = as_kept(name)
    fine = all(unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn") for letter in kept)
    if not kept or len(kept) > LONGEST_NAME or not fine:
        raise DataError(
            f"a name must be 1 to {LONGEST_NAME} printable characters, got {name[:100]!r}",
            code="bad-value",
        )
    return kept


def auth_mode(environment: Mapping[str, str] = os.environ) -> Auth:
    """Return how people are told apart here.

    Raises:
        ConfigError: SPANBRIDGE_AUTH names something else (code bad-config).
    """
    mode = environment.get("SPANBRIDGE_AUTH", "local")
    for known in get_args(Auth):
        if mode == known:
            found: Auth = known
            return found
    raise ConfigError(
        f"SPANBRIDGE_AUTH must be one of {', '.join(get_args(Auth))}, got {mode!r}",
        code="bad-config",
    )


def actor_for(store: Store, name: str, environment: Mapping[str, str] = os.environ) -> Actor:
    """Return somebody with their role.

    Args:
        store: says which role they were given.
        name: who they are, as they say or as they have shown.
        environment: process environment; another for tests.

    Raises:
        ConfigError: the environment names a role that is none.
        DataError: it is no name.
    """
    name = check_name(name)
    if auth_mode(environment) == "local":
        return Actor(name, "admin")
    admins = {as_kept(one) for one in environment.get("SPANBRIDGE_ADMINS", "").split(",")}
    if name in admins:
        return Actor(name, "admin")
    with store.read() as connection:
        row = connection.execute(PEOPLE.select().where(PEOPLE.c.name == name)).first()
    usual = environment.get("SPANBRIDGE_DEFAULT_ROLE", "viewer")
    return Actor(name, parse_role(usual if row is None else row.role))


def parse_role(text: str) -> Role:
    """Return a role by its name.

    Raises:
        ConfigError: there is none of that name (code unknown-name).
    """
    for role in ROLES:
        if role == text:
            return role
    raise ConfigError(
        f"a role must be one of {', '.join(ROLES)}, got {text!r}", code="unknown-name"
    )


def set_role(store: Store, actor: Actor, name: str, role: Role) -> None:
    """Give somebody a role.

    Raises:
        StoreError: only admins may (not-allowed); another admin did so just now
            (changed-meanwhile).
    """
    require(actor, "admin", "give somebody a role")
    name = check_name(name)
    values = {"role": role, "at": now(), "by": actor.name}
    with store.write() as connection:
        known = PEOPLE.update().where(PEOPLE.c.name == name).values(**values)
        if connection.execute(known).rowcount:
            return
        try:
            connection.execute(PEOPLE.insert().values(name=name, **values))
        except IntegrityError as error:
            raise StoreError(
                f"a role must be given by one admin at a time, got two for {name!r}",
                code="changed-meanwhile",
                hint="look at what stands now",
            ) from error


def people(store: Store) -> dict[str, Role]:
    """Return everybody who was given a role, by name."""
    with store.read() as connection:
        rows = connection.execute(PEOPLE.select().order_by(PEOPLE.c.name))
        return {row.name: parse_role(row.role) for row in rows}
