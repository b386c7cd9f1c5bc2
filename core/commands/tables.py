"""Score tables as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def transfer_lines(means: Mapping[str, Any]) -> list[str]:
    """Lay out the means over pairings of languages, a line each.

    Args:
        means: `core.evaluate.qa.transfer_means()`; other keys are left alone.
    """
    return [
        "{name}: mean F1 {f1:.3f}, exact match {exact_match:.2f} of {pairings} pairings".format(
            name=name, **means[key]
        )
        for key, name in (("xlt", "XLT"), ("g_xlt", "G-XLT"))
        if means[key] is not None
    ]


def score_lines(report: Mapping[str, Any]) -> list[str]:
    """Lay out strict scores, a line a class.

    Args:
        report: `core.evaluate.spans.ProjectionReport.as_dict()`.
    """
    lines = [f"{'':12}{'F1':>8}{'precision':>11}{'recall':>8}{'support':>9}"]
    for label, score in {**report["per_label"], "overall": report["overall"]}.items():
        lines.append(
            f"{label:12}{score['f1']:8.4f}{score['precision']:11.4f}{score['recall']:8.4f}"
            f"{score['support']:9d}"
        )
    return [*lines, f"\nfailed sentences: {report['failures']}"]
