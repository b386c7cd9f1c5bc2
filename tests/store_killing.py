"""Writes to a store and is killed, again and again: run as a program by the kill test.

`python -m tests.store_killing URL PROJECT ACKS KILLS SEED` forks a child that writes decisions,
bulk changes and runs, kills it at a random moment, and starts over. A child adds a line to the file
ACKS after each call that returned, so what stands there must be in the store for good.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from core.errors import StoreError
from core.overview.outcomes import outcome_of
from core.store.database import Store
from core.store.decisions import Change, batches, decide, decide_many, state_of, states, undo_batch
from core.store.projects import Project, find_project, items
from core.store.runs import add_traces, begin_run, finish_run
from core.types import Projection, Trace
from tests.stores import ADMIN, REVIEWER, said, small_pair

BULK = 12
GROUP = 18
FIRST_MS, LAST_MS = 0, 60
MOST_ACKS = 5


@dataclass
class Writer:
    """Does something of everything, and says what is done."""

    store: Store
    project: Project
    ids: list[int]
    acks: int
    pipe: int
    name: str
    dice: random.Random

    def write(self, first: str = "") -> None:
        """Write until killed, a run first where that is asked for."""
        for number in count():
            kind = self.dice.choices((self.one, self.many, self.back, self.run), (8, 3, 2, 4))[0]
            kind = self.run if first == "run" and not number else kind
            with suppress(_ChangedError):
                kind(f"{self.name}-{number}")

    def one(self, note: str) -> None:
        """Decide on one sentence."""
        sentence = self.dice.choice(self.ids)
        version = state_of(self.store, self.project, sentence).version
        change = Change(sentence, said(note), version)
        made = _unless_changed(decide, self.store, REVIEWER, self.project, change, "accept")
        self.ack(kind="one", sentence=sentence, version=made.version, note=note)

    def many(self, note: str) -> None:
        """Decide on many at once; the description says on how many."""
        known = {one.sentence: one.version for one in states(self.store, self.project)}
        some = self.dice.sample(self.ids, BULK)
        changes = [Change(one, said(note), known.get(one, 0)) for one in some]
        made = decide_many(self.store, REVIEWER, self.project, changes, "accept", note)
        self.ack(kind="many", batch=made.batch, sentences=made.done, note=note)

    def back(self, note: str) -> None:
        """Take a bulk change back."""
        listed = [one for one in batches(self.store, self.project) if one.standing]
        if listed:
            made = undo_batch(self.store, REVIEWER, self.project, listed[0].id)
            self.ack(kind="back", batch=made.batch, sentences=made.done, note=note)

    def run(self, note: str) -> None:
        """Run a method over all sentences, a few at a time."""
        pair = small_pair()
        made, _ = begin_run(self.store, ADMIN, self.project, note, config=None, signature="s")
        for first in range(0, len(self.ids), GROUP):
            group = self.ids[first : first + GROUP]
            projections = [Projection(pair, note, (), (), Trace()) for _ in group]
            add_traces(self.store, made, group, projections)
            self.ack(kind="traces", run=made.id, sentences=group)
        finish_run(self.store, made)
        self.ack(kind="run", run=made.id)

    def ack(self, **values: Any) -> None:
        """Say that something is done; the line outlives this process."""
        os.write(self.acks, json.dumps(values).encode() + b"\n")
        os.write(self.pipe, b".")


class _ChangedError(Exception):
    """A process that was killed had its last change kept after all."""


def _unless_changed(call: Any, *arguments: Any) -> Any:
    try:
        return call(*arguments)
    except StoreError as error:
        if error.code != "changed-meanwhile":
            raise
        raise _ChangedError from error


def _child(url: str, project: str, acks: Path, name: str, pipe: int) -> None:
    try:
        store = Store.open(url)
        found = find_project(store, project)
        ids = [one.id for one in items(store, found)]
        file = os.open(acks, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(pipe, b"!")
        dice = random.Random(name)  # noqa: S311
        # A run takes longest, so three children of ten begin with one.
        first = "run" if name[-1] in "258" else ""
        Writer(store, found, ids, file, pipe, name, dice).write(first)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(1)


def main() -> int:
    """Fork and kill; an exit of a child that was not killed ends it all."""
    url, project, acks, kills, seed = sys.argv[1:]
    dice = random.Random(seed)  # noqa: S311
    warm = Store.open(url)  # what it loads, the children find loaded
    items(warm, find_project(warm, project))
    warm.close()
    outcome_of(Projection(small_pair(), "", (), (), Trace()))
    for number in range(int(kills)):
        open_end, pipe = os.pipe()
        child = os.fork()
        if child == 0:
            _child(url, project, Path(acks), f"{seed}.{number}", pipe)
        os.close(pipe)
        # Every fourth is killed at any moment, so also while it opens the store. The others first
        # do something, counted by what is done: a busy machine would outrun a clock.
        for _ in range(dice.randint(1, 1 + MOST_ACKS) if number % 4 else 0):
            os.read(open_end, 1)
        time.sleep(dice.uniform(FIRST_MS, LAST_MS) / 1000)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(open_end)
        if not os.WIFSIGNALED(status):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
