"""What a linked view draws beyond a projection, and how classes and scripts are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.text.words import RIGHT_TO_LEFT_LANGUAGES, base_language
from core.types import Decision, EntityCandidate, Link, Projection, Span

# The style sheet has colours s0 to s7.
_STYLES = 8
_FIXED_STYLES = {"PER": 0, "LOC": 1, "ORG": 2, "MISC": 3, "DATE": 4}


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn beyond the projection.

    Attributes:
        selected: the entity whose candidates are shown.
        pins: entities fixed to target spans.
        bans: entities kept from target spans.
        added: links that a person added.
        removed: links of the aligner that a person took out.
        baseline: projected spans of the stored run; what differs from them is marked.
    """

    selected: int | None = None
    pins: tuple[EntityCandidate, ...] = ()
    bans: tuple[EntityCandidate, ...] = ()
    added: tuple[Link, ...] = ()
    removed: tuple[Link, ...] = ()
    baseline: tuple[Span, ...] | None = None


def class_styles(labels: Iterable[str]) -> dict[str, str]:
    """Give every entity class a colour, the usual classes always the same one."""
    others = sorted({label for label in labels if label not in _FIXED_STYLES})
    places = {**_FIXED_STYLES}
    for index, label in enumerate(others):
        places[label] = (len(_FIXED_STYLES) + index) % _STYLES
    return {label: f"s{place}" for label, place in places.items()}


def direction(language: str) -> str:
    """Return the direction of a language's text, as HTML's `dir` has it."""
    return "rtl" if base_language(language) in RIGHT_TO_LEFT_LANGUAGES else "auto"


def decision_of(projection: Projection, span: Span) -> Decision | None:
    """Return the decision that a projected span came from, if any."""
    return next(
        (
            decision
            for decision in projection.decisions
            if decision.candidate is not None
            and (decision.candidate.start, decision.candidate.end) == (span.start, span.end)
        ),
        None,
    )
