"""Answers from a file: sentences that were corrected elsewhere, laid over a project's own.

A sentence is taken whole or not at all: where one of its entities has no place in the project's
words, accepting the rest would say that it is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.errors import DataError
from core.exchange import LeftOut
from core.review.drafts import add, remove
from core.review.starting import name_of, started
from core.store.answers import Answer
from core.store.database import Store
from core.store.decisions import Change, State, decide_many, states
from core.store.people import Actor
from core.store.projects import Item, Project, items
from core.store.runs import StoredRun, load_run
from core.types import Sentence, Span


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import of answers did.

    Attributes:
        batch: its number, to undo it by; None where nothing was changed.
        changed: ids of the sentences that have a new answer.
        same: sentences that were accepted with these very spans already.
        unmatched: sentences of the file that were not taken, by their place in it, with the reason.
        refused: ids of those that somebody had changed meanwhile.
    """

    batch: int | None
    changed: tuple[int, ...]
    same: int
    unmatched: tuple[LeftOut, ...]
    refused: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return asdict(self)


def import_answers(
    store: Store,
    actor: Actor,
    project: Project,
    sentences: Sequence[Sentence],
    *,
    base: StoredRun | None = None,
    description: str = "",
) -> ImportResult:
    """Take the spans of a file's sentences as accepted answers of the shared track, in one step.

    A sentence is found by its name, else by its place where file and project have equally many; its
    words, or at least its text, must be the same.

    Args:
        store: where.
        actor: who brings them.
        project: of the sentences.
        sentences: of the file, in order.
        base: run that the answers start from where nobody has decided yet; None for none.
        description: for the list of bulk changes.

    Raises:
        StoreError: they may not (not-allowed), or the store fails; nothing is changed then.
    """
    listed = items(store, project)
    known = {one.sentence: one for one in states(store, project)}
    outcomes = () if base is None else load_run(store, base).outcomes
    matched, unmatched = match_sentences(listed, sentences)
    changes, same = [], 0
    for item, spans in matched:
        state = known.get(item.id, State(item.id))
        before = state.answer
        if base is not None:
            before = started(before, outcomes[item.place], base.id)
        if before.status == "accepted" and before.plain_spans == spans:
            same += 1
        else:
            after = with_plain_spans(before, spans, item.pair.target)
            changes.append(Change(item.id, replace(after, status="accepted"), state.version))
    told = description or f"{len(sentences)} sentences from a file"
    result = decide_many(store, actor, project, changes, "import", told)
    return ImportResult(result.batch, result.done, same, tuple(unmatched), result.refused)


def with_plain_spans(answer: Answer, spans: Sequence[Span], target: Sentence) -> Answer:
    """Return an answer with these spans: what it has stays as it is, the rest is added by hand.

    Args:
        answer: to begin with.
        spans: sorted and disjoint.
        target: the sentence they lie in.

    Raises:
        DataError: a span lies outside the sentence (code bad-annotation).
    """
    wanted = {*spans}
    kept = {one.entity for one in answer.spans if one.span in wanted}
    for one in answer.spans:
        # Where another span takes its words, its entity is not gone: it only stands elsewhere.
        if any(one.span.overlaps(other) for other in spans) or one not in answer.spans:
            continue
        if one.entity is not None and one.entity in kept:  # split, and a part of it is left
            answer = replace(answer, spans=tuple(part for part in answer.spans if part != one))
        else:
            answer = remove(answer, one)
    for span in spans:
        if span not in answer.plain_spans:
            answer = add(answer, span, len(target.words))
    return answer


def match_sentences(
    listed: Sequence[Item], sentences: Sequence[Sentence]
) -> tuple[list[tuple[Item, tuple[Span, ...]]], list[LeftOut]]:
    """Find the project's sentence and the spans in its words, for every sentence of a file.

    Returns:
        What was found, in the file's order, and what was not, each with the reason.
    """
    names = _unique({name_of(item): item for item in listed}, [name_of(item) for item in listed])
    ids = Counter(one.id for one in sentences)
    by_name = [names.get(one.id) if ids[one.id] == 1 else None for one in sentences]
    in_order: Sequence[Item | None] = [None] * len(sentences)
    if len(sentences) == len(listed):
        in_order = listed
    taken = {
        item.id for item, one in zip(by_name, sentences, strict=True) if item and _fits(item, one)
    }
    matched: list[tuple[Item, tuple[Span, ...]]] = []
    unmatched: list[LeftOut] = []
    for number, sentence in enumerate(sentences, start=1):
        item = by_name[number - 1]
        other = in_order[number - 1]
        if (item is None or not _fits(item, sentence)) and other and other.id not in taken:
            item = other
        spans = _no_place(sentence) if item is None else _spans_in(item, sentence)
        if item is None or isinstance(spans, str):
            unmatched.append(LeftOut(number, sentence.id, str(spans)))
        else:
            matched.append((item, spans))
    return matched, unmatched


def _unique(named: Mapping[str, Item], names: Sequence[str]) -> dict[str, Item]:
    counts = Counter(names)
    return {name: item for name, item in named.items() if counts[name] == 1}


def _fits(item: Item, sentence: Sentence) -> bool:
    target = item.pair.target
    return target.words == sentence.words or target.text == sentence.text


def _no_place(sentence: Sentence) -> str:
    named = f"the name {sentence.id!r}" if sentence.id else "no name"
    return f"a sentence must be one of the project's by its name, or as many as it has, got {named}"


def _spans_in(item: Item, sentence: Sentence) -> tuple[Span, ...] | str:
    """Return the spans in the words of the project, or why they have no place there."""
    target = item.pair.target
    if target.words == sentence.words:
        return sentence.spans
    if target.text != sentence.text:
        return (
            f"words must be those of the project's sentence {item.place + 1}, got "
            f"{sentence.text[:60]!r} instead of {target.text[:60]!r}"
        )
    try:
        return tuple(_carried(sentence, target))
    except DataError as error:
        return error.reason


def _carried(sentence: Sentence, target: Sentence) -> Iterator[Span]:
    """Lay spans onto other words of the same text."""
    starts = {start: index for index, (start, _) in enumerate(target.char_offsets)}
    ends = {end: index + 1 for index, (_, end) in enumerate(target.char_offsets)}
    for span in sentence.spans:
        first, last = sentence.char_offsets[span.start][0], sentence.char_offsets[span.end - 1][1]
        if first not in starts or last not in ends:
            raise DataError(
                f"an entity must start and end at a word border, got {sentence.text_of(span)!r}",
                code="bad-annotation",
            )
        yield Span(starts[first], ends[last], span.label)
