"""Corpora that are fetched from where their authors keep them, or from a copy at hand.

Nothing is taken on trust: what comes has the length and checksum that were published, no name in an
archive leaves the folder, no more is unpacked than the limit, and every file is read as what it
should be before it is put in place. A corpus in one archive appears whole or not at all; of one in
parts, every part does.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.datasets._archives import require_archive, unpack_zip
from core.datasets._download import (
    Address,
    Progress,
    discard,
    download,
    is_address,
    require_published,
)
from core.datasets._examining import Contents, examine
from core.datasets._fetched import Fetched
from core.datasets._folder import own_data_folder
from core.datasets._parts import fetch_languages, fetch_parts
from core.datasets._sources import Source
from core.errors import ConfigError, DataError

MAX_UNPACKED_BYTES = 1024 * 2**20
"""What an archive may unpack to; MLQA has a quarter of it, PAN-X about as much."""


def fetch_corpus(
    source: Source,
    *,
    origin: str = "",
    into: Path | None = None,
    languages: Sequence[str] = (),
    progress: Progress | None = None,
) -> Fetched:
    """Fetch a corpus, check it, and put it into the data folder.

    Args:
        source: which.
        origin: an archive or a folder at hand, or another address of the archive or of the folder
            that holds the files; empty takes the authors' own.
        into: a data folder; None takes the user's.
        languages: which, of a corpus in parts; none takes all.
        progress: called as bytes arrive.

    Returns:
        What is there now, and what of it is new.

    Raises:
        ConfigError: it has no archive and no origin is given (code bad-config), it is there
            already (bad-value), or it does not have a language (unknown-language).
        BackendError: the network cannot be reached, or fails (code missing-corpus).
        DataError: what came is not what was published, or at the first download, or damaged (code
            bad-line), too much is in it (too-large), a name leaves it (unsafe-file), a file in it
            is not of its form, or the folder cannot be written.
    """
    root = into or own_data_folder()
    wanted = _languages(source, languages)
    target = root / source.folder
    with _told(target):
        if source.form == "pan-x":
            return fetch_languages(source, wanted, root, origin, progress, limit=MAX_UNPACKED_BYTES)
        copied = bool(origin) and Path(origin).is_dir()
        if source.parts and not (copied and source.form == "questions"):
            return fetch_parts(source, wanted, root, origin, progress)
        return _fetch_whole(source, root, origin, progress)


def _languages(source: Source, languages: Sequence[str]) -> tuple[str, ...]:
    if languages and not source.by_language:
        raise ConfigError(
            f"{source.folder} comes whole, got the languages {', '.join(languages)}",
            code="bad-config",
            hint="leave --language out",
        )
    unknown = sorted(set(languages) - set(source.languages))
    if unknown:
        raise ConfigError(
            f"{source.folder} can be had in {', '.join(source.languages)}; got "
            f"{', '.join(unknown)}",
            code="unknown-language",
        )
    return tuple(languages) or source.languages


def _fetch_whole(source: Source, root: Path, origin: str, progress: Progress | None) -> Fetched:
    target = root / source.folder
    if target.exists():
        raise ConfigError(
            f"a corpus is fetched into a new folder, got {target}, which is there",
            code="bad-value",
            hint="it is there already; move it away to fetch it again",
        )
    with _new_folder(target) as folder:
        if origin and Path(origin).is_dir():
            _copy(source, Path(origin), folder)
        else:
            _unpack_from(source, origin or source.url, folder, progress)
        contents = _check(source, folder, origin or source.url)
        names = tuple(sorted(path.name for path in folder.iterdir()))
    return Fetched(target, names, contents)


def _unpack_from(source: Source, origin: str, folder: Path, progress: Progress | None) -> None:
    if not origin:
        raise ConfigError(
            "the corpus must be given as a folder or an archive at hand, got none",
            code="bad-config",
            hint=f"get it from {source.home}, then --from FOLDER",
        )
    address = Address(origin, source.size, source.checksum, source.home)
    if is_address(origin):
        archive = download(address, folder.parent, progress=progress)
        try:
            with archive.open("rb") as stream:
                unpack_zip(stream, source.files, folder, limit=MAX_UNPACKED_BYTES, origin=origin)
        finally:
            discard(archive)
        return
    with require_archive(origin).open("rb") as stream:
        require_published(Path(origin), address, origin)
        unpack_zip(stream, source.files, folder, limit=MAX_UNPACKED_BYTES, origin=origin)


def _copy(source: Source, origin: Path, folder: Path) -> None:
    for path in sorted(origin.iterdir()):
        if path.is_file() and source.files.fullmatch(path.name):
            shutil.copyfile(path, folder / path.name)


def _check(source: Source, folder: Path, origin: str) -> Contents:
    """Read every file of questions."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise DataError(
            f"there must be files named like {source.files.pattern}, got none",
            code="missing-corpus",
            path=origin,
            hint=f"see {source.home}",
        )
    return sum((examine(path, source.form, "") for path in files), start=Contents())


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside the target, which takes its place when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".fetching-", dir=target.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(
            f"the folder must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(target),
        ) from error
