"""How many entity markers came through a translator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from core.types import Projection


@dataclass(frozen=True, slots=True)
class MarkerCounts:
    """Markers sent through a translator.

    Attributes:
        sentences: sentences with entities that were translated with markers.
        damaged: how many of them lost at least one.
        entities: markers sent.
        lost: markers that did not come back, or that could not be told apart.
        dropped: sentences that failed because of it.
    """

    sentences: int
    damaged: int
    entities: int
    lost: int
    dropped: int

    def as_dict(self) -> dict[str, int]:
        """Return the counts, ready for JSON."""
        return asdict(self)


def count_markers(projections: Sequence[Projection]) -> MarkerCounts | None:
    """Count the markers of a run; None where nothing was translated with markers."""
    rows = [
        (len(one.pair.source.spans), len(one.trace.marked.spans), one.failure)
        for one in projections
        if one.trace.marked is not None
    ]
    if not rows:
        return None
    marked = [(sent, back) for sent, back, _ in rows if sent]
    return MarkerCounts(
        sentences=len(marked),
        damaged=sum(back < sent for sent, back in marked),
        entities=sum(sent for sent, _ in marked),
        lost=sum(sent - back for sent, back in marked),
        dropped=sum(
            failure is not None and failure.code == "marker-lost" for _, _, failure in rows
        ),
    )
