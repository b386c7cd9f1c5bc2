"""Corpora in parts, from a server on this machine that cuts, limps and forgets."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest

import core.datasets._download as downloading
from core.cli import main
from core.commands import corpora as command
from core.datasets import SOURCES, Source, fetch_corpus
from core.datasets._archives import unpack_tar
from core.datasets._checksums import keep_checksums, read_checksums
from core.datasets._sources import SourceFile
from core.errors import BackendError, ConfigError, DataError, StoreError

GOOD = b"Ada B-PER\nx I-LOC\n\nBonn B-LOC\n\n"


@dataclass
class Shelf:
    """What the server has, how it behaves, and what it was asked."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)  # bytes before the connection breaks, by request
    ranges: bool = True
    tag: str = '"one"'
    seconds: float = 0  # between two bytes
    asked: list[tuple[str, str]] = field(default_factory=list)  # (path, Range)


def handler_of(shelf: Shelf) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            shelf.asked.append((self.path, wanted))
            data = shelf.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            same = self.headers.get("If-Range", shelf.tag) == shelf.tag
            start = int(wanted[6:-1]) if wanted and shelf.ranges and same else 0
            if start and start >= len(data):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            if shelf.tag:
                self.send_header("ETag", shelf.tag)
            self.end_headers()
            self._send(data[start:])

        def _send(self, data: bytes) -> None:
            cut = shelf.cuts.pop(0) if shelf.cuts else len(data)
            for byte in (data[:cut],) if not shelf.seconds else (bytes([one]) for one in data):
                self.wfile.write(byte)
                self.wfile.flush()
                time.sleep(shelf.seconds)
            self.close_connection = True

    return Handler


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    held = Shelf()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(held)) as running:
        running.daemon_threads = True
        running.block_on_close = False
        held.url = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield held
        running.shutdown()


def source_of(shelf: Shelf, *, published: bool = False) -> Source:
    """Return two languages of MasakhaNER, a file each, on the shelf."""
    parts = []
    for folder, code in (("lug", "lg"), ("yor", "yo")):
        data = shelf.files.setdefault(f"/{folder}/test.txt", GOOD)
        known = (len(data), sha256(data).hexdigest()) if published else (0, "")
        name = f"{folder}/test.txt"
        parts.append(SourceFile(name, f"{shelf.url}/{name}", code, *known))
    return replace(SOURCES["masakhaner2"], parts=tuple(parts))


def everything(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_languages_come_one_by_one(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    first = fetch_corpus(source, into=tmp_path, languages=["yo"])
    assert (first.files, first.already, first.noted) == (("yor/test.txt",), (), ("yor/test.txt",))
    assert (first.contents.sentences, first.contents.strays) == (2, 1)
    assert everything(tmp_path) == ["masakhaner2/SHA256SUMS", "masakhaner2/yor/test.txt"]
    row = f"{sha256(GOOD).hexdigest()}  yor/test.txt\n"
    assert (tmp_path / "masakhaner2" / "SHA256SUMS").read_text() == row
    second = fetch_corpus(source, into=tmp_path)
    assert (second.files, second.already) == (("lug/test.txt",), ("yor/test.txt",))
    assert (tmp_path / "masakhaner2" / "yor" / "test.txt").read_bytes() == GOOD
    assert [path for path, _ in shelf.asked] == ["/yor/test.txt", "/lug/test.txt"]


def test_a_broken_download_goes_on_where_it_stopped(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.cuts = [7, 5]
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert (tmp_path / "masakhaner2" / "lug" / "test.txt").read_bytes() == GOOD
    assert [wanted for _, wanted in shelf.asked] == ["", "bytes=7-", "bytes=12-"]


def test_the_next_call_goes_on_too(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.cuts = [7, 1, 1]
    with pytest.raises(BackendError, match="got 9 bytes before it broke off, 3 times") as raised:
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert "goes on from there" in raised.value.hint
    assert not (tmp_path / "masakhaner2").exists()
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert shelf.asked[-1] == ("/lug/test.txt", "bytes=9-")
    assert everything(tmp_path) == ["masakhaner2/SHA256SUMS", "masakhaner2/lug/test.txt"]


@pytest.mark.parametrize("why", ["changed meanwhile", "knows no ranges", "tells no states"])
def test_what_cannot_go_on_begins_anew(why: str, shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.cuts = [7, 0, 0]
    shelf.ranges = why != "knows no ranges"
    shelf.tag = "" if why == "tells no states" else '"one"'
    with pytest.raises(BackendError):
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    if why == "changed meanwhile":
        shelf.tag = '"two"'
        shelf.files["/lug/test.txt"] = GOOD.upper()
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    found = (tmp_path / "masakhaner2" / "lug" / "test.txt").read_bytes()
    assert found == shelf.files["/lug/test.txt"]


def test_too_much_of_a_start_begins_anew(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.cuts = [20, 0, 0]
    with pytest.raises(BackendError):
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    shelf.files["/lug/test.txt"] = GOOD[:10] + b"\n"  # shorter than what is here, by the same tag
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert (tmp_path / "masakhaner2" / "lug" / "test.txt").read_bytes() == GOOD[:10] + b"\n"


@pytest.mark.parametrize("change", [bytes.lower, lambda data: data[:-1], lambda data: data + b"\n"])
def test_another_file_than_the_published_one_is_refused(
    change: object, shelf: Shelf, tmp_path: Path
) -> None:
    source = source_of(shelf, published=True)
    shelf.files["/lug/test.txt"] = change(GOOD)  # type: ignore[operator]
    with pytest.raises(DataError, match="must be the published one") as raised:
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert raised.value.path == f"{shelf.url}/lug/test.txt"
    assert everything(tmp_path) == []


def test_another_file_than_the_first_one_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    path = tmp_path / "masakhaner2" / "lug" / "test.txt"
    path.unlink()
    shelf.files["/lug/test.txt"] = GOOD.upper()
    with pytest.raises(DataError, match="when it was first fetched"):
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert everything(tmp_path) == ["masakhaner2/SHA256SUMS"]
    path.write_bytes(GOOD.upper())  # changed by hand
    with pytest.raises(DataError, match="when it was first fetched"):
        fetch_corpus(source, into=tmp_path, languages=["lg"])


@pytest.mark.parametrize("data", [b"<!DOCTYPE html>\n<p>Sorry</p>\n", b"", b"\n\n", b"\xff\xfe\n"])
def test_what_is_no_corpus_is_refused(data: bytes, shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.files["/lug/test.txt"] = data
    with pytest.raises(DataError):
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert everything(tmp_path) == []


def test_without_end_is_too_large(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MAX_BYTES", len(GOOD) - 1)
    with pytest.raises(DataError) as raised:
        fetch_corpus(source_of(shelf), into=tmp_path, languages=["lg"])
    assert raised.value.code == "too-large"


def test_two_at_once_do_not_mix(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.cuts = [7, 0, 0]
    with pytest.raises(BackendError):
        fetch_corpus(source, into=tmp_path, languages=["lg"])
    import fcntl

    (partial,) = (tmp_path / ".downloads").glob("*.part")
    with partial.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="one process at a time"):
            fetch_corpus(source, into=tmp_path, languages=["lg"])


def test_checksums_of_two_downloads_at_once_are_all_kept(tmp_path: Path) -> None:
    names = [f"language-{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: keep_checksums(tmp_path, {name: "0" * 64}), names))
    assert sorted(read_checksums(tmp_path)) == sorted(names)


KILLED = """
import sys
from pathlib import Path
from core.datasets import fetch_corpus
from core.datasets._sources import SOURCES
from dataclasses import replace
source = SOURCES["masakhaner2"]
part = replace(source.parts[0], name="lug/test.txt", url=sys.argv[1], language="lg")
print("begun", flush=True)
fetch_corpus(replace(source, parts=(part,)), into=Path(sys.argv[2]))
"""


def test_a_kill_leaves_no_half_file(shelf: Shelf, tmp_path: Path) -> None:
    source = source_of(shelf)
    shelf.seconds = 0.05
    words = [sys.executable, "-c", KILLED, f"{shelf.url}/lug/test.txt", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        while not list(tmp_path.glob(".downloads/*.state")):
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert not (tmp_path / "masakhaner2").exists()
    shelf.seconds = 0
    fetch_corpus(source, into=tmp_path, languages=["lg"])
    assert everything(tmp_path) == ["masakhaner2/SHA256SUMS", "masakhaner2/lug/test.txt"]
    assert (tmp_path / "masakhaner2" / "lug" / "test.txt").read_bytes() == GOOD


def test_a_folder_at_hand(tmp_path: Path) -> None:
    shelf = Shelf()
    source = source_of(shelf)
    copy = tmp_path / "copy"
    (copy / "lug").mkdir(parents=True)
    (copy / "lug" / "test.txt").write_bytes(GOOD)
    found = fetch_corpus(source, origin=str(copy), into=tmp_path / "data", languages=["lg"])
    assert found.files == ("lug/test.txt",)
    with pytest.raises(DataError, match=r"must hold yor/test\.txt"):
        fetch_corpus(source, origin=str(copy), into=tmp_path / "data")
    assert (copy / "lug" / "test.txt").read_bytes() == GOOD


def test_languages_it_does_not_have(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can be had in lg, yo; got de"):
        fetch_corpus(source_of(shelf), into=tmp_path, languages=["de", "lg"])
    with pytest.raises(ConfigError, match="comes whole"):
        fetch_corpus(SOURCES["mlqa"], into=tmp_path, languages=["de"])


def pan_x_archive(languages: dict[str, dict[str, bytes]]) -> bytes:
    """Pack an archive of archives, as WikiANN is."""
    outer = io.BytesIO()
    with ZipFile(outer, "w") as packed:
        for language, files in languages.items():
            inner = io.BytesIO()
            with tarfile.open(fileobj=inner, mode="w:gz") as tar:
                for name, data in files.items():
                    member = tarfile.TarInfo(name)
                    member.size = len(data)
                    tar.addfile(member, io.BytesIO(data))
            packed.writestr(f"{language}.tar.gz", inner.getvalue())
    return outer.getvalue()


def pan_x_files(language: str) -> dict[str, bytes]:
    rows = f"{language}:Ada\tB-PER\n\n{language}:x\tI-LOC\n\n".encode()
    return {**dict.fromkeys(("train", "dev", "test"), rows), "extra": b"not wanted"}


def pan_x(data: bytes, url: str = "") -> Source:
    known = {"size": len(data), "checksum": sha256(data).hexdigest()}
    return replace(SOURCES["pan-x"], url=url, **known)


def test_pan_x_is_unpacked_language_by_language(shelf: Shelf, tmp_path: Path) -> None:
    data = pan_x_archive({one: pan_x_files(one) for one in ("sw", "yo", "ace")})
    shelf.files["/p.zip"] = data
    source = pan_x(data, f"{shelf.url}/p.zip")
    first = fetch_corpus(source, into=tmp_path, languages=["sw"])
    assert (first.files, first.contents.sentences, first.contents.strays) == (("sw",), 6, 3)
    assert first.kept is not None
    assert everything(tmp_path / "pan-x") == ["SHA256SUMS", "sw/dev", "sw/test", "sw/train"]
    second = fetch_corpus(source, into=tmp_path, languages=["sw", "yo"])
    assert (second.files, second.already) == (("yo",), ("sw",))
    assert len(shelf.asked) == 1  # the archive that was kept served again


def test_pan_x_from_an_archive_at_hand(tmp_path: Path) -> None:
    data = pan_x_archive({"sw": pan_x_files("sw"), "yo": {"train": b""}})
    path = tmp_path / "p.zip"
    path.write_bytes(data)
    found = fetch_corpus(pan_x(data), origin=str(path), into=tmp_path / "data", languages=["sw"])
    assert (found.files, found.kept) == (("sw",), None)
    for missing, says in (("yo", "got no dev, test"), ("de", "got no train, dev, test")):
        with pytest.raises(DataError, match=says):
            fetch_corpus(pan_x(data), origin=str(path), into=tmp_path / "data", languages=[missing])
    assert path.read_bytes() == data
    folder = tmp_path / "data"
    assert [one.name for one in folder.iterdir()] == ["pan-x"]
    assert sorted(one.name for one in (folder / "pan-x").iterdir()) == ["SHA256SUMS", "sw"]
    with pytest.raises(DataError, match="must be the published one"):
        fetch_corpus(pan_x(data + b"x"), origin=str(path), into=tmp_path / "data", languages=["yo"])


@pytest.mark.parametrize("data", [b"no archive", b""])
def test_a_damaged_inner_archive(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sw.tar.gz"
    path.write_bytes(data)
    with pytest.raises(DataError, match="readable tar file"):
        unpack_tar(path, ["test"], tmp_path, limit=1000, origin="x")


def test_an_inner_archive_of_too_much_or_of_links(tmp_path: Path) -> None:
    path = tmp_path / "sw.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        link = tarfile.TarInfo("test")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        member = tarfile.TarInfo("../../train")
        member.size = 3
        tar.addfile(member, io.BytesIO(b"abc"))
    new = tmp_path / "new"
    new.mkdir()
    assert unpack_tar(path, ["test", "train"], new, limit=3, origin="x") == ("train",)
    assert everything(tmp_path) == ["new/train", "sw.tar.gz"]
    with pytest.raises(DataError, match="at most 2 bytes"):
        unpack_tar(path, ["train"], tmp_path, limit=2, origin="x")


def test_the_licence_is_shown_accepted_and_remembered(
    shelf: Shelf,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "SOURCES", {"masakhaner2": source_of(shelf)})
    words = ["corpora", "get", "masakhaner2", "--into", str(tmp_path), "--language"]
    assert main([*words, "lg"]) == 2
    said = capsys.readouterr().err
    assert "CC BY-NC 4.0" in said
    assert "--accept-licence" in said
    assert (shelf.asked, everything(tmp_path)) == ([], [])
    assert main([*words, "lg", "--accept-licence"]) == 0
    said = capsys.readouterr().out
    assert "masakhaner2: 1 files, 2 sentences (lug/test.txt)" in said
    assert "tags I- that continue nothing: 1" in said
    assert "SHA256SUMS" in said
    assert main([*words, "yo", "--json"]) == 0  # accepted once
    data = json.loads(capsys.readouterr().out)
    assert (data["files"], data["sentences"]) == (["yor/test.txt"], 2)
    assert main([*words, "yo"]) == 0
    assert "nothing new" in capsys.readouterr().out


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2), ("", 2)])
def test_at_a_terminal_it_is_asked(
    answer: str, code: int, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(command, "SOURCES", {"masakhaner2": source_of(shelf)})
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", Terminal())
    words = ["corpora", "get", "masakhaner2", "--into", str(tmp_path), "--quiet"]
    assert main(words) == code
    assert "CC BY-NC 4.0" in sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert bool(shelf.asked) == (code == 0)


def test_a_licence_that_changed_is_asked_for_again(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(shelf)
    words = ["corpora", "get", "masakhaner2", "--into", str(tmp_path), "--language", "lg"]
    monkeypatch.setattr(command, "SOURCES", {"masakhaner2": source})
    assert main([*words, "--accept-licence"]) == 0
    monkeypatch.setattr(command, "SOURCES", {"masakhaner2": replace(source, licence="other")})
    assert main(words) == 2
    (tmp_path / ".accepted-licences.json").write_text("[]")
    assert main(words) == 3


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_address_is_one_of_its_own(name: str) -> None:
    source = SOURCES[name]
    assert source.url or source.parts
    for part in source.parts:
        assert part.url.startswith("https://")
        assert part.url.endswith(part.name.rsplit("/")[-1])
        assert (part.size > 0) == bool(part.checksum)
        assert len(part.checksum) in (0, 64)
    assert len({part.url for part in source.parts}) == len(source.parts)
    assert len({part.name for part in source.parts}) == len(source.parts)


def test_pan_x_needs_an_archive_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="must exist and be a file"):
        fetch_corpus(SOURCES["pan-x"], origin=str(tmp_path), into=tmp_path, languages=["sw"])


def test_questions_that_are_none_name_their_address(shelf: Shelf, tmp_path: Path) -> None:
    part = replace(SOURCES["xquad"].parts[0], url=f"{shelf.url}/x.json", size=0, checksum="")
    shelf.files["/x.json"] = b"{"
    with pytest.raises(DataError) as raised:
        fetch_corpus(replace(SOURCES["xquad"], parts=(part,)), into=tmp_path)
    assert raised.value.path == part.url
    assert everything(tmp_path) == []
