"""`review`: the log, what was reviewed as another tool's file, and answers from a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.commands import Outcome
from core.commands._review_desk import Desk, add_project, desk_of, shortened, told_time
from core.commands._store_options import Action
from core.commands.progress import ProgressBars
from core.config import ComponentChoice
from core.corpora import FORMATS
from core.corpora._bytes import write_bytes
from core.errors import ConfigError, DataError
from core.exchange import (
    Exported,
    ImportPreview,
    export_pairs,
    export_sentences,
    preview_import,
)
from core.exchange.parallel import PARALLEL_FORMATS
from core.exchange.preview import parse_choice
from core.review.reviewed import (
    decision_records,
    disputed,
    final_states,
    import_answers,
    reviewed_sentences,
)
from core.review.seen import linked_pairs
from core.store.answers import STATUSES
from core.store.decisions import State, states


def _log_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("number", type=int, nargs="?", metavar="N", help="one sentence alone")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it as JSON lines")


def _log(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        records = decision_records(desk.store, desk.actor, desk.project)
        if options.number is not None:
            desk.item(options.number)
            records = [one for one in records if one["number"] == options.number]
    if options.out is not None:
        lines = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in records)
        write_bytes(options.out, lines.encode())
        data = {"out": str(options.out), "decisions": len(records)}
        return Outcome(data, f"{len(records)} decisions: {options.out}")
    told = [_log_line(one) for one in records]
    return Outcome({"log": records}, "\n".join(told) or "nothing decided yet")


def _log_line(one: dict[str, Any]) -> str:
    batch = f", batch {one['batch']}" if one["batch"] else ""
    spans = " ".join(f"{start}-{end}:{label}" for start, end, label, _ in one["answer"]["spans"])
    return (
        f"{told_time(one['at'])}  {one['number']}  {one['track'] or 'shared'} {one['version']}  "
        f"{one['reviewer']}: {one['kind']}{batch} → {one['answer']['status']} {spans}".rstrip()
    )


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write")
    parser.add_argument(
        "--to",
        default="",
        metavar="FORM[:KEY=VALUE,…]",
        help=f"{', '.join(FORMATS.names())}; for parallel text "
        f"{', '.join(PARALLEL_FORMATS.names())} (default: by the file's ending)",
    )
    parser.add_argument(
        "--status",
        nargs="+",
        default=["accepted"],
        choices=STATUSES,
        help="answers to write (default: accepted)",
    )
    parser.add_argument(
        "--fill",
        default="",
        metavar="RUN",
        help="write this run's answer where nobody has decided; what failed stays out",
    )
    parser.add_argument(
        "--links",
        default="",
        metavar="RUN",
        help="for parallel text: word links of this run where an answer starts from none "
        "(default: the run that is reviewed)",
    )


def _export(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    choice, is_parallel = _choice(options.to, options.out)
    with desk_of(options) as desk:
        known = states(desk.store, desk.project, None)
        final = final_states(desk.project, known)
        write = _written_pairs if is_parallel else _written_sentences
        exported = write(desk, final, choice, options)
        data = {
            "project": desk.project.name,
            "sentences": len(desk.items),
            "disputed": len(disputed(desk.project, known)),
        }
    write_bytes(options.out, exported.content)
    data |= {**_export_record(exported), "out": str(options.out)}
    return Outcome(data, "\n".join(_export_lines(data)))


def _written_sentences(
    desk: Desk, final: Mapping[int, State], choice: ComponentChoice, options: argparse.Namespace
) -> Exported:
    fill = desk.outcomes(options.fill)
    found = reviewed_sentences(desk.items, final, statuses=options.status, fill=fill)
    return export_sentences(found, choice.name, choice.parameters)


def _written_pairs(
    desk: Desk, final: Mapping[int, State], choice: ComponentChoice, options: argparse.Namespace
) -> Exported:
    found = linked_pairs(
        desk.store,
        desk.project,
        desk.items,
        final,
        statuses=options.status,
        fill=desk.run(options.fill) if options.fill else None,
        links=desk.run(options.links) if options.links else None,
    )
    return export_pairs(found, choice.name, choice.parameters)


def _choice(to: str, out: Path) -> tuple[ComponentChoice, bool]:
    """Return the format to write and whether it is one of parallel text.

    Raises:
        ConfigError: the ending means no format, or several (code bad-config).
    """
    if to:
        choice = parse_choice(to)
        return choice, choice.name in PARALLEL_FORMATS.names()
    ending = out.suffix.lower()
    fitting = [one for one in FORMATS.names() if ending in FORMATS.get(one).extensions]
    parallel = [
        one for one in PARALLEL_FORMATS.names() if ending in PARALLEL_FORMATS.get(one).extensions
    ]
    if len(fitting) + len(parallel) != 1:
        raise ConfigError(
            f"the ending {ending!r} must mean one format, got "
            f"{', '.join([*fitting, *parallel]) or 'none'}",
            code="bad-config",
            hint="name it with --to",
        )
    return ComponentChoice(name=(fitting or parallel)[0]), bool(parallel)


def _export_record(exported: Exported) -> dict[str, Any]:
    return {
        "to": str(exported.form),
        "written": exported.written,
        "left_out": [asdict(one) for one in exported.left_out],
        "changes": [asdict(one) for one in exported.changes],
        "not_kept": list(exported.not_kept),
        "checked_with": exported.checked_with,
    }


def _export_lines(data: dict[str, Any]) -> list[str]:
    lines = [
        f"{data['written']} of {data['sentences']} sentences as {data['to']}: {data['out']}",
        f"checked with {data['checked_with']}; not kept: {', '.join(data['not_kept']) or '–'}",
    ]
    if data["disputed"]:
        lines.append(f"in dispute, see `review adjudicate`: {data['disputed']}")
    left = [f"  {one['number']} {one['id']}: {one['reason']}" for one in data["left_out"]]
    changed = [
        f"  {one['number']} {one['id']}: {one['reason']}: {one['before'] or '–'} → "
        f"{one['after'] or '–'}"
        for one in data["changes"]
    ]
    for title, found in (("left out", left), ("seen otherwise by the other tool", changed)):
        lines += [f"{title}: {len(found)}", *shortened(found)] if found else []
    return lines


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    add_project(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="labelled target sentences")
    parser.add_argument(
        "--from",
        dest="form",
        default="",
        metavar="FORM[:KEY=VALUE,…]",
        help="format of the file (default: guess)",
    )
    parser.add_argument(
        "--skip-bad", action="store_true", help="leave out what cannot be read, and list it"
    )


def _import(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    with desk_of(options) as desk:
        seen = _previewed(options, desk.project.target_language)
        told = f"{len(seen.sentences)} sentences from {options.file.name}"
        result = import_answers(
            desk.store,
            desk.actor,
            desk.project,
            seen.sentences,
            base=desk.main_run(),
            description=told,
        )
        data = {
            **result.as_dict(),
            "changed": desk.numbers(result.changed),
            "refused": desk.numbers(result.refused),
            "bad": [{"line": one.line, "reason": one.reason} for one in seen.bad],
            "format": str(seen.form),
        }
    return Outcome(data, "\n".join([told, *_import_lines(data)]))


def _previewed(options: argparse.Namespace, language: str) -> ImportPreview:
    """Read the file; what cannot be read stops it unless it may be left out.

    Raises:
        DataError: the file cannot be read.
    """
    seen = preview_import(options.file, language, form=options.form)
    if seen.bad and not options.skip_bad:
        first = seen.bad[0]
        raise DataError(
            first.reason,
            code=first.code,
            path=first.path,
            line=first.line,
            hint=f"{len(seen.bad)} cannot be read; --skip-bad leaves them out",
        )
    return seen


def _import_lines(data: dict[str, Any]) -> list[str]:
    batch = f", batch {data['batch']}" if data["batch"] else ""
    lines = [f"{len(data['changed'])} changed, {data['same']} the same already{batch}"]
    unmatched = [f"  {one['number']} {one['id']}: {one['reason']}" for one in data["unmatched"]]
    refused = [f"  {number}" for number in data["refused"]]
    bad = [f"  line {one['line']}: {one['reason']}" for one in data["bad"]]
    for title, found in (
        ("not taken", unmatched),
        ("changed meanwhile, left alone", refused),
        ("cannot be read", bad),
    ):
        lines += [f"{title}: {len(found)}", *shortened(found)] if found else []
    return lines


ACTIONS = MappingProxyType(
    {
        "log": Action("show every decision", _log_arguments, _log),
        "export": Action("write what was reviewed", _export_arguments, _export),
        "import": Action("take answers from a file", _import_arguments, _import),
    }
)
