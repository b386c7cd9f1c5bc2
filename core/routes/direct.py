"""Projection straight from the source sentence, by alignment, candidates, scores and matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.config import RunConfig
from core.pipeline import Constraints, Pipeline
from core.routes import ROUTES
from core.stages import Progress
from core.types import Alignment, Projection, SentencePair


@dataclass(frozen=True)
class Direct:
    """Source entities onto the target sentence."""

    needs_source: ClassVar[bool] = True
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
        """Project every pair."""
        return Pipeline.from_config(config).run(
            pairs, constraints=constraints, alignments=alignments, progress=progress
        )

    def check(self, config: RunConfig) -> None:
        """Create every component once."""
        Pipeline.from_config(config)


ROUTES.register(Direct)
