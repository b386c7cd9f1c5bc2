"""What runs of `evaluate` on this machine have found, language by language.

A run of `project` compares with nothing, so it has no figure. What cannot be read is left out and
told: one damaged folder must not hide all other runs.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from core import jobs
from core.errors import StoreError
from core.figures.values import Figure, Group
from core.jobs import Run

SOURCE = "runs on this machine"
_NO_LABELLER = ("", "gold")
_USUAL_SOURCE = "en"
# Parts of a signature by which a method differs from the one it is named after; the aligner has a
# place of its own.
_TUNED = ("encoder", "candidates", "scores", "projector", "tagger", "route")


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Figures of runs, and which runs could not be read, in words."""

    figures: tuple[Figure, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    """What all figures of one evaluation share."""

    group: Group
    language: str
    method: str
    aligner: str
    command: str

    def figures(self, overall: Any, classes: Mapping[str, Any]) -> Iterator[Figure]:
        """Yield the figure of all classes together, then that of each class."""
        for label, score in {"": overall, **classes}.items():
            yield Figure(
                origin="run",
                group=self.group,
                language=self.language,
                method=self.method,
                aligner=self.aligner,
                label=label,
                f1=float(score["f1"]),
                precision=float(score["precision"]),
                recall=float(score["recall"]),
                command=self.command,
            )


def run_figures(methods: Mapping[str, str]) -> RunFigures:
    """Read the results of all runs of `evaluate` that have ended well, the newest first.

    Where two runs say something of the same method on the same sentences, the newer one counts. A
    method with other parameters than its own is another method, and its name says so.

    Args:
        methods: signature of each named method, without a corpus.
    """
    found: dict[tuple[object, ...], Figure] = {}
    unreadable = []
    for run in jobs.list_runs()[::-1]:
        if run.state != "done" or run.plan.words[:1] != ("evaluate",):
            continue
        try:
            figures = _figures(run, methods)
        except (StoreError, AttributeError, KeyError, TypeError, ValueError):
            unreadable.append(f"The result of the run {run.id} cannot be read.")
            continue
        for one in figures:
            key = (one.group, one.language, one.method, one.aligner, one.label)
            found.setdefault(key, one)
    return RunFigures(tuple(found.values()), tuple(unreadable))


def _figures(run: Run, methods: Mapping[str, str]) -> list[Figure]:
    """Return a run's figures, all or none."""
    words = run.plan.words
    result = jobs.result_of(run)
    if result is None or "--questions" in words:
        return []
    if "sets" in result:
        return list(_of_tagger(run, result))
    others = result.get("compare", {}).values()
    scored = [
        (result["signature"], result["overall"], result["per_label"]),
        *((other["signature"], other, other["per_label"]) for other in others),
    ]
    return [
        figure
        for signature, overall, classes in scored
        for figure in _measured(signature, words, methods).figures(overall, classes)
    ]


def _measured(signature: str, words: Sequence[str], methods: Mapping[str, str]) -> _Measured:
    """Read what was measured from a signature, `corpus:NAME/SOURCE-TARGET/SPLIT|method:…`."""
    parts = _parts(signature)
    given = _values(words, "--source")
    source = given[-1] if given else _USUAL_SOURCE
    corpus, found, rest = parts["corpus"].rpartition(f"/{source}-")
    language, _, split = rest.partition("/")
    if not found or not language:
        raise ValueError(f"no languages in {parts['corpus']!r}")
    return _Measured(
        group=Group(SOURCE, _setting(parts, source), corpus, split),
        language=language,
        method=_named(parts, _parts(methods.get(parts["method"], ""))),
        aligner=parts.get("aligner", ""),
        command=_command(words),
    )


def _parts(signature: str) -> dict[str, str]:
    return dict(part.partition(":")[::2] for part in filter(None, signature.split("|")))


def _named(parts: Mapping[str, str], own: Mapping[str, str]) -> str:
    """Name a method with all in which it is not the one of that name."""
    changed = [
        f"{key} {parts[key]}" for key in _TUNED if parts.get(key, "") not in ("", own.get(key))
    ]
    return ", ".join([parts["method"], *changed])


def _setting(parts: Mapping[str, str], source: str) -> str:
    """Name what a method was given, in the words of the tables."""
    labeller = parts.get("labeller", "")
    if parts.get("translator"):
        words = f"full pipeline, {parts['translator']} and {labeller or 'given labels'}"
    elif labeller not in _NO_LABELLER:
        words = f"human {source}, {labeller}"
    elif parts.get("route") == "transfer":
        words = f"tagger {parts.get('tagger', '')} alone"
    else:
        words = "isolated projection"
    return words if parts["labels"] == "all" else f"{words}, {parts['labels'].replace(',', ' ')}"


def _of_tagger(run: Run, result: Mapping[str, Any]) -> Iterator[Figure]:
    words = run.plan.words
    files = [Path(test.partition("=")[2]).name for test in _values(words, "--test")]
    if not files:
        files = [*_values(words, "--corpus")[-1:]] * len(result["sets"])
    settings = _parts(result["signature"]).get("tagger", "").partition("(")[2]
    tuned = f" ({settings}" if settings else ""
    for (name, found), file in zip(result["sets"].items(), files, strict=True):
        measured = _Measured(
            group=Group(SOURCE, "tagger alone", file),
            language=name.partition(".")[0],  # a language that stands twice is numbered: es.2
            method=f"tagger {run.plan.config.get('model') or 'default'}{tuned}",
            aligner="",
            command=_command(words),
        )
        yield from measured.figures(found["clean"]["overall"], found["clean"]["per_label"])


def _values(words: Sequence[str], option: str) -> list[str]:
    """Return what a command line gives an option, in order."""
    found = [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
    return found + [after for word, after in pairwise(words) if word == option]


def _command(words: Sequence[str]) -> str:
    return f"python -m core {shlex.join(words)}"
