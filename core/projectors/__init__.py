"""Projectors: decide which target span, if any, each source entity becomes."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from core.registry import Registry
from core.types import Matching, Problem


@runtime_checkable
class Projector(Protocol):
    """Decides every entity of one sentence pair.

    Laws (tests/contract/test_projectors.py): at least one decision for every entity, in entity
    order; chosen spans are disjoint and inside the target; pins are kept and bans never chosen; the
    order of candidates does not matter.
    """

    inputs: ClassVar[tuple[str, ...]]
    """What `project` reads from the problem: `alignment`, `scores`."""

    def project(self, problem: Problem) -> Matching:
        """Decide every entity.

        Raises:
            ConfigError: an input is missing, or pins clash.
            BackendError: the solver is missing or failed.
        """
        ...


PROJECTORS: Registry[Projector] = Registry("projector", "core.projectors")
