"""Joining two sides into sentence pairs without ever shifting one against the other.

A malformed sentence takes its partner with it and nothing else. Where the sides are not parallel
that is an error which names the first difference, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

from core.corpora import BadLines
from core.datasets._sides import LinkSide, Side
from core.errors import DataError
from core.types import Link, Sentence, SentencePair

JoinBy = Literal["auto", "line", "id"]
Places: TypeAlias = list[tuple[int, Sentence, Sentence]]
"""(0-based place in the source file, source sentence, target sentence)"""


def join_sides(
    source: Side,
    target: Side,
    *,
    name: str = "",
    by: JoinBy = "auto",
    links: Mapping[str, LinkSide] | None = None,
    has_gold: bool = True,
    skip_bad: BadLines | None = None,
) -> list[SentencePair]:
    """Make sentence pairs.

    Args:
        source: sentences with entities.
        target: their translations.
        name: goes before each pair's own name, as `name:12`.
        by: `line` takes sentences in order; `id` by their names, in source order; `auto` by names
            where every sentence of both sides has one of its own.
        links: word alignments by name, in the order of the source.
        has_gold: whether target entities are gold.
        skip_bad: takes pairs whose links lie outside the sentences.

    Returns:
        The pairs, in source order.

    Raises:
        DataError: the sides, or the links, are not parallel (code not-parallel), or links lie
            outside the sentences (bad-line).
    """
    named = by == "id" or (by == "auto" and _are_named(source) and _are_named(target))
    places = _by_id(source, target) if named else _by_line(source, target)
    for side in (links or {}).values():
        _require_as_many(side, places, source)
    pairs = []
    for place, first, second in places:
        own = first.id if named else str(place + 1)
        found = _links_at(place, links or {}, first, second, skip_bad=skip_bad)
        if found is not None:
            pair_id = f"{name}:{own}" if name else own
            pairs.append(SentencePair(first, second, pair_id, found, has_gold))
    return pairs


def source_alone(source: Side, target: str) -> list[SentencePair]:
    """Make pairs whose target sentence is still to be made.

    Args:
        source: sentences with entities.
        target: language of the targets.
    """
    named = _are_named(source)
    return [
        SentencePair(
            sentence,
            Sentence((), target, "", (), id=sentence.id, line=sentence.line),
            sentence.id if named else str(place),
            has_gold=False,
        )
        for place, sentence in enumerate(source.sentences, start=1)
        if sentence is not None
    ]


def _are_named(side: Side) -> bool:
    names = [sentence.id for sentence in side.sentences if sentence is not None]
    return all(names) and len(set(names)) == len(names)


def _by_line(source: Side, target: Side) -> Places:
    length = min(len(source.sentences), len(target.sentences))
    for longer in (source, target):
        for place, sentence in enumerate(longer.sentences[length:], start=length + 1):
            # Editors leave empty lines at the end of a file; they are no sentences.
            if sentence is None or sentence.words or sentence.id:
                raise DataError(
                    "the two sides must have the same number of sentences, got "
                    f"{len(source.sentences)} and {len(target.sentences)}; "
                    f"the first without a partner is sentence {place}",
                    code="not-parallel",
                    path=str(longer.path),
                    line=None if sentence is None else sentence.line,
                )
    rows = zip(source.sentences, target.sentences, strict=False)
    return [
        (place, first, second)
        for place, (first, second) in enumerate(rows)
        if first is not None and second is not None
    ]


def _by_id(source: Side, target: Side) -> Places:
    sources, targets = _index(source), _index(target)
    _require_partners(source, sources, targets, lost=target.set_aside)
    _require_partners(target, targets, sources, lost=source.set_aside)
    return [
        (place, first, targets[name][1])
        for name, (place, first) in sources.items()
        if name in targets
    ]


def _index(side: Side) -> dict[str, tuple[int, Sentence]]:
    found: dict[str, tuple[int, Sentence]] = {}
    for place, sentence in enumerate(side.sentences):
        if sentence is None:
            continue
        if not sentence.id or sentence.id in found:
            raise DataError(
                f"every sentence must have a name of its own, got {sentence.id!r}",
                code="not-parallel",
                path=str(side.path),
                line=sentence.line,
                hint="join by line",
            )
        found[sentence.id] = (place, sentence)
    return found


def _require_partners(
    side: Side,
    sentences: Mapping[str, tuple[int, Sentence]],
    others: Mapping[str, object],
    *,
    lost: int,
) -> None:
    """Check that no more sentences are without partner than were set aside on the other side."""
    alone = [sentence for name, (_, sentence) in sentences.items() if name not in others]
    if len(alone) > lost:
        raise DataError(
            f"both sides must have the same sentence names, got {len(alone)} without a partner; "
            f"the first is {alone[0].id!r}",
            code="not-parallel",
            path=str(side.path),
            line=alone[0].line,
            hint="join by line if the names mean nothing",
        )


def _require_as_many(side: LinkSide, places: Places, source: Side) -> None:
    last = 1 + max((place for place, _, _ in places), default=-1)
    if len(side.links) < last or any(side.links[len(source.sentences) :]):
        raise DataError(
            f"there must be one line of links for each of the {len(source.sentences)} sentence "
            f"pairs, got {len(side.links)}",
            code="not-parallel",
            path=str(side.path),
        )


def _links_at(
    place: int,
    sides: Mapping[str, LinkSide],
    source: Sentence,
    target: Sentence,
    *,
    skip_bad: BadLines | None,
) -> dict[str, tuple[Link, ...]] | None:
    """Return a pair's links by name, or None where they were set aside."""
    found: dict[str, tuple[Link, ...]] = {}
    for name, side in sides.items():
        links = side.links[place]
        if links is None:
            return None
        found[name] = links
    paths = {name: side.path for name, side in sides.items()}
    return links_inside(found, paths, source, target, place=place, skip_bad=skip_bad)


def links_inside(
    links: Mapping[str, tuple[Link, ...]],
    paths: Mapping[str, Path],
    source: Sentence,
    target: Sentence,
    *,
    place: int,
    skip_bad: BadLines | None,
) -> dict[str, tuple[Link, ...]] | None:
    """Return a pair's links, or None where some were set aside because they lie outside.

    Args:
        links: by name.
        paths: files that they come from, by name.
        source: source sentence.
        target: target sentence.
        place: line of the files, from 0.
        skip_bad: takes the fault instead of stopping.

    Raises:
        DataError: links lie outside the sentences (code bad-line), without `skip_bad`.
    """
    for name, found in links.items():
        outside = next(_outside(found, source, target), None)
        if outside is None:
            continue
        error = DataError(
            f"links must lie inside the {len(source.words)} × {len(target.words)} words, "
            f"got {outside.source}-{outside.target} (counted from 0)",
            code="bad-line",
            path=str(paths[name]),
            line=place + 1,
        )
        if skip_bad is None:
            raise error
        skip_bad.add(place, error)
        return None
    return dict(links)


def _outside(links: tuple[Link, ...], source: Sentence, target: Sentence) -> Iterator[Link]:
    width, height = len(source.words), len(target.words)
    return (link for link in links if link.source >= width or link.target >= height)
