"""What a person changed about one pair, and its history: links, pins, bans, source entities.

Edits are values: applying one gives new edits, and undoing is going back to the ones before. They
print as short text, so that the address of a page can hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.errors import ConfigError, DataError
from core.pipeline import Constraints
from core.types import Alignment, EntityCandidate, Link, SentencePair, Span

_LINK = re.compile(r"([+-])(\d+)-(\d+)")
_CONSTRAINT = re.compile(r"([=!])(\d+):(\d+)-(\d+)")
_ENTITY = re.compile(r"(\d+)-(\d+):(.+)", re.DOTALL)
_LABEL = re.compile(r"[A-Za-z][\w.&-]{0,63}")


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes to one pair.

    Attributes:
        added: links the aligner does not have.
        removed: links of the aligner that are taken out.
        pins: entities fixed to target spans.
        bans: entities kept from target spans.
        entities: source entities in place of the pair's own; None leaves those.
    """

    added: tuple[Link, ...] = ()
    removed: tuple[Link, ...] = ()
    pins: tuple[EntityCandidate, ...] = ()
    bans: tuple[EntityCandidate, ...] = ()
    entities: tuple[Span, ...] | None = None

    def __bool__(self) -> bool:
        return self != Edits()

    @property
    def constraints(self) -> Constraints:
        """Return pins and bans as the pipeline takes them."""
        return Constraints(self.pins, self.bans)

    def links(self, alignment: Alignment) -> Alignment:
        """Return an alignment with these links added and removed; the similarity stays."""
        gone = {(link.source, link.target) for link in self.removed}
        kept = [link for link in alignment.links if (link.source, link.target) not in gone]
        known = {(link.source, link.target) for link in kept}
        added = [link for link in self.added if (link.source, link.target) not in known]
        return replace(alignment, links=tuple(sorted([*kept, *added])))

    def pair(self, pair: SentencePair) -> SentencePair:
        """Return a pair with these source entities."""
        if self.entities is None:
            return pair
        return replace(pair, source=replace(pair.source, spans=self.entities))

    def toggle_link(self, source: int, target: int, alignment: Alignment) -> Edits:
        """Add a link that is not there, or take out one that is.

        Args:
            source: source word.
            target: target word.
            alignment: the aligner's own, without edits.
        """
        link = Link(source, target)
        if any((one.source, one.target) == (source, target) for one in alignment.links):
            return replace(self, removed=_toggled(self.removed, link))
        return replace(self, added=_toggled(self.added, link))

    def pin(self, wanted: EntityCandidate) -> Edits:
        """Fix an entity to a span; what cannot hold beside it is let go.

        That is another pin of the same entity, and pins of others that share a word.
        """
        pins = [
            one
            for one in self.pins
            if one.entity != wanted.entity and (one.end <= wanted.start or wanted.end <= one.start)
        ]
        bans = tuple(one for one in self.bans if one != wanted)
        return replace(self, pins=tuple(sorted([*pins, wanted], key=_order)), bans=bans)

    def ban(self, unwanted: EntityCandidate) -> Edits:
        """Keep an entity from a span; a pin there is let go."""
        pins = tuple(one for one in self.pins if one != unwanted)
        bans = tuple(sorted({*self.bans, unwanted}, key=_order))
        return replace(self, pins=pins, bans=bans)

    def free(self, known: EntityCandidate) -> Edits:
        """Let a pin or ban go."""
        return replace(
            self,
            pins=tuple(one for one in self.pins if one != known),
            bans=tuple(one for one in self.bans if one != known),
        )

    def set_entity(self, entity: Span, *, old: int | None, own: Sequence[Span]) -> Edits:
        """Make a source entity, or change one; entities it overlaps give way.

        Args:
            entity: the new span and class.
            old: index of the entity it takes the place of; None for a new one.
            own: the pair's own entities.
        """
        current = own if self.entities is None else self.entities
        kept = [
            (index, span)
            for index, span in enumerate(current)
            if index != old and not span.overlaps(entity)
        ]
        return self._with_entities([*kept, (old, entity)], own)

    def remove_entity(self, index: int, own: Sequence[Span]) -> Edits:
        """Take a source entity out."""
        current = own if self.entities is None else self.entities
        return self._with_entities(
            [(place, span) for place, span in enumerate(current) if place != index], own
        )

    def _with_entities(self, entities: list[tuple[int | None, Span]], own: Sequence[Span]) -> Edits:
        """Set the entities, each with its old index; pins and bans follow theirs."""
        ordered = sorted(entities, key=lambda one: one[1])
        moved = {old: new for new, (old, _) in enumerate(ordered) if old is not None}
        spans = tuple(span for _, span in ordered)
        return replace(
            self,
            entities=None if spans == tuple(own) else spans,
            pins=_renumbered(self.pins, moved),
            bans=_renumbered(self.bans, moved),
        )

    def __str__(self) -> str:
        """Print as `+3-4 -2-2 =0:3-5 !1:2-3 @0-2:PER`, the form that `parse_edits` reads."""
        parts = [f"+{link.source}-{link.target}" for link in self.added]
        parts += [f"-{link.source}-{link.target}" for link in self.removed]
        parts += [f"={one.entity}:{one.start}-{one.end}" for one in self.pins]
        parts += [f"!{one.entity}:{one.start}-{one.end}" for one in self.bans]
        if self.entities is not None:
            listed = [f"@{span.start}-{span.end}:{span.label}" for span in self.entities]
            parts += listed or ["@"]
        return " ".join(parts)


NO_EDITS = Edits()


def parse_edits(text: str) -> Edits:
    """Read edits from the form they print in.

    >>> str(parse_edits("+3-4 =0:3-5 @0-2:PER"))
    '+3-4 =0:3-5 @0-2:PER'

    Raises:
        ConfigError: a part that is none of the five kinds (code bad-value).
    """
    edits = Edits()
    entities: list[Span] | None = None
    for part in text.split():
        if part.startswith("@"):
            entities = [*(entities or []), *_parsed_entity(part)]
        elif match := _LINK.fullmatch(part):
            link = Link(int(match[2]), int(match[3]))
            name = "added" if match[1] == "+" else "removed"
            edits = replace(edits, **{name: (*getattr(edits, name), link)})
        elif match := _CONSTRAINT.fullmatch(part):
            one = EntityCandidate(int(match[2]), int(match[3]), int(match[4]))
            name = "pins" if match[1] == "=" else "bans"
            edits = replace(edits, **{name: (*getattr(edits, name), one)})
        else:
            raise _bad_part(part)
    return edits if entities is None else replace(edits, entities=tuple(sorted(entities)))


def _parsed_entity(part: str) -> list[Span]:
    if part == "@":  # no entity at all
        return []
    match = _ENTITY.fullmatch(part[1:])
    if match is None or int(match[1]) >= int(match[2]) or not _LABEL.fullmatch(match[3]):
        raise _bad_part(part)
    return [Span(int(match[1]), int(match[2]), match[3])]


def _bad_part(part: str) -> ConfigError:
    return ConfigError(
        "an edit must be +2-3 (add a link), -2-3 (remove one), =0:3-5 (pin entity 0 to words "
        f"3 to 4), !0:3-5 (ban it there) or @0-2:PER (a source entity), got {part!r}",
        code="bad-value",
    )


def check_edits(edits: Edits, pair: SentencePair) -> None:
    """Check that edits fit a pair: they may come from an address that was typed.

    Raises:
        DataError: a word or entity that the pair does not have, or entities that overlap (code
            bad-annotation).
    """
    source, target = len(pair.source.words), len(pair.target.words)
    for link in (*edits.added, *edits.removed):
        if link.source >= source or link.target >= target:
            raise _misfit(f"the link {link.source}-{link.target}", pair)
    for before, span in zip((None, *(edits.entities or ())), edits.entities or (), strict=False):
        if span.end > source or (before is not None and before.end > span.start):
            raise _misfit(f"the entity [{span.start}, {span.end})", pair)
    entities = len(edits.pair(pair).source.spans)
    for one in (*edits.pins, *edits.bans):
        if one.entity >= entities or not one.start < one.end <= target:
            raise _misfit(f"entity {one.entity} on words [{one.start}, {one.end})", pair)


def _misfit(what: str, pair: SentencePair) -> DataError:
    return DataError(
        f"edits must fit a pair of {len(pair.source.words)} and {len(pair.target.words)} words, "
        f"got {what}",
        code="bad-annotation",
        hint="the sentence may have changed since the edits were made",
    )


def _toggled(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    if link in links:
        return tuple(one for one in links if one != link)
    return tuple(sorted([*links, link]))


def _order(one: EntityCandidate) -> tuple[int, int, int]:
    return (one.entity, one.start, one.end)


def _renumbered(
    constraints: Iterable[EntityCandidate], moved: dict[int, int]
) -> tuple[EntityCandidate, ...]:
    return tuple(
        sorted(
            (replace(one, entity=moved[one.entity]) for one in constraints if one.entity in moved),
            key=_order,
        )
    )


@dataclass(frozen=True, slots=True)
class History:
    """Edits with those before and after them; the last one made is `now`."""

    past: tuple[Edits, ...] = ()
    now: Edits = Edits()
    future: tuple[Edits, ...] = ()

    def do(self, edits: Edits) -> History:
        """Go on to new edits; what was undone before is gone."""
        return self if edits == self.now else History((*self.past, self.now), edits)

    def undo(self) -> History:
        """Go one step back, as far as there is one."""
        if not self.past:
            return self
        return History(self.past[:-1], self.past[-1], (self.now, *self.future))

    def redo(self) -> History:
        """Go one step forward again, as far as there is one."""
        if not self.future:
            return self
        return History((*self.past, self.now), self.future[0], self.future[1:])
