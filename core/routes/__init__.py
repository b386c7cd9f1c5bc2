"""Routes: how labels reach the target sentence once the source is translated and labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, runtime_checkable

from core.config import RunConfig
from core.pipeline import Constraints
from core.registry import Registry
from core.stages import Progress
from core.types import Alignment, Projection, SentencePair


@runtime_checkable
class Route(Protocol):
    """Runs a configuration on pairs whose source is there and labelled, as far as it needs that.

    Laws (tests/contract/test_routes.py): one projection a pair, in order; gold target spans change
    nothing but the gold carried along.
    """

    needs_source: ClassVar[bool]
    """Whether the source sentence is looked at; if not, nothing is translated or labelled."""

    makes_target: ClassVar[bool]
    """Whether it makes the target sentence itself where there is none yet."""

    translates_back: ClassVar[bool]
    """Whether it translates source sentences into the target language."""

    def run(
        self,
        config: RunConfig,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Project every pair.

        Raises:
            SpanbridgeError: the configuration cannot run here.
        """
        ...

    def check(self, config: RunConfig) -> None:
        """Create every component once, so that a bad choice shows before any work is done.

        Raises:
            SpanbridgeError: the configuration cannot run here.
        """
        ...


ROUTES: Registry[Route] = Registry("route", "core.routes")
