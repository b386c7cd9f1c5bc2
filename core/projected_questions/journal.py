"""What is done so far, on disk: a killed run goes on behind the last context it finished.

A line is written for the translations of a context and one for its projection, each on disk before
the next context is begun. The first line names everything the result depends on, so that a journal
of another file, method or language is never gone on with.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from core.errors import BackendError, ConfigError, DataError, ErrorCode, SpanbridgeError
from core.projected_questions import AnswerFate, ProjectedContext
from core.projected_questions.translating import Translated
from core.questions import Answer, Context, Question
from core.text.files import lock_file

_END = ".journal"


@dataclass(slots=True)
class Journal:
    """The journal of one run, open for writing.

    Attributes:
        path: where it stands.
        translated: translations by place of the context.
        projected: finished contexts by place.
    """

    path: Path
    translated: dict[int, list[Translated]] = field(default_factory=dict)
    projected: dict[int, ProjectedContext] = field(default_factory=dict)
    _file: BinaryIO | None = None

    def keep_translations(self, place: int, found: Sequence[Translated]) -> None:
        """Write down the translations of a context.

        Raises:
            DataError: there is no room (code file-not-writable).
        """
        self.translated[place] = list(found)
        values = [
            one if isinstance(one, str) else {"code": one.code, "message": one.message}
            for one in found
        ]
        self._write({"translated": place, "texts": values})

    def keep_projection(self, place: int, found: ProjectedContext) -> None:
        """Write down a finished context.

        Raises:
            DataError: there is no room (code file-not-writable).
        """
        self.projected[place] = found
        self.translated.pop(place, None)
        self._write({"projected": place, **_record(found)})

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._file is None:
            msg = "a journal must be open to be written"
            raise ValueError(msg)
        line = json.dumps(record, ensure_ascii=False).encode(errors="surrogatepass") + b"\n"
        with _told(self.path):
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())

    def remove(self) -> None:
        """Drop the journal: the result is written."""
        self.path.unlink(missing_ok=True)


@contextmanager
def open_journal(out: Path, signature: str, *, restart: bool = False) -> Iterator[Journal]:
    """Open the journal beside a result, with what an earlier run has done.

    Args:
        out: the result's file.
        signature: names everything the result depends on.
        restart: begin anew, whatever is there.

    Raises:
        ConfigError: it belongs to a run that was asked for something else (code bad-config).
        DataError: it cannot be read or written.
        StoreError: another process writes it (code store-busy).
    """
    path = out.with_name(out.name + _END)
    with _told(path):
        file = path.open("a+b")
    with file:
        lock_file(file, f"write {path}", hint="wait for it, or take another --out")
        if restart:
            file.truncate(0)
        journal = Journal(path, _file=file)
        _read(file, journal, signature)
        yield journal


def _read(file: BinaryIO, journal: Journal, signature: str) -> None:
    file.seek(0)
    lines = file.read().split(b"\n")
    whole = lines[:-1]  # what follows the last line end was cut short by a kill
    file.truncate(sum(len(line) + 1 for line in whole))
    if not whole:
        journal._write({"signature": signature})
        return
    records = [_parse(line, journal.path, number) for number, line in enumerate(whole, start=1)]
    if records[0].get("signature") != signature:
        raise ConfigError(
            f"{journal.path} must be of a run with the same file, method and limits, got another",
            code="bad-config",
            hint="add --restart to begin anew, or take another --out",
        )
    for number, record in enumerate(records[1:], start=2):
        try:
            _take(record, journal)
        except (KeyError, TypeError, ValueError) as error:
            raise _damaged(journal.path, number) from error


def _parse(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line.decode(errors="surrogatepass"))
    except ValueError as error:
        raise _damaged(path, number) from error
    if not isinstance(record, dict):
        raise _damaged(path, number)
    return record


def _take(record: Mapping[str, Any], journal: Journal) -> None:
    if "translated" in record:
        journal.translated[int(record["translated"])] = [_text(one) for one in record["texts"]]
        return
    place = int(record["projected"])
    journal.projected[place] = _projected(record)
    journal.translated.pop(place, None)


def _text(value: Any) -> Translated:
    if isinstance(value, str):
        return value
    code: ErrorCode = value["code"]
    error: SpanbridgeError = BackendError(value["message"], code=code)
    return error


def _record(found: ProjectedContext) -> dict[str, Any]:
    context = found.context
    return {
        "fates": [fate.as_dict() for fate in found.fates],
        "text": None if context is None else context.text,
        "title": "" if context is None else context.title,
        "questions": [
            [one.id, one.text, [[answer.text, answer.char_start] for answer in one.answers]]
            for one in (() if context is None else context.questions)
        ],
    }


def _projected(record: Mapping[str, Any]) -> ProjectedContext:
    fates = tuple(AnswerFate(**fate) for fate in record["fates"])
    if record["text"] is None:
        return ProjectedContext(None, fates)
    questions = tuple(
        Question(name, text, tuple(Answer(answer, start) for answer, start in answers))
        for name, text, answers in record["questions"]
    )
    return ProjectedContext(Context(record["text"], questions, record["title"]), fates)


def _damaged(path: Path, number: int) -> DataError:
    return DataError(
        "a line of the journal must be a record of this program, got something else",
        code="bad-line",
        path=str(path),
        line=number,
        hint="add --restart to begin anew",
    )


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(
            f"the file must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(path),
        ) from error
