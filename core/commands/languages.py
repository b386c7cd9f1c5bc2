"""`languages`: what is known of each, what others published for it, and what was measured here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.capsule.language_table import render_language_table
from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.errors import ConfigError
from core.figures import (
    LANGUAGES_SORTS,
    Listed,
    Standing,
    Wanted,
    list_languages,
    listing_csv,
    measured_figures,
    published_figures,
    run_figures,
)
from core.figures.listing import NOT_MEASURED, TARGETS, percent, points
from core.methods import method_signatures
from core.text.files import write_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("code", nargs="*", help="only these languages, by their codes")
    parser.add_argument("--script", action="append", default=[], help="ISO 15924; may be repeated")
    parser.add_argument("--family", action="append", default=[], help="may be repeated")
    parser.add_argument(
        "--benchmark",
        help="only its languages; `targets` for the 57 of PAN-X and MasakhaNER 2.0, `every` for "
        "all (default: targets, or every with codes)",
    )
    parser.add_argument("--published", default="", metavar="STUDY", help="whose published figures")
    parser.add_argument("--measured", default="", metavar="STUDY", help="which of our own figures")
    parser.add_argument("--sort", choices=LANGUAGES_SORTS, default="name", help="by what")
    parser.add_argument("--descending", action="store_true", help="the highest first")
    parser.add_argument("--out", type=Path, help="also write F.csv, or F.html to print")


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """List the languages with the best figure of others and of ours.

    Raises:
        ConfigError: a code that no language has (code unknown-language).
        DataError: a table of figures is malformed, or the file cannot be written.
    """
    runs = run_figures(method_signatures())
    wanted = Wanted(
        scripts=options.script,
        families=options.family,
        benchmark=options.benchmark or ("every" if options.code else TARGETS),
        published=options.published,
        measured=options.measured,
        sort=options.sort,
        descending=options.descending,
    )
    measured = (*measured_figures(), *runs.figures)
    listed = _chosen(list_languages(wanted, published_figures(), measured), options.code)
    data: dict[str, Any] = {
        "languages": [_record(one) for one in listed],
        "unreadable": list(runs.unreadable),
    }
    lines = [*runs.unreadable, *_lines(listed)]
    if options.out is not None:
        _write(options.out, listed)
        data["out"] = str(options.out)
        lines.append(f"written to {options.out}")
    return Outcome(data, "\n".join(lines))


def _chosen(listed: Sequence[Listed], codes: Sequence[str]) -> list[Listed]:
    known = {one.language.code for one in listed}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise ConfigError(
            f"a language must be one of {', '.join(sorted(known))}, got {', '.join(unknown)}",
            code="unknown-language",
        )
    return [one for one in listed if not codes or one.language.code in codes]


def _record(one: Listed) -> dict[str, Any]:
    return {
        "name": one.language.name,
        **asdict(one.language),
        "published": [_standing(each) for each in one.published],
        "measured": [_standing(each) for each in one.measured],
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        **asdict(one.group),
        "best": {"method": one.best.title, "f1": one.best.f1, "command": one.best.command},
        "model_transfer": None if one.transfer is None else one.transfer.f1,
        "gain": one.gain,
    }


def _lines(listed: Sequence[Listed]) -> list[str]:
    rows = [("code", "language", "script", "published", "gain", "in", "measured", "by", "in")]
    for one in listed:
        gain = one.published[0].gain if one.published else None
        by = one.measured[0].best.title if one.measured else ""
        rows.append(
            (
                *(one.language.code, one.language.name, one.language.script),
                *(_best(one.published), points(gain), _group(one.published)),
                *(_best(one.measured), by, _group(one.measured)),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _group(found: Sequence[Standing]) -> str:
    """Name what the figure may be compared with."""
    return f"{found[0].group.place}, {found[0].group.study}" if found else ""


def _best(found: Sequence[Standing]) -> str:
    return percent(found[0].best.f1) if found else NOT_MEASURED


def _write(path: Path, listed: Sequence[Listed]) -> None:
    if path.suffix == ".csv":
        write_lines(path, listing_csv(listed).splitlines())
        return
    date = datetime.now(UTC).date().isoformat()
    page = render_language_table(listed, title="Languages", note="", date=date)
    write_lines(path, page.splitlines())
