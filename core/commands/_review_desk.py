"""A project on the command line: its sentences by number, its runs by name, and what is said."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from core.commands._store_options import actor_of, opened
from core.errors import ConfigError, StoreError
from core.overview.outcomes import CorpusRun
from core.review.seen import runs_behind, seen
from core.review.starting import main_run, name_of
from core.store.answers import Answer
from core.store.database import Store
from core.store.decisions import State, track_of
from core.store.people import Actor
from core.store.projects import Item, Project, find_project, items
from core.store.runs import StoredRun, load_run, runs
from core.types import Sentence, SentencePair, Span

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Desk:
    """A project and who works on it.

    Attributes:
        store: where it is.
        actor: who works.
        project: the project.
        items: its sentences, in corpus order.
        track: where the actor's decisions go.
    """

    store: Store
    actor: Actor
    project: Project
    items: tuple[Item, ...]
    track: str

    @property
    def by_id(self) -> dict[int, Item]:
        """Return the sentences by their ids in the store."""
        return {item.id: item for item in self.items}

    def item(self, number: int) -> Item:
        """Return a sentence by its number, from 1.

        Raises:
            StoreError: there is none (code unknown-name).
        """
        if not 1 <= number <= len(self.items):
            raise StoreError(
                f"a sentence must be one of 1 to {len(self.items)}, got {number}",
                code="unknown-name",
            )
        return self.items[number - 1]

    def numbers(self, ids: Iterable[int]) -> list[int]:
        """Return the numbers of sentences, from 1."""
        known = self.by_id
        return [known[one].place + 1 for one in ids]

    def main_run(self) -> StoredRun | None:
        """Return the run whose answers are reviewed unless another is named; None without any."""
        return main_run(runs(self.store, self.project))

    def run(self, name: str) -> StoredRun:
        """Return a complete run by name.

        Raises:
            StoreError: there is none (code unknown-name).
        """
        stored = {run.name: run for run in runs(self.store, self.project)}
        if name not in stored:
            raise StoreError(
                f"a run must be one of the project's, {', '.join(stored) or 'which has none'}, "
                f"got {name!r}",
                code="unknown-name",
                hint="make one: python -m core review run PROJECT --method NAME",
            )
        return stored[name]

    def outcomes(self, name: str) -> CorpusRun | None:
        """Return what a run made of the project; None for no name.

        Raises:
            StoreError: there is none of that name (code unknown-name).
        """
        return load_run(self.store, self.run(name)) if name else None

    def seen(self, states: Iterable[State]) -> tuple[list[SentencePair], dict[int, Answer]]:
        """Return the answer of every place, and the pairs as their runs saw them.

        Args:
            states: of one track; where nobody has said anything, the main run's answer stands.
        """
        said = {one.sentence: one.answer for one in states}
        main = self.main_run()
        known = runs_behind(self.store, self.project, said.values())
        if main is not None and main.id not in known:
            known[main.id] = load_run(self.store, main)
        return seen(self.items, said, known, None if main is None else main.id)


@contextmanager
def desk_of(options: argparse.Namespace) -> Iterator[Desk]:
    """Open the store and the project that the options name.

    Raises:
        StoreError: there is no such project (code unknown-name), or the store fails.
    """
    with opened(options) as store:
        actor = actor_of(store, options)
        project = find_project(store, options.project)
        listed = tuple(items(store, project))
        yield Desk(store, actor, project, listed, track_of(project, actor))


def add_project(parser: argparse.ArgumentParser) -> None:
    """Declare the project that an action is about."""
    parser.add_argument("project", metavar="PROJECT", help="name of a project")


def add_sentence(parser: argparse.ArgumentParser) -> None:
    """Declare the project and the sentence that an action is about."""
    add_project(parser)
    parser.add_argument("number", type=int, metavar="N", help="number of the sentence, from 1")


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read spans: `0-2:PER 4-5:LOC`, first word and the one behind the last, counted from 0.

    Raises:
        ConfigError: a part that is no span (code bad-value).
    """
    spans = []
    for part in text.split():
        match = re.fullmatch(r"(\d+)-(\d+):(\S+)", part)
        if match is None or int(match[1]) >= int(match[2]):
            raise ConfigError(
                "a span must be its first word, the one behind its last, and its class, such as "
                f"0-2:PER, got {part!r}",
                code="bad-value",
            )
        spans.append(Span(int(match[1]), int(match[2]), match[3]))
    return tuple(sorted(spans))


def parse_numbers(texts: Sequence[str]) -> list[int]:
    """Read numbers of sentences: `3`, or `3-9` for all of them.

    Raises:
        ConfigError: a part that is neither (code bad-value).
    """
    numbers: list[int] = []
    for text in texts:
        match = _RANGE.fullmatch(text)
        if match is None:
            raise ConfigError(f"sentences must be 3 or 3-9, got {text!r}", code="bad-value")
        numbers += range(int(match[1]), int(match[2] or match[1]) + 1)
    return numbers


def answer_record(answer: Answer, target: Sentence) -> dict[str, Any]:
    """Return an answer with the text of its spans, and its edits as `--edits` takes them."""
    spans = [
        {
            "start": one.start,
            "end": one.end,
            "label": one.label,
            "text": target.text_of(one.span),
            "entity": one.entity,
        }
        for one in answer.spans
    ]
    return {**answer.as_dict(), "spans": spans, "edits": str(answer.edits)}


def state_record(state: State, item: Item) -> dict[str, Any]:
    """Return what stands for a sentence, ready for JSON."""
    return {
        "number": item.place + 1,
        "id": name_of(item),
        "track": state.track,
        "version": state.version,
        "kind": state.kind,
        "reviewer": state.reviewer,
        "at": state.at,
        "bulk": state.bulk,
        "answer": answer_record(state.answer, item.pair.target),
    }


def state_line(record: Mapping[str, Any]) -> str:
    """Tell in one line what stands for a sentence."""
    answer, who = record["answer"], record["track"] or "shared"
    by = f" by {record['reviewer']}, {told_time(record['at'])}" if record["reviewer"] else ""
    note = f"; note: {answer['note']}" if answer["note"] else ""
    spans = told_spans(answer["spans"])
    return f"{who}, version {record['version']}, {answer['status']}{by}: {spans}{note}"


def told_spans(spans: Sequence[Mapping[str, Any]]) -> str:
    """Tell spans in words."""
    return ", ".join(f"{one['label']} “{one['text']}”" for one in spans) or "–"


def told_time(at: str) -> str:
    """Tell a time of the store in minutes."""
    return f"{at[:16].replace('T', ' ')} UTC"


def shortened(lines: Sequence[str], most: int = _SHOWN) -> list[str]:
    """Return the first lines of a long list, and how many more there are."""
    more = [f"  … and {len(lines) - most} more"] if len(lines) > most else []
    return [*lines[:most], *more]
