"""Question answering files in the form of SQuAD 1.1, which MLQA and XQuAD share.

Offsets count characters (code points) of the context as it stands; nothing is normalised, trimmed
or repaired. Questions without an answer, as in SQuAD 2.0, are refused.

Paper: Rajpurkar et al. 2016, arXiv:1606.05250; Lewis et al. 2020, arXiv:1910.07475; Artetxe et al.
2020, arXiv:1910.11856.
Departs: an offset where the answer does not stand is an error, not a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import DataError, ErrorCode
from core.questions import Answer, Context, Question
from core.questions._json import is_valid_unicode, read_json_object

_SHOWN = 60  # characters of a text in a message


@dataclass(frozen=True, slots=True)
class BadQuestion:
    """A question that could not be read.

    Attributes:
        path: file it stands in.
        question_id: its id; empty where even that could not be read.
        code: slug of the error.
        reason: what must hold, and what was got.
    """

    path: str
    question_id: str
    code: ErrorCode
    reason: str


def read_squad(path: Path, *, skip_bad: list[BadQuestion] | None = None) -> tuple[Context, ...]:
    """Read contexts with their questions.

    Args:
        path: a JSON file.
        skip_bad: takes malformed questions instead of stopping at the first. Damage to the file as
            a whole is an error all the same.

    Returns:
        Contexts in file order, those left without a question included.

    Raises:
        DataError: the file is damaged (see `read_json_object`; bad-line where it is not of this
            form), or a question is: an answer that does not stand at its offset or none at all
            (bad-annotation), an id that was there before (bad-value), half a surrogate pair
            (not-utf8). Names the file and the question.
    """
    return _Reader(str(path), skip_bad).contexts(read_json_object(path))


def read_predictions(path: Path) -> dict[str, str]:
    """Read predicted answers: one JSON object, question id → text.

    Returns:
        In file order. An empty text is an answer too.

    Raises:
        DataError: the file is damaged (see `read_json_object`), or an answer is no text
            (bad-value) or half a surrogate pair (not-utf8). Names the file and the question.
    """
    predictions = read_json_object(path)
    for question_id, answer in predictions.items():
        if not isinstance(answer, str):
            raise DataError(
                f"the answer to question {question_id!r} must be a text, got {_show(answer)}",
                code="bad-value",
                path=str(path),
                hint="leave a question without an answer out",
            )
        if not is_valid_unicode(question_id + answer):
            raise DataError(
                f"the answer to question {question_id!r} must be valid Unicode, "
                f"got {_show(answer)}",
                code="not-utf8",
                path=str(path),
            )
    return predictions


@dataclass(slots=True)
class _Reader:
    path: str
    skip_bad: list[BadQuestion] | None
    seen: set[str] = field(default_factory=set)

    def contexts(self, top: Mapping[str, Any]) -> tuple[Context, ...]:
        found = []
        for article in self._objects(top, "data", "the file"):
            title = article.get("title")
            for paragraph in self._objects(article, "paragraphs", "an article"):
                questions = tuple(self._questions(paragraph))
                text = paragraph.get("context")
                if isinstance(text, str) and is_valid_unicode(text):
                    found.append(Context(text, questions, title if isinstance(title, str) else ""))
                elif not paragraph.get("qas"):  # else each of its questions told it
                    self._set_aside("", self._error(f"a context must be a text, got {_show(text)}"))
        return tuple(found)

    def _objects(self, holder: Mapping[str, Any], key: str, what: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list; a fault here costs all that would have been inside."""
        items = holder.get(key)
        if not isinstance(items, list):
            self._set_aside("", self._error(f"{what} must have a list {key!r}, got {_show(items)}"))
            return
        for item in items:
            if isinstance(item, dict):
                yield item
            else:
                self._set_aside(
                    "", self._error(f"{key!r} must hold objects only, got {_show(item)}")
                )

    def _questions(self, paragraph: Mapping[str, Any]) -> Iterator[Question]:
        for item in self._objects(paragraph, "qas", "a paragraph"):
            name = item.get("id")
            question_id = name if isinstance(name, str) and is_valid_unicode(name) else ""
            try:
                yield self._question(item, question_id, paragraph.get("context"))
            except DataError as error:
                self._set_aside(question_id, error)

    def _question(self, item: Mapping[str, Any], question_id: str, context: object) -> Question:
        if not question_id:
            raise self._error(f"a question must have a text as id, got {_show(item.get('id'))}")
        if question_id in self.seen:
            raise self._error(
                f"a question id must stand once in a file, got {question_id!r} again",
                code="bad-value",
            )
        self.seen.add(question_id)
        where = f"of question {question_id!r}"
        context_text = self._text(context, f"the context {where}")
        text = self._text(item.get("question"), f"the text {where}")
        answers = item.get("answers")
        if not isinstance(answers, list) or not answers:
            raise self._error(
                f"the answers {where} must be a list of at least one, got {_show(answers)}",
                code="bad-annotation",
                hint="questions without an answer (SQuAD 2.0) are not read",
            )
        found = tuple(self._answer(answer, context_text, where) for answer in answers)
        return Question(question_id, text, found)

    def _answer(self, item: object, context: str, where: str) -> Answer:
        start = item.get("answer_start") if isinstance(item, dict) else None
        if not isinstance(item, dict) or type(start) is not int:
            raise self._error(
                f"an answer {where} must have a text and an answer_start, got {_show(item)}",
                code="bad-annotation",
            )
        text = self._text(item.get("text"), f"an answer {where}")
        if not text:
            raise self._error(
                f"an answer {where} must not be empty, got one that is", code="bad-annotation"
            )
        if start < 0 or not context.startswith(text, start):
            place = context.find(text)
            there = context[start : start + len(text)] if start >= 0 else ""
            raise self._error(
                f"answer {_show(text)} {where} must stand at character {start} of its context, "
                f"got {_show(there)}",
                code="bad-annotation",
                hint=f"it stands at character {place}" if place >= 0 else "",
            )
        return Answer(text, start)

    def _text(self, value: object, what: str) -> str:
        if not isinstance(value, str):
            raise self._error(f"{what} must be a text, got {_show(value)}")
        if not is_valid_unicode(value):
            raise self._error(f"{what} must be valid Unicode, got {_show(value)}", code="not-utf8")
        return value

    def _error(self, reason: str, *, code: ErrorCode = "bad-line", hint: str = "") -> DataError:
        return DataError(reason, code=code, path=self.path, hint=hint)

    def _set_aside(self, question_id: str, error: DataError) -> None:
        if self.skip_bad is None:
            raise error
        self.skip_bad.append(BadQuestion(self.path, question_id, error.code, error.reason))


def _show(value: object) -> str:
    """Show a value in a message, in ASCII where it is no valid Unicode, and never at length."""
    shown = repr(value[:_SHOWN]) if isinstance(value, str) else type(value).__name__
    if value is None:
        shown = "nothing"
    return shown if is_valid_unicode(shown) else ascii(value)[:_SHOWN]
