"""What the commands about the store share: which store, who acts, and actions within a command."""

from __future__ import annotations

import argparse
import getpass
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.errors import ConfigError, Notice, SpanbridgeError
from core.jobs import Run
from core.store.database import VARIABLE, Store
from core.store.launches import record_runs
from core.store.people import Actor, actor_for

Doing = Callable[[argparse.Namespace, ProgressBars], Outcome]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a command can do.

    Attributes:
        summary: for --help.
        add_arguments: declares its options, beside those that all actions have.
        run: does it.
    """

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Doing


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no option."""


def add_actions(parser: argparse.ArgumentParser, actions: Mapping[str, Action]) -> None:
    """Declare a command's actions, each with its own options and those of the store."""
    parts = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, action in actions.items():
        part = parts.add_parser(name, help=action.summary, description=action.summary)
        # Behind the action they mean the same as before it; the default there must not undo that.
        for flag, told in (("json", "print one JSON object"), ("quiet", "show no progress bars")):
            part.add_argument(
                f"--{flag}", action="store_true", default=argparse.SUPPRESS, help=told
            )
        group = part.add_argument_group("store")
        group.add_argument(
            "--as", dest="actor", default="", metavar="NAME", help="who acts (default: your login)"
        )
        group.add_argument(
            "--store",
            dest="store_url",
            default="",
            metavar="URL",
            help=f"where reviews are kept (default: {VARIABLE}, else a file in the data folder)",
        )
        action.add_arguments(part)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Store]:
    """Open the store that the options name, and let go of it at the end.

    Raises:
        ConfigError: an address that is none.
        StoreError: it cannot be opened.
    """
    store = Store.open(options.store_url)
    try:
        yield store
    finally:
        store.close()


def actor_of(store: Store, options: argparse.Namespace) -> Actor:
    """Return who acts: who `--as` names, else whoever is logged in.

    Raises:
        ConfigError: nobody is known by name.
        DataError: it is no name.
    """
    return actor_for(store, options.actor or _login())


def record_launch(runs: Sequence[Run], *, by: str = "") -> None:
    """Write long runs down in the store; without one they go on all the same, with a notice."""
    try:
        store = Store.open()
        try:
            record_runs(store, runs, by=by or _login())
        finally:
            store.close()
    except SpanbridgeError as error:
        warnings.warn(f"the run is not written down in the store: {error}", Notice, stacklevel=2)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError) as error:  # no such user is known to the system
        raise ConfigError(
            "somebody must act, got no login name", code="bad-config", hint="add --as NAME"
        ) from error
