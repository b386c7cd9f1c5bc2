"""What moved between two projections of a pair: the stored run and what stands on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.explain import entity_letter
from core.types import Projection, Span

MoveKind = Literal["moved", "gained", "lost", "class"]


@dataclass(frozen=True, slots=True)
class Move:
    """One entity whose span differs.

    Attributes:
        kind: `moved` to other words, `gained` a span, `lost` it, or the `class` alone differs.
        old: span before; None where there was none.
        new: span now; None where there is none.
        entity: letter of the source entity in the projection that has the span, the new one first;
            empty where no entity is behind it.
        better: whether gold has the new span and not the old one; None without gold, or where gold
            has neither.
        text: all this in words.
    """

    kind: MoveKind
    old: Span | None
    new: Span | None
    entity: str
    better: bool | None
    text: str


def moves(before: Projection, after: Projection) -> tuple[Move, ...]:
    """List what differs, in order of the words.

    Spans are paired by source entity where both sentences' entities are the same, else by the
    words they share; a failed projection has no spans.
    """
    gone = [span for span in before.spans if span not in after.spans]
    come = [span for span in after.spans if span not in before.spans]
    found = []
    for new in come:
        old = _counterpart(before, after, new, gone)
        if old is not None:
            gone.remove(old)
        found.append(_move(before, after, old, new))
    found += [_move(before, after, old, None) for old in gone]
    return tuple(sorted(found, key=lambda move: (move.new or move.old or Span(0, 1, "")).start))


def _counterpart(before: Projection, after: Projection, new: Span, gone: list[Span]) -> Span | None:
    entity = _entity_of(after, new)
    if entity is not None and before.pair.source.spans == after.pair.source.spans:
        return next((old for old in gone if _entity_of(before, old) == entity), None)
    return next((old for old in gone if old.overlaps(new)), None)


def _entity_of(projection: Projection, span: Span) -> int | None:
    for decision in projection.decisions:
        candidate = decision.candidate
        if candidate is not None and (candidate.start, candidate.end) == (span.start, span.end):
            return decision.entity
    return None


def _move(before: Projection, after: Projection, old: Span | None, new: Span | None) -> Move:
    entity = None if new is None else _entity_of(after, new)
    if entity is None and old is not None:
        entity = _entity_of(before, old)
    letter = "" if entity is None else entity_letter(entity)
    kind = _kind(old, new)
    return Move(kind, old, new, letter, _better(after, old, new), _words(after, letter, old, new))


def _kind(old: Span | None, new: Span | None) -> MoveKind:
    if old is None:
        return "gained"
    if new is None:
        return "lost"
    return "class" if (old.start, old.end) == (new.start, new.end) else "moved"


def _better(after: Projection, old: Span | None, new: Span | None) -> bool | None:
    if not after.pair.has_gold:
        return None
    gold = set(after.pair.target.spans)
    was, is_now = old in gold, new in gold
    if old is not None and new is None and not was:
        return True  # a spurious span is gone
    if old is None and new is not None and not is_now:
        return False
    return None if was == is_now else is_now


def _words(after: Projection, letter: str, old: Span | None, new: Span | None) -> str:
    target = after.pair.target
    named = f"{letter} " if letter else ""

    def shown(span: Span) -> str:
        return f"“{target.text_of(span)}” [{span.start}, {span.end})"

    if new is None and old is not None:
        return f"{named}{old.label} lost {shown(old)}"
    if old is None and new is not None:
        return f"{named}{new.label} gained {shown(new)}"
    if old is None or new is None:
        return ""
    if (old.start, old.end) == (new.start, new.end):
        return f"{named}{shown(new)} was {old.label} and is {new.label}"
    return f"{named}{new.label} moved from {shown(old)} to {shown(new)}"
