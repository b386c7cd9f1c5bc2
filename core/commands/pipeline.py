"""`pipeline`: text of one language alone → its entities, by way of a well-tagged language."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    LoadedCorpus,
    add_method_arguments,
    config_from,
    pairs_from,
    require_one_or_more,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.commands.tables import score_lines
from core.corpora import FORMATS, BadLines
from core.errors import ConfigError
from core.evaluate.spans import score_projections
from core.explain import explanation_record
from core.export import ExportFormat, write_projections
from core.raw_text import TEXT_FORMAT, RawText, read_file, read_text
from core.stage_choice import with_stages
from core.text.brackets import to_brackets
from core.types import Projection
from core.workflow import Workflow


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    group = parser.add_argument_group("text")
    group.add_argument("--text", help="sentences, one a line")
    group.add_argument(
        "--file", type=Path, help="running text, or sentences whose entities are kept as gold"
    )
    group.add_argument("--corpus", help="a corpus by name (see `corpora`); its entities are gold")
    group.add_argument("--from", dest="target", metavar="LANGUAGE", help="language of the text")
    group.add_argument(
        "--to",
        dest="source",
        metavar="LANGUAGE",
        default="en",
        help="language that has a good tagger: the text is translated into it, and entities are "
        "projected back from it (default: en)",
    )
    group.add_argument(
        "--format",
        choices=(TEXT_FORMAT, *FORMATS.names()),
        default="",
        help="how to read --file (default: guessed)",
    )
    group.add_argument(
        "--split-by",
        choices=("lines", "sentences"),
        default="lines",
        help="a line of running text is a sentence, or is cut into sentences (default: lines)",
    )
    group.add_argument("--limit", type=int, help="take only the first N sentences")
    group.add_argument(
        "--skip-bad", action="store_true", help="leave malformed sentences out and count them"
    )
    parser.add_argument("--out", type=Path, help="also write F.conll or F.jsonl, as `project` does")
    parser.set_defaults(source_file=None, target_file=None, links_file=None)
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Translate, label and project every sentence; one that fails is shown as failed.

    Raises:
        SpanbridgeError: unreadable text, a language that cannot be translated here, a method that
            cannot run, or a file that cannot be written.
    """
    config = config_from(options)
    corpus = _read(options)
    workflow = Workflow.from_config(with_stages(config, corpus.pairs))
    started = time.perf_counter()
    projections = workflow.run(corpus.pairs, progress=bars)
    seconds = time.perf_counter() - started
    data: dict[str, Any] = {
        "signature": workflow.config.signature(corpus=corpus.name),
        "sentences": [explanation_record(projection) for projection in projections],
        "entities": sum(len(one.spans) for one in projections if one.failure is None),
        "failed": sum(one.failure is not None for one in projections),
        "skipped": len(corpus.bad),
        "seconds": round(seconds, 3),
    }
    lines = [line for projection in projections for line in _lines(projection)]
    lines.append(
        f"sentences: {len(projections)}, entities: {data['entities']}, failed: {data['failed']}"
    )
    if any(projection.pair.has_gold for projection in projections):
        data["scores"] = score_projections(projections).as_dict()
        lines += ["", *score_lines(data["scores"])]
    if options.out is not None:
        data["out"] = _write(options.out, projections)
        lines += [f"{key}: {value}" for key, value in data["out"].items()]
    lines += [*skipped_lines(corpus.bad), data["signature"]]
    return Outcome(data, "\n".join(lines))


def _read(options: argparse.Namespace) -> LoadedCorpus:
    """Read what the options name.

    Raises:
        ConfigError: none or several of text, file and corpus, no language, or a limit below 1.
        DataError: it cannot be read.
    """
    require_one_or_more(options, "limit")
    given = [name for name in ("text", "file", "corpus") if getattr(options, name) is not None]
    if len(given) != 1 or not options.target:
        raise ConfigError(
            "pipeline needs --from LANGUAGE and one of --text, --file and --corpus, got "
            f"{', '.join(f'--{name}' for name in given) or 'none of the three'}"
            + ("" if options.target else " and no --from"),
            code="bad-config",
        )
    if options.corpus is not None:
        return pairs_from(options)
    bad = BadLines()
    raw = _raw_text(options, bad)
    parts = [
        "text" if options.file is None else str(options.file),
        f"{options.source}-{options.target}",
        f"first {options.limit}" if options.limit else "",
    ]
    return LoadedCorpus([*raw.pairs[: options.limit]], "/".join(filter(None, parts)), bad)


def _raw_text(options: argparse.Namespace, bad: BadLines) -> RawText:
    languages = {"language": options.target, "source_language": options.source}
    if options.file is None:
        return read_text(options.text, split_by=options.split_by, **languages)
    return read_file(
        options.file,
        form=options.format,
        split_by=options.split_by,
        skip_bad=bad if options.skip_bad else None,
        **languages,
    )


def _lines(projection: Projection) -> list[str]:
    """Show a sentence with its entities, its translation, and the entities found there."""
    pair, name = projection.pair, projection.pair.id
    if projection.failure is not None:
        failure = projection.failure
        told = f"FAILED in {failure.stage} [{failure.code}]: {failure.message}"
        lines = [f"{name}  {told}", f"  text:        {pair.target.text}"]
    else:
        lines = [f"{name}  {_marked(projection)}"]
    if pair.source.words:
        lines.append(f"  translation: {pair.source.text}")
        lines.append(f"  labelled:    {to_brackets(pair.source)}")
    return [*lines, ""]


def _marked(projection: Projection) -> str:
    return to_brackets(replace(projection.pair.target, spans=projection.spans))


def _write(path: Path, projections: Sequence[Projection]) -> dict[str, Any]:
    form: ExportFormat = "conll" if path.suffix == ".conll" else "jsonl"
    counts = write_projections(path, projections, form=form)
    written: dict[str, Any] = {"out": str(path), "written": counts.sentences}
    if counts.failed_path is not None:
        written["failed_path"] = str(counts.failed_path)
    return written
