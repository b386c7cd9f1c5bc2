"""`people`: who was given which role."""

from __future__ import annotations

import argparse
from types import MappingProxyType

from core.commands import Outcome
from core.commands._store_options import Action, actor_of, add_actions, no_arguments, opened
from core.commands.progress import ProgressBars
from core.store.people import ROLES, auth_mode, check_name, parse_role, people, set_role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions with their options."""
    add_actions(parser, ACTIONS)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """List people, or give somebody a role.

    Raises:
        StoreError: the actor may not, or the store fails.
    """
    return ACTIONS[options.action].run(options, bars)


def _list(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        roles = people(store)
        actor = actor_of(store, options)
    data = {"people": roles, "auth": auth_mode(), "you": {"name": actor.name, "role": actor.role}}
    lines = [f"{name}: {role}" for name, role in roles.items()] or ["nobody was given a role"]
    return Outcome(data, "\n".join([*lines, f"you are {actor.name}, {actor.role}"]))


def _set_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="who")
    parser.add_argument("role", metavar="ROLE", help=f"one of {', '.join(ROLES)}")


def _set(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    role = parse_role(options.role)
    name = check_name(options.name)
    with opened(options) as store:
        set_role(store, actor_of(store, options), name, role)
    return Outcome({"name": name, "role": role}, f"{name} is {role}")


ACTIONS = MappingProxyType(
    {
        "list": Action("list everybody who was given a role", no_arguments, _list),
        "set": Action("give somebody a role", _set_arguments, _set),
    }
)
