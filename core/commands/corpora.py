"""`corpora`: list the corpora that can be named, and fetch those that are kept somewhere."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.datasets import (
    SOURCES,
    CorpusDescription,
    Fetched,
    describe_corpora,
    fetch_corpus,
    own_data_folder,
    require_accepted,
)
from core.errors import ConfigError

_LISTED = 5  # files that are named
_PAIRS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "get"),
        default="list",
        help="`list` what there is (default), or `get` a corpus from its authors",
    )
    parser.add_argument("name", nargs="?", default="", help=f"for `get`: {', '.join(SOURCES)}")
    parser.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="CODE",
        help="for `get`: this language only; may be repeated (default: all there are)",
    )
    parser.add_argument(
        "--accept-licence",
        action="store_true",
        help="for `get`: accept the corpus's licence, which is remembered in the data folder",
    )
    parser.add_argument(
        "--from",
        dest="origin",
        default="",
        metavar="PLACE",
        help="a folder or an archive at hand, or another address of it (default: the authors')",
    )
    parser.add_argument(
        "--into", type=Path, metavar="FOLDER", help="a data folder (default: the user's own)"
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """List corpora with languages, splits, licence, and what is missing; or get one.

    Raises:
        ConfigError: no such corpus to get, it is there, or its licence is not accepted.
        BackendError: the network fails.
        DataError: what came is not what was published.
    """
    return _get(options, bars) if options.action == "get" else _list(options)


def _list(options: argparse.Namespace) -> Outcome:
    if any((options.name, options.origin, options.into, options.language, options.accept_licence)):
        raise ConfigError(
            "a name, --language, --accept-licence, --from and --into must go with `get`, got them "
            "without",
            code="bad-config",
        )
    corpora = describe_corpora()
    lines = [line for corpus in corpora for line in _described(corpus)]
    others = sorted(set(SOURCES) - {corpus.name for corpus in corpora})
    lines.append(f"questions to test with: {', '.join(others)} (python -m core corpora get NAME)")
    return Outcome({"corpora": [asdict(corpus) for corpus in corpora]}, "\n".join(lines))


def _described(corpus: CorpusDescription) -> Iterable[str]:
    state = f"  [missing: {corpus.hint}]" if corpus.missing else ""
    yield f"{corpus.name:20} {corpus.title}{state}"
    pairs = ", ".join(f"{source}-{target}" for source, target in corpus.pairs[:_PAIRS])
    more = f" and {len(corpus.pairs) - _PAIRS} more" if len(corpus.pairs) > _PAIRS else ""
    splits = ", ".join(corpus.splits) or "-"
    yield f"{'':20} {pairs}{more}; {corpus.licence}; splits: {splits}"
    if corpus.missing and corpus.ready:
        yield f"{'':20} here, at least in part: {', '.join(corpus.ready)}"


def _get(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    if options.name not in SOURCES:
        raise ConfigError(
            f"a corpus to get must be one of {', '.join(SOURCES)}, got {options.name or 'none'!r}",
            code="unknown-name",
        )
    source = SOURCES[options.name]
    root = options.into or own_data_folder()
    if not (options.origin and Path(options.origin).exists()):  # a copy at hand was got before
        seen = sys.stdin.isatty() and sys.stderr.isatty() and not options.json
        require_accepted(
            options.name,
            source,
            root,
            accept=options.accept_licence,
            ask=_ask if seen else None,
        )
    found = fetch_corpus(
        source,
        origin=options.origin,
        into=root,
        languages=options.language,
        progress=bars.of("download"),
    )
    data = {
        "corpus": options.name,
        "folder": str(found.folder),
        "files": list(found.files),
        "already": list(found.already),
        **asdict(found.contents),
        "checksum_noted": list(found.noted),
        "archive_kept": None if found.kept is None else str(found.kept),
        "licence": source.licence,
        "home": source.home,
    }
    last = f"in {found.folder}; licence {source.licence}, see {source.home}"
    return Outcome(data, "\n".join([*_told(options.name, found), last]))


def _ask(question: str) -> bool:
    """Put a question to the person at the terminal; anything but yes is no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _told(name: str, found: Fetched) -> Iterable[str]:
    shown = ", ".join(found.files[:_LISTED]) + (" …" if len(found.files) > _LISTED else "")
    contents = found.contents
    what = (
        f"{contents.sentences} sentences"
        if contents.sentences
        else f"{contents.questions} questions"
    )
    yield f"{name}: {len(found.files)} files, {what} ({shown})" if shown else f"{name}: nothing new"
    if found.already:
        yield f"there already, and left alone: {len(found.already)}"
    if contents.malformed:
        yield f"malformed sentences, to be left out with --skip-bad: {contents.malformed}"
    if contents.strays:
        yield (
            f"tags I- that continue nothing: {contents.strays}; each is read as the beginning of "
            "an entity, the files stay as they are"
        )
    if found.noted:
        yield (
            f"nobody has published a checksum of {len(found.noted)} of them: the one of this "
            "download is in SHA256SUMS, and a later download must have it"
        )
    if found.kept is not None:
        yield f"the archive waits for further languages: {found.kept}; remove it if none follow"
