"""One address → one whole, checked file; what broke off goes on where it stopped.

Bytes gather under a name that nothing reads, in a hidden folder beside the corpora. A server that
knows ranges (RFC 9110, section 14) sends the rest only, and only while it still has what it had
before; otherwise the download begins anew.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO

from core.errors import BackendError, DataError
from core.text.files import lock_file

Progress = Callable[[int, int], None]
"""Called with (done, total) bytes."""

HOLDING = ".downloads"
"""Name of the folder in the data folder where downloads gather."""
MAX_BYTES = 1024 * 2**20
"""What a download may have whose size nobody published."""
_BLOCK = 2**20
_SECONDS = 60  # without a byte from the network
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Address:
    """What is fetched.

    Attributes:
        url: http or https.
        size: bytes; 0 where not published.
        checksum: SHA-256, hexadecimal; empty where not published.
        home: where else it can be got.
    """

    url: str
    size: int
    checksum: str
    home: str


def is_address(place: str) -> bool:
    """Tell an address from a path."""
    return place.startswith(("https://", "http://"))


def download(address: Address, root: Path, *, progress: Progress | None = None) -> Path:
    """Fetch an address.

    Args:
        address: which.
        root: a data folder; the download gathers in its hidden folder.
        progress: called as bytes arrive.

    Returns:
        The whole file in the hidden folder, checked as far as that can be; for the caller to move
        or to remove (`discard`).

    Raises:
        BackendError: the network cannot be reached, or breaks off again and again; the next call
            goes on from there (code missing-corpus).
        StoreError: another process is at it (code store-busy).
        DataError: it is not what was published (code bad-line), or too much (too-large); then
            nothing is kept.
    """
    partial = root / HOLDING / f"{sha256(address.url.encode()).hexdigest()[:24]}.part"
    partial.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("a+b") as file:
        lock_file(file, f"fetch {address.url}", hint="wait for it")
        try:
            _fill(file, partial, address, progress)
        except BackendError:
            if os.fstat(file.fileno()).st_size == 0:
                discard(partial)
            raise
    try:
        require_published(partial, address, address.url)
    except DataError:
        discard(partial)
        raise
    return partial


def discard(partial: Path) -> None:
    """Remove a download, and the hidden folder where it was the last one."""
    partial.unlink(missing_ok=True)
    _note(partial).unlink(missing_ok=True)
    if not any(partial.parent.iterdir()):
        partial.parent.rmdir()


def checksum_of(path: Path) -> str:
    """Return a file's SHA-256, hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def require_published(path: Path, address: Address, origin: str) -> None:
    """Check a file against what was published of it.

    Raises:
        DataError: another length or checksum (code bad-line).
    """
    if not address.checksum:
        return
    size = path.stat().st_size
    found = checksum_of(path) if size == address.size else ""
    if found != address.checksum:
        raise DataError(
            f"the file must be the published one, of {address.size:,} bytes with SHA-256 "
            f"{address.checksum}; got "
            + (f"{size:,} bytes" if size <= address.size else "more")
            + (f" with {found}" if found else ""),
            code="bad-line",
            path=origin,
            hint="the download broke off, or the file was changed: try again",
        )


def _fill(file: BinaryIO, partial: Path, address: Address, progress: Progress | None) -> None:
    for _ in range(_ATTEMPTS):
        size = file.seek(0, os.SEEK_END)
        if address.size and size >= address.size:
            return
        with _opened(address, _range(size, partial, address)) as stream:
            if stream is None:  # what is here is of no use to the server
                file.truncate(0)
            elif _receive(stream, file, partial, address, progress):
                return
    raise BackendError(
        f"{address.url} must arrive whole, got {file.seek(0, os.SEEK_END):,} bytes before it broke "
        f"off, {_ATTEMPTS} times",
        code="missing-corpus",
        hint="give the same command again: it goes on from there",
    )


def _range(size: int, partial: Path, address: Address) -> dict[str, str]:
    """Return the headers that ask for the rest alone; none where the whole is wanted."""
    note = _note(partial)
    known = note.read_text(encoding="utf-8") if note.is_file() else ""
    if not size or not (known or address.checksum):
        return {}
    return {"Range": f"bytes={size}-", **({"If-Range": known} if known else {})}


@contextmanager
def _opened(address: Address, headers: dict[str, str]) -> Iterator[HTTPResponse | None]:
    """Open an address; None where the server does not have the range that is asked for.

    Raises:
        BackendError: it cannot be reached (code missing-corpus).
    """
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    request = Request(address.url, headers=headers)  # noqa: S310 - http(s): is_address
    try:
        stream: HTTPResponse = urlopen(request, timeout=_SECONDS)  # noqa: S310 - http(s)
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        if isinstance(error, HTTPError):
            error.close()
            if error.code == 416 and headers:
                yield None
                return
        raise BackendError(
            f"{address.url} must be reachable, got: {getattr(error, 'reason', error)}",
            code="missing-corpus",
            hint=f"without a network: get it on another machine (see {address.home}), then "
            "--from FILE or FOLDER",
        ) from error
    with stream:
        yield stream


def _receive(
    stream: HTTPResponse,
    file: BinaryIO,
    partial: Path,
    address: Address,
    progress: Progress | None,
) -> bool:
    """Write what comes behind what is there; tell whether that was all.

    Raises:
        DataError: more than there may be (code too-large).
    """
    if stream.status != 206:  # 206: the rest
        file.truncate(0)
        _note(partial).write_text(_validator(stream), encoding="utf-8")
    length = file.seek(0, os.SEEK_END)
    left = stream.headers.get("Content-Length", "")
    total = length + int(left) if left.isdecimal() else address.size
    while block := _block(stream):
        length += len(block)
        if address.size and length > address.size:
            file.write(block)  # more than was published: the check that follows says so
            return True
        if length > MAX_BYTES:
            raise DataError(
                f"a download must have at most {MAX_BYTES:,} bytes, got more",
                code="too-large",
                path=address.url,
            )
        file.write(block)
        if progress is not None:
            progress(length, total)
    file.flush()
    return length >= total


def _block(stream: HTTPResponse) -> bytes:
    try:
        return stream.read(_BLOCK)
    except (HTTPException, OSError):  # the connection broke; what came before it counts
        return b""


def _validator(stream: HTTPResponse) -> str:
    """Return what tells one state of a file from another: a strong ETag, or the date."""
    tag: str = stream.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else stream.headers.get("Last-Modified", "")


def _note(partial: Path) -> Path:
    return partial.with_suffix(".state")
