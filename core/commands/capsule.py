"""`capsule`: sentence pairs with their whole story as one HTML file."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.aligners import ALIGNERS
from core.capsule import CapsuleItem, about_run, render_capsule
from core.commands import Outcome
from core.commands.options import (
    LoadedCorpus,
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
    skipped_lines,
)
from core.commands.progress import ProgressBars
from core.datasets import describe_corpora
from core.errors import DataError
from core.text.files import write_lines
from core.text.languages import describe_language
from core.types import Projection, SentencePair
from core.workflow import Workflow

_RANGE = re.compile(r"(\d+)-(\d+)")
# Without --id a capsule holds the corpus's beginning: a file is to be looked at, not searched.
_USUAL = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--id",
        action="append",
        default=[],
        help="a pair's id in the corpus, its place counted from 1, or places such as 3-7; may be "
        f"repeated (default: the first {_USUAL} pairs)",
    )
    parser.add_argument("--out", type=Path, required=True, help="the HTML file to write")
    parser.add_argument("--title", help="title of the document (default: corpus and languages)")
    parser.add_argument("--note", default="", help="what to say below the title")
    parser.add_argument("--address", default="", help="web address of the live view, to link to")
    parser.add_argument("--date", help="date to print instead of today's, for repeatable files")
    add_corpus_arguments(parser)
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project the chosen pairs and write the file; failed ones are in it, shown as failed.

    Raises:
        SpanbridgeError: no such pair, the method cannot run, or the file cannot be written.
    """
    workflow = Workflow.from_config(config_from(options))
    corpus = pairs_from(options)
    chosen = choose_pairs(corpus.pairs, options.id)
    projections = _project(workflow, corpus, chosen, bars)
    document = render_capsule(
        [CapsuleItem(projection) for projection in projections],
        title=options.title or _title(corpus),
        note=options.note,
        about=about_run(
            workflow.config,
            corpus=corpus.name,
            licence=_licence(options.corpus),
            date=options.date or datetime.now(UTC).date().isoformat(),
            address=options.address,
        ),
    )
    write_lines(options.out, [document.rstrip("\n")])
    data = {
        "out": str(options.out),
        "sentences": len(projections),
        "failed": sum(one.failure is not None for one in projections),
        "bytes": options.out.stat().st_size,
        "skipped": len(corpus.bad),
        "signature": workflow.config.signature(corpus=corpus.name),
    }
    lines = [f"{key}: {value}" for key, value in data.items()]
    return Outcome(data, "\n".join([*lines, *skipped_lines(corpus.bad)]))


def choose_pairs(pairs: Sequence[SentencePair], wanted: Sequence[str]) -> list[int]:
    """Find pairs by id, place or range of places.

    Args:
        pairs: the corpus.
        wanted: what was asked for; nothing asks for the corpus's beginning.

    Returns:
        Indices into `pairs`, in the order they were asked for, none twice.

    Raises:
        DataError: there is no such pair (code bad-value).
    """
    if not wanted:
        return list(range(min(len(pairs), _USUAL)))
    by_id = {pair.source.id: place for place, pair in enumerate(pairs) if pair.source.id}
    by_id |= {pair.id: place for place, pair in enumerate(pairs) if pair.id}
    found: dict[int, None] = {}
    for one in wanted:
        found |= dict.fromkeys(_places(one, by_id, pairs))
    return list(found)


def _places(wanted: str, by_id: dict[str, int], pairs: Sequence[SentencePair]) -> Sequence[int]:
    if wanted in by_id:
        return [by_id[wanted]]
    ends = _RANGE.fullmatch(f"{wanted}-{wanted}" if wanted.isdecimal() else wanted)
    if ends:
        first, last = int(ends[1]), int(ends[2])
        if 1 <= first <= last <= len(pairs):
            return range(first - 1, last)
    raise DataError(
        f"an id must be one of {len(pairs)} pairs such as {pairs[0].id!r}, a place from 1 to "
        f"{len(pairs)}, or places such as 1-{len(pairs)}; got {wanted!r}",
        code="bad-value",
    )


def _project(
    workflow: Workflow, corpus: LoadedCorpus, chosen: Sequence[int], bars: ProgressBars
) -> list[Projection]:
    """Project the chosen pairs; an aligner that learns from the corpus must see all of it."""
    if ALIGNERS.get(workflow.config.aligner.name).corpus_level:
        projections = workflow.run(corpus.pairs, progress=bars)
        return [projections[place] for place in chosen]
    return workflow.run([corpus.pairs[place] for place in chosen], progress=bars)


def _title(corpus: LoadedCorpus) -> str:
    pair = corpus.pairs[0]
    languages = [describe_language(one.language) for one in (pair.source, pair.target) if one.words]
    return f"{corpus.name.partition('/')[0]}: {' → '.join(languages)}"


def _licence(corpus: str | None) -> str:
    """Return the licence of a named corpus; the user's own files are theirs."""
    name = str(corpus).replace("_", "-")
    found = (one.licence for one in describe_corpora() if one.name == name)
    return next(found, "as its owner has it")
