"""Two uploaded files, source and target, looked at before they are made pairs of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from core.config import ComponentChoice
from core.corpora import BadLines, BadSentence, guess_format
from core.corpora._zip import zip_bytes
from core.datasets import load_corpus
from core.errors import DataError
from core.exchange import MAX_FILE_BYTES, MAX_SENTENCES, PairPreview
from core.exchange.limits import too_large
from core.exchange.preview import BLOCKS, set_aside
from core.types import SentencePair


@dataclass(frozen=True, slots=True)
class SideFile:
    """An uploaded file: its name, which is never used as a path, and its content."""

    name: str
    data: bytes


def preview_sides(
    source: SideFile,
    target: SideFile,
    links: SideFile | None = None,
    *,
    source_language: str,
    target_language: str,
    one_based: bool = False,
) -> PairPreview:
    """Join two files, of any format each, as far as they can be read.

    A source without a single entity counts as not labelled: a labeller is to find its entities.

    Args:
        source: labelled sentences, or text.
        target: their translations in the same order, or with the same names.
        links: word links in Pharaoh format.
        source_language: BCP-47 code of the source.
        target_language: BCP-47 code of the target.
        one_based: whether the links count words from 1.

    Returns:
        The pairs; what could not be read of either file is a ZIP archive with a member a file.

    Raises:
        DataError: a file is too large or cannot be read, or they are not parallel; names the file
            as its owner does.
    """
    sides = {"source": source, "target": target} | ({} if links is None else {"links": links})
    for side in sides.values():
        if len(side.data) > MAX_FILE_BYTES:
            raise too_large("the bytes of a file", MAX_FILE_BYTES, side.name)
    with TemporaryDirectory(prefix="spanbridge-") as folder:
        paths = {role: _written(Path(folder), role, side) for role, side in sides.items()}
        bad = BadLines()
        with _named_as(paths, sides):
            pairs = load_corpus(
                None,
                source=source_language,
                target=target_language,
                source_file=paths["source"],
                target_file=paths["target"],
                links_file=paths.get("links"),
                one_based=one_based,
                skip_bad=bad,
            )
        if len(pairs) + len(bad) > MAX_SENTENCES:
            raise too_large("the sentences of a file", MAX_SENTENCES, source.name)
        return PairPreview(
            name=" + ".join(side.name for side in sides.values()),
            form=ComponentChoice(name="files"),
            guessed=True,
            pairs=_labelled(pairs),
            bad=_named(bad, paths, sides),
            set_aside_bytes=_unread(bad, paths, sides),
        )


@contextmanager
def _named_as(paths: Mapping[str, Path], sides: Mapping[str, SideFile]) -> Iterator[None]:
    """Let errors name a file as its owner does."""
    try:
        yield
    except DataError as error:
        names = {str(path): sides[role].name for role, path in paths.items()}
        raise DataError(
            error.reason,
            code=error.code,
            path=names.get(error.path or "", error.path),
            line=error.line,
            hint=error.hint,
        ) from error


def _written(folder: Path, role: str, side: SideFile) -> Path:
    """Keep a file under a name of our own; its ending stays, because formats know it."""
    ending = PurePath(side.name).suffix
    path = folder / f"{role}{ending if ending[1:].isalnum() and ending.isascii() else ''}"
    path.write_bytes(side.data)
    return path


def _labelled(pairs: Sequence[SentencePair]) -> tuple[SentencePair, ...]:
    if any(pair.source.spans for pair in pairs):
        return tuple(pairs)
    return tuple(replace(pair, source_labelled=False) for pair in pairs)


def _named(
    bad: BadLines, paths: Mapping[str, Path], sides: Mapping[str, SideFile]
) -> tuple[BadSentence, ...]:
    names = {str(path): sides[role].name for role, path in paths.items()}
    return tuple(replace(one, path=names.get(one.path, one.path)) for one in bad.sentences)


def _unread(bad: BadLines, paths: Mapping[str, Path], sides: Mapping[str, SideFile]) -> bytes:
    """Collect what could not be read of each file, as it stands there."""
    members = []
    for role, path in paths.items():
        own = [one for one in bad.sentences if one.path == str(path)]
        if not own:
            continue
        blocks = role != "links" and guess_format(path).name in BLOCKS
        unread = set_aside(own, sides[role].data, blocks=blocks)
        members.append((path.name, unread))
    return zip_bytes(members) if any(content for _, content in members) else b""
