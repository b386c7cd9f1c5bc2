"""Unpacking archives nobody here has made: no name leads outside, no more comes out than may."""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from core.errors import DataError

MAX_FILES = 1_000
_BLOCK = 2**20


def require_archive(origin: str) -> Path:
    """Return the path of an archive at hand.

    Raises:
        DataError: no such file (code file-not-found).
    """
    path = Path(origin)
    if not path.is_file():
        raise DataError("the archive must exist and be a file", code="file-not-found", path=origin)
    return path


def unpack_zip(
    archive: IO[bytes], wanted: re.Pattern[str], folder: Path, *, limit: int, origin: str
) -> None:
    """Unpack the wanted files of an archive, all into one folder.

    Args:
        archive: a zip file.
        wanted: names, whatever folder of the archive they stand in.
        folder: takes them.
        limit: bytes that all of them may have together.
        origin: where the archive came from, for messages.

    Raises:
        DataError: it is damaged, or has two wanted files of one name (code bad-line), too much is
            in it (too-large), or a name leaves it (unsafe-file).
    """
    left = limit
    try:
        with ZipFile(archive) as opened:
            members = opened.infolist()
            if len(members) > MAX_FILES:
                raise _too_large(f"{MAX_FILES:,} files", origin)
            for member in members:
                name = _file_name(member, origin)
                if not wanted.fullmatch(name) or "__MACOSX" in member.filename:
                    continue
                with opened.open(member) as packed, (folder / name).open("xb") as file:
                    # The size in the archive's index may lie: what comes out is what counts.
                    left -= _copy_at_most(packed, file, left, limit, origin)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, FileExistsError) as error:
        raise _damaged("zip", error, origin) from error


def unpack_tar(
    path: Path, wanted: Iterable[str], folder: Path, *, limit: int, origin: str
) -> tuple[str, ...]:
    """Unpack the files of some names from a compressed tar archive into one folder.

    Args:
        path: the archive.
        wanted: names, whatever folder of the archive they stand in.
        folder: takes them.
        limit: bytes that all of them may have together.
        origin: where the archive came from, for messages.

    Returns:
        The names that were found, in the archive's order.

    Raises:
        DataError: it is damaged, or has two wanted files of one name (code bad-line), or too much
            is in it (too-large).
    """
    names, found, left = set(wanted), [], limit
    try:
        with tarfile.open(path, "r:*") as opened:
            for member in opened:
                name = PurePosixPath(member.name).name
                packed = opened.extractfile(member) if member.isfile() else None
                if packed is None or name not in names:
                    continue
                with packed, (folder / name).open("xb") as file:
                    left -= _copy_at_most(packed, file, left, limit, origin)
                found.append(name)
    except (tarfile.TarError, EOFError, zlib.error, FileExistsError) as error:
        raise _damaged("tar", error, origin) from error
    return tuple(found)


def _file_name(member: ZipInfo, origin: str) -> str:
    name = member.filename.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if ".." in parts or name.startswith("/") or (parts and ":" in parts[0]):
        raise DataError(
            f"the files of an archive must lie inside it, got {member.filename!r}",
            code="unsafe-file",
            path=origin,
        )
    return "" if member.is_dir() else PurePosixPath(name).name


def _copy_at_most(packed: IO[bytes], file: BinaryIO, left: int, limit: int, origin: str) -> int:
    length = 0
    while block := packed.read(_BLOCK):
        length += len(block)
        if length > left:
            raise _too_large(f"{limit:,} bytes unpacked", origin)
        file.write(block)
    return length


def _damaged(kind: str, error: Exception, origin: str) -> DataError:
    return DataError(
        f"the archive must be a readable {kind} file, got: {error}", code="bad-line", path=origin
    )


def _too_large(limit: str, origin: str) -> DataError:
    return DataError(
        f"an archive must have at most {limit}, got more", code="too-large", path=origin
    )
