"""The commands of the command line, one a file."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any, Protocol, cast

from core.commands.progress import ProgressBars


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command found: for machines, for people, and the exit code."""

    data: Mapping[str, Any]
    text: str
    exit_code: int = field(default=0)


class Command(Protocol):
    """A module with these two functions."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""
        ...

    def run(self, options: argparse.Namespace, bars: ProgressBars) -> Outcome:
        """Do the work; errors are raised as SpanbridgeError."""
        ...


# Name → summary. The names are listed here so that --help loads no command.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "corpora": "list the corpora that can be named, with what is missing, and get them",
        "convert": "turn a corpus file into another tool's format and check what it reads",
        "components": "list methods, aligners, candidates, scores and projectors with parameters",
        "align": "align the words of two files of sentences, line by line",
        "project": "project a corpus's entities and write the result",
        "pipeline": "find the entities of text in one language alone: translate, label, project",
        "evaluate": "project a corpus and compare with its gold entities",
        "qa-score": "score predicted answers to questions (MLQA, XQuAD, SQuAD): F1 and exact match",
        "questions": "make questions and answers in another language: translate, project answers",
        "perturb": "change a test set: other names, unseen words, typing errors, all of it listed",
        "label-issues": "find words of a labelled corpus whose tag is probably wrong",
        "compare-seeds": "compare methods that were trained with several seeds: spread, p-values",
        "compare": "run several methods, or take runs from files, and show where they disagree",
        "trace": "list every lost, spurious or wrong entity of a corpus with its guilty stage",
        "replay": "perturb one side of a corpus: which entities flip, and at which stage",
        "concordance": "show every place where a word or an entity was linked to what",
        "languages": "list languages with published and own figures, sorted and filtered",
        "budget": "say what each stage costs: replace one at a time by gold",
        "tune": "choose the weights of a method's scores on a small gold set",
        "explain": "show one sentence pair in full: links, candidates, scores, decisions",
        "capsule": "write sentence pairs with their whole story as one HTML file",
        "review": "review a project: create, run, decide, correct everywhere, export, import",
        "store": "say what the store of reviews holds, check it, and copy it",
        "people": "list who may do what, and give somebody a role",
        "train": "train a tagger, or a model that answers questions, plainly or by a robust method",
        "runs": "look after long commands that go on by themselves: start, stop, resume, compare",
        "bench": "measure speed, quality, memory and how long people wait; see its --help",
        "doctor": "say what is installed and what is not, with the fix for each",
        "setup": "unpack the bundled encoder, so that the first run does not wait for it",
    }
)


def load_command(name: str) -> Command:
    """Import a command's module."""
    return cast("Command", import_module(f"core.commands.{name.replace('-', '_')}"))
