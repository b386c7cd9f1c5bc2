"""Fetching corpora whose languages come one by one, each file or language whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.datasets._archives import require_archive, unpack_tar, unpack_zip
from core.datasets._checksums import keep_checksums, read_checksums, require_same
from core.datasets._download import (
    HOLDING,
    Address,
    Progress,
    checksum_of,
    discard,
    download,
    is_address,
    require_published,
)
from core.datasets._examining import Contents, examine
from core.datasets._fetched import Fetched
from core.datasets._sources import Source, SourceFile
from core.errors import DataError

PAN_X_SPLITS = ("train", "dev", "test")


def fetch_parts(
    source: Source, languages: Sequence[str], root: Path, origin: str, progress: Progress | None
) -> Fetched:
    """Fetch the files of some languages, those that are not there yet.

    Raises:
        BackendError, DataError: as `fetch_corpus` does; files that came before stay.
    """
    folder = root / source.folder
    known = read_checksums(folder)
    files: list[SourceFile] = []
    already: list[str] = []
    contents = Contents()
    for part in source.parts:
        if part.language not in languages:
            continue
        target = folder / part.name
        if target.is_file():
            found = checksum_of(target)
            require_same(part.name, found, known.get(part.name, ""), origin=str(target))
            already.append(part.name)
            continue
        contents += _fetch_part(source, part, root, origin, progress, known.get(part.name, ""))
        files.append(part)
    return Fetched(
        folder,
        tuple(sorted(part.name for part in files)),
        contents,
        tuple(sorted(already)),
        tuple(sorted(part.name for part in files if not part.checksum)),
    )


def _fetch_part(
    source: Source,
    part: SourceFile,
    root: Path,
    origin: str,
    progress: Progress | None,
    known: str,
) -> Contents:
    """Put one file in place; its checksum is written down before, so that a kill loses none."""
    url = f"{origin.rstrip('/')}/{part.name}" if is_address(origin) else part.url
    address = Address(url, part.size, part.checksum, source.home)
    copied = bool(origin) and not is_address(origin)
    came = _copied(origin, part, root) if copied else download(address, root, progress=progress)
    place = str(Path(origin, part.name)) if copied else url
    try:
        found = checksum_of(came)
        require_same(part.name, found, known, origin=place)
        contents = examine(came, source.form, part.language, origin=place)
        folder = root / source.folder
        (folder / part.name).parent.mkdir(parents=True, exist_ok=True)
        keep_checksums(folder, {part.name: found})
        os.replace(came, folder / part.name)
    finally:
        discard(came)
    return contents


def _copied(origin: str, part: SourceFile, root: Path) -> Path:
    """Copy a file at hand to where downloads gather.

    Raises:
        DataError: no such file (code file-not-found).
    """
    path = Path(origin, part.name)
    if not path.is_file():
        raise DataError(
            f"the folder must hold {part.name}, got none",
            code="file-not-found",
            path=str(path),
            hint="name the languages it has: --language",
        )
    holding = root / HOLDING
    holding.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="copy-", suffix=".part", dir=holding)
    os.close(handle)
    copy = Path(name)
    shutil.copyfile(path, copy)
    copy.chmod(0o644)
    return copy


def fetch_languages(
    source: Source,
    languages: Sequence[str],
    root: Path,
    origin: str,
    progress: Progress | None,
    *,
    limit: int,
) -> Fetched:
    """Fetch an archive of archives, one a language, and unpack some, those not there yet.

    The archive is kept until all its languages are there: it has no parts that can be had alone.

    Raises:
        BackendError, DataError: as `fetch_corpus` does.
    """
    folder = root / source.folder
    wanted = [language for language in languages if not (folder / language).is_dir()]
    already = tuple(sorted(set(languages) - set(wanted)))
    if not wanted:
        return Fetched(folder, (), Contents(), already)
    place = origin or source.url
    fetched = is_address(place)
    archive = _archive(source, place, root, progress)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=root) as name:
        contents = Contents()
        with archive.open("rb") as stream:
            packed = re.compile(rf"({'|'.join(wanted)})\.tar\.gz")
            unpack_zip(stream, packed, Path(name), limit=limit, origin=place)
        for language in wanted:
            contents += _unpack_language(source, language, Path(name), folder, limit, place)
    kept = fetched and any(not (folder / one).is_dir() for one in source.languages)
    if fetched and not kept:
        discard(archive)
    return Fetched(folder, tuple(wanted), contents, already, kept=archive if kept else None)


def _archive(source: Source, place: str, root: Path, progress: Progress | None) -> Path:
    """Return a checked archive, fetched or at hand."""
    address = Address(place, source.size, source.checksum, source.home)
    if is_address(place):
        return download(address, root, progress=progress)
    archive = require_archive(place)
    require_published(archive, address, place)
    return archive


def _unpack_language(
    source: Source, language: str, temporary: Path, folder: Path, limit: int, origin: str
) -> Contents:
    packed = temporary / f"{language}.tar.gz"
    new = temporary / language
    new.mkdir()
    if packed.is_file():
        unpack_tar(packed, PAN_X_SPLITS, new, limit=limit, origin=f"{origin}: {packed.name}")
    missing = [split for split in PAN_X_SPLITS if not (new / split).is_file()]
    if missing:
        raise DataError(
            f"the archive must hold {language}.tar.gz with {', '.join(PAN_X_SPLITS)}, got no "
            f"{', '.join(missing)}",
            code="missing-corpus",
            path=origin,
            hint=f"see {source.home}",
        )
    contents = sum(
        (
            examine(new / split, source.form, language, origin=f"{origin}: {language}/{split}")
            for split in PAN_X_SPLITS
        ),
        start=Contents(),
    )
    folder.mkdir(exist_ok=True)
    sums = {f"{language}/{split}": checksum_of(new / split) for split in PAN_X_SPLITS}
    known = read_checksums(folder)
    for name, found in sums.items():
        require_same(name, found, known.get(name, ""), origin=origin)
    keep_checksums(folder, sums)
    new.rename(folder / language)
    return contents
