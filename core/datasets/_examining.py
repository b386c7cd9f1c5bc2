"""Reading what was fetched as what it should be, before it is put in place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.corpora import BadLines
from core.datasets._pan_x_rows import PanXRows
from core.datasets._sides import Reader
from core.datasets._sources import Form
from core.errors import DataError
from core.questions.squad import read_squad
from core.text.files import read_lines


@dataclass(frozen=True, slots=True)
class Contents:
    """What files hold.

    Attributes:
        questions: how many questions.
        sentences: how many sentences could be read.
        malformed: how many could not.
        strays: tags `I-` without a beginning; each is read as the beginning of an entity.
    """

    questions: int = 0
    sentences: int = 0
    malformed: int = 0
    strays: int = 0

    def __add__(self, other: Contents) -> Contents:
        return Contents(
            self.questions + other.questions,
            self.sentences + other.sentences,
            self.malformed + other.malformed,
            self.strays + other.strays,
        )


def examine(path: Path, form: Form, language: str, *, origin: str = "") -> Contents:
    """Read a file.

    Args:
        path: the file.
        form: what it should hold.
        language: BCP-47 code of its text; of no account for questions.
        origin: where it came from, for messages; empty names the file.

    Raises:
        DataError: it is not of that form: questions that cannot be read, or fewer sentences that
            can be read than cannot (code bad-line).
    """
    if form == "questions":
        return Contents(questions=_count_questions(path, origin or str(path)))
    bad = BadLines()
    sentences = len(_reader(form).read(path, language, skip_bad=bad))
    if sentences <= len(bad):
        first = bad.sentences[0].reason if len(bad) else "nothing is in it"
        raise DataError(
            f"the file must hold labelled sentences in the form {form}, got {sentences} readable "
            f"and {len(bad)} malformed ones; first: {first}",
            code="bad-line",
            path=origin or str(path),
            line=bad.sentences[0].line if len(bad) else None,
        )
    return Contents(sentences=sentences, malformed=len(bad), strays=count_strays(path, form))


def _count_questions(path: Path, origin: str) -> int:
    try:
        return sum(len(one.questions) for one in read_squad(path))
    except DataError as error:
        raise DataError(
            error.reason, code=error.code, path=origin, line=error.line, hint=error.hint
        ) from error


def count_strays(path: Path, form: Form) -> int:
    """Count the tags `I-` of a file of rows that continue nothing: IOB1, or mistakes in IOB2."""
    strays, previous = 0, ""
    for line in read_lines(path):
        fields = line.text.split("\t" if form == "uner" else None)
        if form == "uner" and line.text and not fields[0].isdigit():
            continue  # a comment, or a contraction written out between the words it stands for
        tag = fields[2] if form == "uner" and len(fields) > 2 else (fields or [""])[-1]
        prefix, _, label = tag.strip().partition("-")
        strays += prefix == "I" and label != previous
        previous = label if prefix in ("B", "I") else ""
    return strays


def _reader(form: Form) -> Reader:
    from core.corpora.conll import Conll
    from core.corpora.uner import Uner

    if form == "pan-x":
        return PanXRows()
    return Uner() if form == "uner" else Conll()
