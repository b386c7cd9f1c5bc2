"""Zip archives in memory: nothing is unpacked to a folder, and no more than the limit at all."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from core.corpora._limits import MAX_MEMBERS, MAX_UNPACKED_BYTES, too_large
from core.errors import DataError

ZIP_MAGIC = b"PK\x03\x04"
# What zipfile is known to raise on damaged archives.
_DAMAGE = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, ValueError, OverflowError, RuntimeError, NotImplementedError, KeyError),
)
# The same sentences must give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def read_members(data: bytes, path: str, *, endings: tuple[str, ...]) -> dict[str, bytes]:
    """Read the files of an archive.

    Args:
        data: the archive.
        path: its name for messages.
        endings: the endings of those that are wanted, lower case; others are not unpacked.

    Returns:
        Content by name, sorted by name.

    Raises:
        DataError: no archive or a damaged one (code bad-line), too much in it (too-large), or a
            name that leaves the archive (unsafe-file).
    """
    try:
        return _read(data, path, endings)
    except _DAMAGE as error:
        raise DataError(
            f"the archive must be a readable zip file, got: {error}", code="bad-line", path=path
        ) from error


def member_names(data: bytes, path: str) -> list[str]:
    """List the files of an archive.

    Raises:
        DataError: no archive or a damaged one (code bad-line).
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except _DAMAGE as error:
        raise DataError(
            f"the archive must be a readable zip file, got: {error}", code="bad-line", path=path
        ) from error


def _read(data: bytes, path: str, endings: tuple[str, ...]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    with ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise too_large("the files of an archive", MAX_MEMBERS, path)
        for member in members:
            _require_inside(member.filename, path)
            if not member.filename.lower().endswith(endings) or _is_hidden(member.filename):
                continue
            if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise DataError(
                    f"archives must be stored or deflated, got {member.filename!r}",
                    code="bad-line",
                    path=path,
                )
            # The size in the archive's index may lie: what comes out is what counts.
            with archive.open(member) as file:
                content = file.read(left + 1)
            left -= len(content)
            if left < 0:
                raise too_large("the bytes that an archive unpacks to", MAX_UNPACKED_BYTES, path)
            found[member.filename] = content
    return dict(sorted(found.items()))


def _require_inside(name: str, path: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or (parts and ":" in parts[0]):
        raise DataError(
            f"the files of an archive must lie inside it, got {name!r}",
            code="unsafe-file",
            path=path,
        )


def _is_hidden(name: str) -> bool:
    """Tell the shadow files that some systems add (`__MACOSX/._a.txt`)."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def zip_bytes(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Make an archive of named contents."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in members:
            info = ZipInfo(name, date_time=_DATE)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()
