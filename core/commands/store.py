"""`store`: where reviews are kept: what is in it, whether it is whole, and a copy of it."""

from __future__ import annotations

import argparse
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import func, select

from core.commands import Outcome
from core.commands._store_options import Action, actor_of, add_actions, no_arguments, opened
from core.commands.progress import ProgressBars
from core.store.schema import MIGRATED
from core.store.upkeep import back_up, check, rebuild


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions with their options."""
    add_actions(parser, ACTIONS)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Look after the store.

    Raises:
        StoreError: it fails, is damaged, or the actor may not.
    """
    return ACTIONS[options.action].run(options, bars)


def _info(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        counts = check(store)
        with store.read() as connection:
            version = int(connection.execute(select(func.max(MIGRATED.c.number))).scalar_one())
        data = {"url": store.name, "version": version, "counts": counts}
    lines = [f"{store.name}, version {version}", *_count_lines(counts)]
    return Outcome(data, "\n".join(lines))


def _check(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        counts = check(store)
    told = f"{store.name}: what stands agrees with the log"
    return Outcome({"url": store.name, "counts": counts}, "\n".join([told, *_count_lines(counts)]))


def _count_lines(counts: dict[str, int]) -> list[str]:
    return [f"  {name}: {count}" for name, count in counts.items()]


def _rebuild(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        made = rebuild(store, actor_of(store, options))
    return Outcome({"url": store.name, "states": made}, f"{made} answers made anew from the log")


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, metavar="PATH", help="a new file")


def _backup(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with opened(options) as store:
        back_up(store, options.path)
    size = options.path.stat().st_size
    return Outcome(
        {"url": store.name, "out": str(options.path), "bytes": size},
        f"copied to {options.path} ({size} bytes)",
    )


ACTIONS = MappingProxyType(
    {
        "info": Action("say where it is and what is in it", no_arguments, _info),
        "check": Action("see that what stands agrees with the log", no_arguments, _check),
        "rebuild": Action("make what stands anew from the log", no_arguments, _rebuild),
        "backup": Action("copy it while others go on", _backup_arguments, _backup),
    }
)
