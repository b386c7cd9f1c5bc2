"""`convert`: turn a corpus file into another tool's format, or only look at it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.config import ComponentChoice
from core.corpora import FORMATS, BadSentence
from core.corpora._bytes import write_bytes
from core.errors import ConfigError, DataError
from core.exchange import (
    Exported,
    ImportPreview,
    PairPreview,
    export_pairs,
    export_sentences,
    preview_import,
    preview_pairs,
)
from core.exchange.parallel import PARALLEL_FORMATS
from core.exchange.preview import parse_choice

# Lines of each list that are printed; with --json all are.
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("input", type=Path, help="the file to read")
    parser.add_argument("output", type=Path, nargs="?", help="the file to write")
    parser.add_argument("--check", action="store_true", help="only say what is in the file")
    parser.add_argument(
        "--from",
        dest="form",
        default="",
        metavar="FORM[:KEY=VALUE,…]",
        help="format of the input (default: guess)",
    )
    parser.add_argument(
        "--to",
        default="",
        metavar="FORM[:KEY=VALUE,…]",
        help=f"format of the output: {', '.join(FORMATS.names())}; for parallel text "
        f"{', '.join(PARALLEL_FORMATS.names())} (default: by the output's ending)",
    )
    parser.add_argument("--language", default="", help="language of the sentences")
    parser.add_argument("--source", default="", help="source language, for parallel text")
    parser.add_argument("--target", default="", help="target language, for parallel text")
    parser.add_argument(
        "--skip-bad", action="store_true", help="leave out what cannot be read, and list it"
    )
    parser.add_argument(
        "--aside", type=Path, help="keep what cannot be read in this file, as it stands"
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Read a file and write it anew; all that is left out or seen otherwise is listed.

    Raises:
        ConfigError: languages or an output that are missing, an unknown format.
        DataError: the file cannot be read, or holds a malformed sentence (without `--skip-bad`).
    """
    is_parallel = bool(options.source or options.target)
    if is_parallel == bool(options.language) or bool(options.source) != bool(options.target):
        raise ConfigError(
            "give --language for sentences, or --source and --target for parallel text",
            code="bad-config",
        )
    if not options.check and options.output is None:
        raise ConfigError("an output must be given, or --check", code="bad-config")
    seen = _preview(options)
    if seen.set_aside_bytes and options.aside is not None:
        write_bytes(options.aside, seen.set_aside_bytes)
    if options.check:
        data, lines = _report(seen)
        return Outcome(data, "\n".join(lines), exit_code=DataError.exit_code if seen.bad else 0)
    if seen.bad and not options.skip_bad:
        first = seen.bad[0]
        raise DataError(
            first.reason,
            code=first.code,
            path=first.path,
            line=first.line,
            hint=f"{len(seen.bad)} cannot be read; --skip-bad leaves them out",
        )
    exported = _export(seen, _choice(options, is_parallel=is_parallel))
    write_bytes(options.output, exported.content)
    return _outcome(seen, exported, options)


def _preview(options: argparse.Namespace) -> ImportPreview | PairPreview:
    if options.language:
        return preview_import(options.input, options.language, form=options.form)
    return preview_pairs(options.input, options.source, options.target, form=options.form)


def _choice(options: argparse.Namespace, *, is_parallel: bool) -> ComponentChoice:
    """Return the format to write, by name or by the one that the output's ending can mean."""
    if options.to:
        return parse_choice(options.to)
    suffix = options.output.suffix.lower()
    if is_parallel:
        fitting = [
            one
            for one in PARALLEL_FORMATS.names()
            if suffix in PARALLEL_FORMATS.get(one).extensions
        ]
        parameters = {"separator": "tab"} if suffix == ".tsv" else {}
    else:
        fitting = [one for one in FORMATS.names() if suffix in FORMATS.get(one).extensions]
        parameters = {}
    if len(fitting) != 1:
        raise ConfigError(
            f"the ending {suffix!r} must mean one format, got {fitting or 'none'}",
            code="bad-config",
            hint="name it with --to",
        )
    return ComponentChoice(name=fitting[0], parameters=dict(parameters))


def _export(seen: ImportPreview | PairPreview, choice: ComponentChoice) -> Exported:
    if isinstance(seen, PairPreview):
        return export_pairs(seen.pairs, choice.name, choice.parameters)
    return export_sentences(seen.sentences, choice.name, choice.parameters)


def _report(seen: ImportPreview | PairPreview) -> tuple[dict[str, Any], list[str]]:
    """Say what a file holds."""
    data: dict[str, Any] = {"input": seen.name, "format": str(seen.form), "guessed": seen.guessed}
    if isinstance(seen, PairPreview):
        data |= {"pairs": len(seen.pairs), "links": seen.links}
    else:
        data |= {
            "sentences": len(seen.sentences),
            "empty": seen.empty,
            "entities": seen.entities,
            "labels": seen.labels(),
            "ignored": dict(seen.ignored),
        }
    lines = [f"{key}: {value}" for key, value in data.items()]
    data["bad"] = [_bad(one) for one in seen.bad]
    shown = [f"  {_place(one)}: {one.reason}" for one in seen.bad]
    return data, [*lines, *_listing("cannot be read", shown)]


def _bad(one: BadSentence) -> dict[str, Any]:
    return {key: getattr(one, key) for key in ("line", "position", "code", "reason")}


def _place(one: BadSentence) -> str:
    return f"{one.path}:{one.line}" if one.line else f"{one.path}, number {one.position + 1}"


def _outcome(
    seen: ImportPreview | PairPreview, exported: Exported, options: argparse.Namespace
) -> Outcome:
    data, lines = _report(seen)
    result = {
        "out": str(options.output),
        "to": str(exported.form),
        "written": exported.written,
        "not kept": ", ".join(exported.not_kept) or "-",
        "checked with": exported.checked_with,
    }
    left_out = [f"  {one.number} {one.id}: {one.reason}" for one in exported.left_out]
    changes = [
        f"  {one.number} {one.id}: {one.reason}: {one.before or '-'} → {one.after or '-'}"
        for one in exported.changes
    ]
    lines += [
        *(f"{key}: {value}" for key, value in result.items()),
        *_listing("left out, the format cannot hold them", left_out),
        *_listing("changed in the eyes of the other tool", changes),
    ]
    data |= {key.replace(" ", "_"): value for key, value in result.items()}
    data["not_kept"] = list(exported.not_kept)
    data["left_out"] = [asdict(one) for one in exported.left_out]
    data["changes"] = [asdict(one) for one in exported.changes]
    return Outcome(data, "\n".join(lines))


def _listing(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = [f"  … and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [f"{title}: {len(lines)}", *lines[:_SHOWN], *more]
