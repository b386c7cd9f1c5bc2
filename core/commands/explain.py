"""`explain`: one sentence pair in full, as it is and with something changed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from core.commands import Outcome
from core.commands.options import (
    add_corpus_arguments,
    add_method_arguments,
    config_from,
    pairs_from,
)
from core.commands.progress import ProgressBars
from core.config import RunConfig
from core.errors import ConfigError, DataError
from core.explain import entity_letter, explanation_record, explanation_text, typed_pair
from core.types import Projection, SentencePair
from core.whatif.card import Change, card, knob_changes, other_changes
from core.whatif.case import Case, make_case, solve
from core.whatif.changes import moves
from core.whatif.edits import Edits, parse_edits
from core.whatif.flips import Track, find_flips
from core.whatif.knobs import knobs

# On the command line nobody waits for a slider: every position is solved.
_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("--id", help="the pair's id in the corpus, or its place counted from 1")
    parser.add_argument("--source-text", help="a sentence with marks, such as '[LOC Rome] is old'")
    parser.add_argument("--target-text", help="its translation; marks are taken as gold")
    parser.add_argument(
        "--edits",
        default="",
        metavar="EDITS",
        help="changes to solve with: +2-3 adds a link, -2-3 removes one, =0:3-5 pins entity 0 to "
        "words 3 and 4, !0:3-5 forbids them, @0-2:PER sets source entities; such as '+2-3 =0:3-5'",
    )
    parser.add_argument(
        "--why",
        metavar="LETTER",
        help="options of this entity, and every single change that would flip it (all: of each)",
    )
    parser.add_argument(
        "--flips", action="store_true", help="where each number of the method flips a decision"
    )
    add_corpus_arguments(parser)
    add_method_arguments(parser)


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Project one pair and tell everything about it.

    Raises:
        SpanbridgeError: no such pair, unreadable text, edits that do not fit, or the method cannot
            run.
    """
    config = config_from(options)
    edits = parse_edits(options.edits)
    typed = options.source_text is not None and options.target_text is not None
    pair = _typed_pair(options) if typed else _corpus_pair(options)
    bars("match", 0, 1)
    case = make_case(config, pair)
    projection = solve(case, config, edits)
    bars("match", 1, 1)
    data, lines = explanation_record(projection), [explanation_text(projection)]
    if edits:
        found = moves(solve(case, config), projection)
        data["edits"], data["moves"] = str(edits), [asdict(move) for move in found]
        lines += ["", f"with {edits}:", *(f"  {move.text}" for move in found or [])]
        lines += [] if found else ["  nothing moved"]
    tracks = _tracks(case, config, edits) if options.flips or options.why else []
    if options.flips:
        data["flips"] = [_track_record(track) for track in tracks]
        lines += ["", "flips:", *map(_track_line, tracks)]
    if options.why:
        cards = [
            _card(case, config, edits, projection, entity, tracks)
            for entity in _entities(options.why, projection)
        ]
        data["cards"] = [record for record, _ in cards]
        lines += [line for _, told in cards for line in told]
    return Outcome(data, "\n".join(lines))


def _tracks(case: Case, config: RunConfig, edits: Edits) -> list[Track]:
    return [find_flips(case, config, edits, one, seconds=_SECONDS) for one in knobs(config)]


def _track_record(track: Track) -> dict[str, Any]:
    return {
        "setting": track.knob.key,
        "value": track.knob.value,
        "complete": track.complete,
        "flips": [
            {
                "before": flip.before,
                "at": flip.at,
                "entities": [entity_letter(entity) for entity in flip.entities()],
            }
            for flip in track.flips
        ],
    }


def _track_line(track: Track) -> str:
    knob = track.knob
    places = ", ".join(
        f"{knob.text(flip.at)} ({' '.join(map(entity_letter, flip.entities()))})"
        for flip in track.flips
    )
    return f"  {knob.key} = {knob.text(knob.value)}: {places or 'none'}"


def _entities(asked: str, projection: Projection) -> list[int]:
    letters = [entity_letter(index) for index in range(len(projection.pair.source.spans))]
    if asked == "all":
        return list(range(len(letters)))
    if asked.upper() not in letters:
        raise ConfigError(
            f"the entity must be all or one of {', '.join(letters) or 'none'}, got {asked!r}",
            code="bad-value",
        )
    return [letters.index(asked.upper())]


def _card(
    case: Case,
    config: RunConfig,
    edits: Edits,
    projection: Projection,
    entity: int,
    tracks: list[Track],
) -> tuple[dict[str, Any], list[str]]:
    found = card(projection, entity)
    changes = knob_changes(projection, entity, tracks)
    changes += other_changes(case, config, edits, projection, entity, seconds=_SECONDS)
    lines = ["", found.title]
    for one in found.options:
        parts = " + ".join(f"{name} {value:.2f}" for name, value in one.parts.items())
        blocked = f"; {one.blocker}" if one.blocker else ""
        lines.append(f"  {one.role}: {one.text} {one.score:.2f} = {parts or 'no scores'}{blocked}")
    lines += ["  would flip:", *(f"    {one.text} → {one.outcome}" for one in changes)]
    record = asdict(found)
    return {**record, "changes": list(map(_change_record, changes))}, lines


def _change_record(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, "change": change.text, "outcome": change.outcome}


def _typed_pair(options: argparse.Namespace) -> SentencePair:
    if options.target is None:
        raise ConfigError("a typed pair needs --target LANGUAGE, got none", code="bad-config")
    return typed_pair(options.source_text, options.target_text, options.source, options.target)


def _corpus_pair(options: argparse.Namespace) -> SentencePair:
    if options.id is None:
        raise ConfigError(
            "explain needs --id with a corpus, or --source-text and --target-text, got neither",
            code="bad-config",
        )
    pairs = pairs_from(options).pairs
    for place, pair in enumerate(pairs, start=1):
        if options.id in (pair.id, pair.source.id, str(place)):
            return pair
    raise DataError(
        f"the id must be one of {len(pairs)} pairs such as {pairs[0].id!r}, got {options.id!r}",
        code="bad-value",
    )
