"""Corpora fetched from an address, an archive or a folder: whole, checked, or not at all."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import core.datasets._fetching as fetching
from core.cli import main
from core.datasets import SOURCES, Source, fetch_corpus
from core.errors import BackendError, ConfigError, DataError
from core.questions.pairings import pairings_in

SQUAD = json.dumps(
    {
        "data": [
            {
                "paragraphs": [
                    {
                        "context": "Ana is in Rome.",
                        "qas": [
                            {
                                "id": "a",
                                "question": "Where?",
                                "answers": [{"text": "Rome", "answer_start": 10}],
                            }
                        ],
                    }
                ]
            }
        ]
    }
)
GOOD = {
    "MLQA_V1/LICENSE": "free",
    "MLQA_V1/dev/dev-context-de-question-en.json": SQUAD,
    "MLQA_V1/test/test-context-de-question-de.json": SQUAD,
    "MLQA_V1/test/notes.txt": "not wanted",
}


def archive(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def source_of(data: bytes, url: str = "") -> Source:
    return replace(SOURCES["mlqa"], url=url, size=len(data), checksum=sha256(data).hexdigest())


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a folder on this machine; return the folder and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_an_archive_is_downloaded_and_read(server: tuple[Path, str], tmp_path: Path) -> None:
    data = archive(GOOD)
    (server[0] / "m.zip").write_bytes(data)
    seen: list[tuple[int, int]] = []
    found = fetch_corpus(
        source_of(data, f"{server[1]}/m.zip"),
        into=tmp_path / "data",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert found.folder == tmp_path / "data" / "mlqa"
    assert found.files == (
        *("LICENSE", "dev-context-de-question-en.json", "test-context-de-question-de.json"),
    )
    assert found.questions == 2
    assert seen == [(len(data), len(data))]
    assert [one.question for one in pairings_in(found.folder, split="dev")] == ["en"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mlqa"]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"../evil.json": SQUAD}, "unsafe-file"),
        ({"/etc/evil.json": SQUAD}, "unsafe-file"),
        ({"C:\\evil.json": SQUAD}, "unsafe-file"),
        ({"notes.txt": "x"}, "missing-corpus"),
        ({"dev-context-de-question-de.json": "{"}, "bad-line"),
        ({"dev-context-de-question-de.json": SQUAD.replace("10", "9")}, "bad-annotation"),
        ({f"{i}/dev-context-de-question-de.json": SQUAD for i in "ab"}, "bad-line"),
        ({str(i): "" for i in range(1_001)}, "too-large"),
    ],
)
def test_what_is_wrong_in_an_archive_leaves_nothing(
    members: dict[str, str], code: str, tmp_path: Path
) -> None:
    data = archive(members)
    (tmp_path / "m.zip").write_bytes(data)
    with pytest.raises(DataError) as raised:
        fetch_corpus(source_of(data), origin=str(tmp_path / "m.zip"), into=tmp_path / "data")
    assert raised.value.code == code
    assert not list((tmp_path / "data").iterdir())
    assert not (tmp_path / "evil.json").exists()


def test_an_archive_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_UNPACKED_BYTES", 2 * len(SQUAD) - 1)
    data = archive(GOOD)
    (tmp_path / "m.zip").write_bytes(data)
    with pytest.raises(DataError) as raised:
        fetch_corpus(source_of(data), origin=str(tmp_path / "m.zip"), into=tmp_path / "data")
    assert raised.value.code == "too-large"


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x", bytes.lower])
def test_another_archive_than_the_published_one_is_refused(
    change: object, server: tuple[Path, str], tmp_path: Path
) -> None:
    data = archive(GOOD)
    (server[0] / "m.zip").write_bytes(change(data))  # type: ignore[operator]
    with pytest.raises(DataError, match="must be the published one"):
        fetch_corpus(source_of(data, f"{server[1]}/m.zip"), into=tmp_path / "data")
    assert not list((tmp_path / "data").iterdir())


@pytest.mark.parametrize("what", ["nobody listens", "no such file"])
def test_without_a_network_it_says_what_to_do(
    what: str, server: tuple[Path, str], tmp_path: Path
) -> None:
    url = f"{server[1]}/none.zip" if what == "no such file" else "http://127.0.0.1:9/m.zip"
    with pytest.raises(BackendError, match="must be reachable") as raised:
        fetch_corpus(source_of(b"x", url), into=tmp_path / "data")
    assert raised.value.code == "missing-corpus"
    assert "--from FILE" in raised.value.hint


def test_a_corpus_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mlqa").mkdir()
    with pytest.raises(ConfigError, match="which is there"):
        fetch_corpus(SOURCES["mlqa"], origin="x", into=tmp_path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("xquad.en.json", "xquad.es.json", "other.json"):
        (copy / name).write_text(SQUAD, encoding="utf-8")
    words = ["corpora", "get", "xquad", "--into", str(tmp_path / "data")]
    assert main(words) == 2
    assert "--from FOLDER" in capsys.readouterr().err
    assert main([*words, "--from", str(copy)]) == 0
    said = capsys.readouterr().out
    assert re.match(r"xquad: 2 files, 2 questions \(xquad.en.json, xquad.es.json\)", said)
    assert main(["corpora", "get", "nonsense"]) == 2
    assert main(["corpora", "list", "--from", "x"]) == 2
    assert main(["corpora", "list"]) == 0
