"""Ten thousand damaged files: every reader answers with sentences or with a DataError, soon."""

from __future__ import annotations

import io
import random
import re
import signal
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.corpora import FORMATS, BadLines, guess_format
from core.errors import DataError
from core.exchange.parallel import PARALLEL_FORMATS, guess_parallel_format
from tests.contract.test_formats import NASTY
from tests.contract.test_parallel_formats import NASTY as PAIRS

# Eighteen formats, 10,008 files.
_FILES = 556
# A damaged file of a kilobyte that takes longer than this has hung a reader.
_SECONDS = 5
_WAITING = 12  # times longer, where it does nothing
_HUGE = (b"9" * 40, b"-1", b"1e999", b"NaN", b"18446744073709551616", b"9" * 5000)
_VALUES = (b"null", b'"x"', b"[]", b"{}", b"true", b"1.5", b'[[1,2,"X"]]', b'{"a":{}}')

Damage = Callable[[bytes, random.Random], bytes]


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def insert(data: bytes, rng: random.Random) -> bytes:
    pieces = (b"\0", b"\xff\xfe", b"\xc3\x28", b"\n", b"\r", b'"', b"\\", b"]", b"}", b"<", b"&x;")
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.choice(pieces) * rng.randint(1, 3) + data[place:]


def delete(data: bytes, rng: random.Random) -> bytes:
    marks = [match.start() for match in re.finditer(rb'[\[\]{}"<>/,:\t\n]', data)] or [0]
    place = rng.choice(marks)
    return data[:place] + data[place + rng.randint(1, 3) :]


def swap(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    first, second = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def deepen(data: bytes, rng: random.Random) -> bytes:
    mark = rng.choice([b"[", b'{"a":', b"<a>", b"(", b"\x91", b"\x81\xa1a"])
    place = rng.randrange(len(data) + 1)
    return data[:place] + mark * rng.choice([50, 3000]) + data[place:]


def retype(data: bytes, rng: random.Random) -> bytes:
    """Put another value where a number or a text was."""
    found = list(re.finditer(rb'-?\d+|"[^"\n]*"|\[[^\[\]\n]*\]', data))
    if not found:
        return flip(data, rng)
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(_HUGE + _VALUES) + data[match.end() :]


def repeat(data: bytes, rng: random.Random) -> bytes:
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    return b"\n".join(lines[:place] + [lines[place]] * rng.randint(2, 4) + lines[place:])


DAMAGES: tuple[Damage, ...] = (cut, flip, insert, delete, swap, deepen, retype, retype, repeat)


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Damage a file: as it is, or what is packed inside it."""
    damage = rng.choice(DAMAGES)
    if data.startswith(b"PK") and rng.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        victim = rng.choice(sorted(members))
        members[victim] = damage(members[victim], rng)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return buffer.getvalue()
    if data.startswith(b"x") and rng.random() < 0.8:
        return zlib.compress(damage(zlib.decompress(data), rng), 1)
    return damage(data, rng)


@contextmanager
def soon() -> Iterator[None]:
    """Stop what computes too long, or waits for ever; beside other work all takes longer."""

    def stop(number: int, frame: object) -> None:
        msg = f"a reader took more than {_SECONDS} seconds"
        raise TimeoutError(msg)

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, _SECONDS),
        (signal.SIGALRM, signal.ITIMER_REAL, _WAITING * _SECONDS),
    )
    before = [signal.signal(number, stop) for number, _, _ in timers]
    for _, timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def attempt(action: Callable[[], object], path: Path) -> None:
    """Run a reader: it may only give up with a DataError that names the file."""
    try:
        action()
    except DataError as error:
        assert error.path == str(path)  # noqa: PT017
        assert error.line is None or error.line >= 1  # noqa: PT017


@pytest.mark.parametrize("name", FORMATS.names())
def test_no_damaged_file_breaks_a_reader(name: str, tmp_path: Path) -> None:
    form, path = FORMATS.create(name), tmp_path / f"file{FORMATS.get(name).extensions[0]}"
    cases = ("plain", "emoji", "right-to-left", "quotes", "touching")
    form.write(path, [NASTY[case] for case in cases])
    whole, rng = path.read_bytes(), random.Random(f"fuzz {name}")  # noqa: S311
    for _ in range(_FILES):
        content = damaged(whole, rng)
        if rng.random() < 0.2:
            content = damaged(content, rng) if content[:1] not in (b"P", b"x") else content
        path.write_bytes(content)
        with soon():
            attempt(lambda: form.read(path, "en", skip_bad=BadLines()), path)
            if rng.random() < 0.2:
                attempt(lambda: form.read(path, "en"), path)
                attempt(lambda: guess_format(path), path)


@pytest.mark.parametrize("name", PARALLEL_FORMATS.names())
def test_no_damaged_file_breaks_a_reader_of_pairs(name: str, tmp_path: Path) -> None:
    form = PARALLEL_FORMATS.create(name)
    path = tmp_path / f"file{form.extensions[0]}"
    form.write(path, list(PAIRS.values()))
    whole, rng = path.read_bytes(), random.Random(f"fuzz {name}")  # noqa: S311
    for _ in range(_FILES):
        path.write_bytes(damaged(whole, rng))
        with soon():
            attempt(lambda: form.read(path, "en", "de", skip_bad=BadLines()), path)
            if rng.random() < 0.2:
                attempt(lambda: form.read(path, "en", "de"), path)
                attempt(lambda: guess_parallel_format(path), path)
