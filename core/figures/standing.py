"""Where a language stands: the best method of each group, and its distance from model transfer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.figures.values import Figure, Group


@dataclass(frozen=True, slots=True)
class Standing:
    """What the figures of one language say within one group.

    Attributes:
        language: BCP-47 code.
        group: whose figures.
        best: the highest F1 over all classes; of several the first in the order of the table.
        other: the best of all methods that are not model transfer; None where there is none.
        transfer: the best of model transfer; None where there is none.
    """

    language: str
    group: Group
    best: Figure
    other: Figure | None
    transfer: Figure | None

    @property
    def gain(self) -> float | None:
        """Return the points of F1 by which the best other method is better than model transfer.

        Negative where it is worse; None unless both were measured.
        """
        if self.other is None or self.transfer is None:
            return None
        return 100 * (self.other.f1 - self.transfer.f1)


def standings(figures: Iterable[Figure]) -> dict[str, tuple[Standing, ...]]:
    """Sum up figures by language and group.

    Args:
        figures: of any groups; those of single classes are left out.

    Returns:
        Language → a standing for each group, in the order of the figures.
    """
    grouped: dict[str, dict[Group, list[Figure]]] = {}
    for figure in figures:
        if not figure.label:
            groups = grouped.setdefault(figure.language, {})
            groups.setdefault(figure.group, []).append(figure)
    return {
        language: tuple(_standing(language, group, found) for group, found in groups.items())
        for language, groups in grouped.items()
    }


def _standing(language: str, group: Group, figures: list[Figure]) -> Standing:
    return Standing(
        language=language,
        group=group,
        best=max(figures, key=_f1),
        other=max((one for one in figures if not one.is_transfer), key=_f1, default=None),
        transfer=max((one for one in figures if one.is_transfer), key=_f1, default=None),
    )


def _f1(figure: Figure) -> float:
    return figure.f1
