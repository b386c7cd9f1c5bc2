"""Model transfer: the tagger run straight on the target sentence, nothing projected.

Paper: García-Ferrero et al. 2022, arXiv:2210.12623 (as the baseline of projection).
Departs: none.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.config import RunConfig
from core.pipeline import Constraints
from core.routes import ROUTES
from core.stages import Progress, keep_labels, make_tagger, no_report
from core.types import Alignment, Projection, SentencePair, Trace


@dataclass(frozen=True)
class Transfer:
    """What the tagger finds in the target sentence on its own."""

    needs_source: ClassVar[bool] = False
    makes_target: ClassVar[bool] = False
    translates_back: ClassVar[bool] = False

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Tag every target sentence; pins, bans and links have nothing to act on."""
        del constraints, alignments
        report = progress or no_report
        started = time.perf_counter()
        labellings = make_tagger(config).label(
            [pair.target for pair in pairs], lambda done, total: report("tag", done, total)
        )
        seconds = {"tag": (time.perf_counter() - started) / max(len(pairs), 1)}
        return [
            Projection(
                pair=keep_labels(pair, config.labels),
                method=config.method,
                spans=tuple(
                    span
                    for span in labelling.spans
                    if config.labels is None or span.label in config.labels
                ),
                decisions=(),
                trace=Trace(target_tags=labelling.tags, seconds=seconds),
            )
            for pair, labelling in zip(pairs, labellings, strict=True)
        ]

    def check(self, config: RunConfig) -> None:
        """Create the tagger once."""
        make_tagger(config)


ROUTES.register(Transfer)
