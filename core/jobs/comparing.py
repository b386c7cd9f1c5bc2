"""The metrics of several runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.jobs.records import Run
from core.jobs.watch import metrics_after

_OURS = ("at", "attempt", "step")


def series(records: Sequence[dict[str, Any]]) -> dict[str, dict[int, float]]:
    """Return metric → step → value; what a resumed run did again counts once, as done last."""
    found: dict[str, dict[int, float]] = {}
    for record in records:
        step = record.get("step")
        if not isinstance(step, int):
            continue
        for name, value in record.items():
            if name not in _OURS and isinstance(value, int | float):
                found.setdefault(name, {})[step] = float(value)
    return found


def compare(runs: Sequence[Run]) -> dict[str, Any]:
    """Return each metric's last, least and greatest value in each run, and where the runs differ.

    Raises:
        StoreError: metrics cannot be read.
    """
    metrics: dict[str, dict[str, dict[str, float]]] = {}
    for run in runs:
        for name, values in series(metrics_after(run)[0]).items():
            last = max(values)
            metrics.setdefault(name, {})[run.id] = {
                "last": values[last],
                "min": min(values.values()),
                "max": max(values.values()),
                "step": last,
                "count": len(values),
            }
    return {
        "runs": [{"id": one.id, "name": one.plan.name, "state": one.state} for one in runs],
        "metrics": dict(sorted(metrics.items())),
        "differences": _differences(runs),
    }


def _differences(runs: Sequence[Run]) -> dict[str, dict[str, Any]]:
    """Return what was asked for differently: key → run → value."""
    asked = {run.id: _asked(run) for run in runs}
    keys = sorted({key for values in asked.values() for key in values})
    told = {key: {run: values.get(key) for run, values in asked.items()} for key in keys}
    return {
        key: values
        for key, values in told.items()
        if any(value != next(iter(values.values())) for value in values.values())
    }


def _asked(run: Run) -> dict[str, Any]:
    config = {f"config.{key}": value for key, value in run.plan.config.items()}
    data = {f"data.{key}": value for key, value in run.plan.data.items()}
    return {"version": run.version, "seed": run.plan.seed, **config, **data}
