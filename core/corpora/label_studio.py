"""Label Studio: a JSON list of tasks with their annotations or predictions.

Since 1.4 its page stores code points (pull request 1559, front end 308); before, it stored UTF-16
code units. Each result carries the text it covers, so that reading can tell one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from core.corpora import FORMATS, BadLines, Kept
from core.corpora._bad_lines import read_each
from core.corpora._json_items import JsonItem, json_items, json_list
from core.corpora._labelled_text import (
    OFFSET_UNITS,
    char_span,
    from_unit,
    place_spans,
    require_labels,
    require_words_in_text,
    word_places,
)
from core.corpora._records import Record, load_record
from core.corpora._whole import write_whole
from core.errors import DataError
from core.text.char_spans import CharSpan
from core.text.files import Line
from core.types import Sentence

# The names of the tags in Label Studio's own template for named entities.
_FROM, _TO = "label", "text"


@dataclass(frozen=True)
class LabelStudio:
    """Tasks whose data holds a text, and beside it the sentence's name and the places of its words.

    Of a task's annotations the one marked as ground truth counts, else the only one that was not
    cancelled; without annotations, the only prediction. Results that label no stretch of text
    (choices, relations) are passed over and counted.
    """

    extensions: ClassVar[tuple[str, ...]] = (".json",)
    binary: ClassVar[bool] = False
    keeps: ClassVar[frozenset[Kept]] = frozenset({"words", "text", "spans", "ids", "empty"})

    text_key: Annotated[str, Field(description="name of the text in a task's data")] = "text"
    as_predictions: Annotated[
        bool, Field(description="write entities as predictions to correct, not as annotations")
    ] = False

    def read(
        self, path: Path, language: str, *, skip_bad: BadLines | None = None
    ) -> list[Sentence]:
        """Read every task as a sentence."""

        def parse(item: JsonItem) -> Sentence:
            task, line = load_record(item.line), item.line
            # The short export (JSON-MIN) has the text beside the labels.
            data = task.get("data", task)
            text = data.get(self.text_key) if isinstance(data, dict) else None
            if not isinstance(text, str):
                raise line.error(f"a task's data must have {self.text_key!r}, got {data!r}")
            values = []
            for result in _results(task, line):
                if "labels" in result and "start" in result:
                    values.append(result)
                elif skip_bad is not None:
                    skip_bad.ignored[str(result.get("type", "other result"))] += 1
            return place_spans(
                text,
                language,
                [_stretch(value, text, line) for value in values],
                words=word_places(data.get("words"), line, len(text)),
                sentence_id=_name(task, data),
                line=line,
            )

        return read_each(json_items(path), parse, skip_bad=skip_bad, origin=lambda item: item.raw)

    def check(self, sentence: Sentence) -> None:
        """Check that the format can hold a sentence."""
        require_labels(sentence)
        require_words_in_text(sentence)

    def write(self, path: Path, sentences: Iterable[Sentence]) -> None:
        """Write a list with one task a line."""
        write_whole(path, sentences, check=self.check, content=self._content)

    def _content(self, sentences: Sequence[Sentence]) -> bytes:
        return json_list(self._task(sentence) for sentence in sentences)

    def _task(self, sentence: Sentence) -> dict[str, Any]:
        results = []
        for place, span in enumerate(sentence.spans):
            stretch = char_span(sentence, span)
            value = {
                "start": stretch.char_start,
                "end": stretch.char_end,
                "text": sentence.text_of(span),
                "labels": [span.label],
            }
            results.append(
                {
                    "id": f"e{place}",
                    "from_name": _FROM,
                    "to_name": _TO,
                    "type": "labels",
                    "value": value,
                }
            )
        data = {
            self.text_key: sentence.text,
            **({"sentence_id": sentence.id} if sentence.id else {}),
            "words": [list(place) for place in sentence.char_offsets],
        }
        kind = "predictions" if self.as_predictions else "annotations"
        return {"data": data, kind: [{"result": results}]}


def _name(task: Record, data: Record) -> str:
    name = data.get("sentence_id", data.get("id", task.get("id")))
    return "" if name is None else str(name)


def _results(task: Record, line: Line) -> list[dict[str, Any]]:
    """Return the values of a task's results, those without a value as they are."""
    if "data" not in task:
        return _objects(task.get("label"), "labels", line)
    annotations = _objects(task.get("annotations", task.get("completions")), "annotations", line)
    kept = [one for one in annotations if not one.get("was_cancelled")]
    if annotations and not kept:
        raise line.error("a task must not be cancelled, got no other", code="bad-annotation")
    truths = [one for one in kept if one.get("ground_truth")]
    chosen = truths or kept or _objects(task.get("predictions"), "predictions", line)
    results = [_objects(one.get("result"), "results", line) for one in chosen]
    if any(_values(one) != _values(results[0]) for one in results):
        raise line.error(
            f"annotations must agree, got {len(results)} that differ",
            code="bad-annotation",
            hint="mark one as ground truth",
        )
    return _values(results[0]) if results else []


def _values(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    values = [one.get("value") for one in results]
    return [
        value if isinstance(value, dict) and "labels" in value else {"type": one.get("type")}
        for one, value in zip(results, values, strict=True)
    ]


def _objects(items: object, what: str, line: Line) -> list[dict[str, Any]]:
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise line.error(f"{what} must be a list of objects, got {items!r}", code="bad-annotation")
    return items


def _stretch(value: dict[str, Any], text: str, line: Line) -> CharSpan:
    labels = value["labels"]
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise line.error(f"a result must have one label, got {labels!r}", code="bad-annotation")
    start, end, covered = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        raise line.error(
            f"a result must have whole numbers as start and end, got {value!r}",
            code="bad-annotation",
            hint="labels of HTML are not read",
        )
    given = CharSpan(start, end, labels[0])
    if not isinstance(covered, str):
        return given
    for unit in OFFSET_UNITS:
        try:
            stretch = from_unit(text, given, unit)
        except DataError:
            continue
        if text[stretch.char_start : stretch.char_end] == covered:
            return stretch
    raise line.error(
        f"a result must cover its text {covered!r}, got [{start}, {end}) in {text!r}",
        code="bad-annotation",
    )


FORMATS.register(LabelStudio)
