"""Methods over their seeds, on what the examinations of their models kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import __version__
from core.errors import DataError
from core.evaluate.kept import KeptSet, clean_name
from core.evaluate.seeds import SeedComparison, Spread, compare_seeds, correct_family, spread_of
from core.evaluate.significance import DEFAULT, Bootstrap, Counts


@dataclass(frozen=True, slots=True)
class KeptRun:
    """What one run of a method found.

    Attributes:
        method: how the model was trained.
        seed: of its training.
        sets: by name, such as `es` and `es.typos`.
    """

    method: str
    seed: str
    sets: Mapping[str, KeptSet]


@dataclass(frozen=True, slots=True)
class KeptComparison:
    """Methods over their seeds, on every test set that all runs share.

    Attributes:
        sets: by name; the p-values of all of them are corrected together.
        changes: perturbed set → method → F1 minus that of the clean set, over the seeds of the
            training, as shares of 1.
        left_out: sets that cannot be compared, each with the reason.
        signature: what the figures depend on.
    """

    sets: Mapping[str, SeedComparison]
    changes: Mapping[str, Mapping[str, Spread]]
    left_out: Mapping[str, str]
    signature: str

    @property
    def family(self) -> int:
        """Return over how many comparisons Holm's correction is."""
        return sum(len(one.comparisons) for one in self.sets.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the value, ready for JSON."""
        return {
            "signature": self.signature,
            "family": self.family,
            "sets": {
                name: one.as_dict()
                | {
                    "changes": {
                        method: spread.as_dict()
                        for method, spread in self.changes.get(name, {}).items()
                    }
                }
                for name, one in self.sets.items()
            },
            "left_out": dict(self.left_out),
        }


def compare_kept(
    runs: Sequence[KeptRun],
    *,
    baseline: str = "",
    bootstrap: Bootstrap = DEFAULT,
    counted: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> KeptComparison:
    """Compare methods over their seeds on every set, with Holm's correction over all of them.

    Args:
        runs: every seed of every method once.
        baseline: compare each other method with this one only; empty compares every pair.
        bootstrap: how to resample.
        counted: by which rules the sets were counted, for the signature.
        progress: called with (done, total) sets.

    Raises:
        DataError: there is no run (code missing-gold), or no set that all runs share
            (not-parallel).
    """
    shared, left_out = _shared(runs)
    found: dict[str, SeedComparison] = {}
    for done, name in enumerate(shared, start=1):
        methods: dict[str, dict[str, Counts]] = {}
        for run in runs:
            methods.setdefault(run.method, {})[run.seed] = run.sets[name].counts
        found[name] = compare_seeds(methods, baseline=baseline, bootstrap=bootstrap)
        if progress is not None:
            progress(done, len(shared))
    parts = {
        **(counted or {}),
        "test": "multi-bootstrap",
        "resamples": str(bootstrap.resamples),
        "baseline": baseline,
        "runs": ",".join(f"{one.method}/{one.seed}" for one in runs),
        "version": __version__,
    }
    signature = "|".join(f"{key}:{value}" for key, value in parts.items() if value)
    return KeptComparison(correct_family(found), _changes(found), left_out, signature)


def _shared(runs: Sequence[KeptRun]) -> tuple[list[str], dict[str, str]]:
    """Return the sets that can be compared, and the reason why others are not."""
    if not runs:
        raise DataError("there must be at least one run, got none", code="missing-gold")
    reasons = {
        name: _reason_against(name, runs)
        for name in dict.fromkeys(name for run in runs for name in run.sets)
    }
    left_out = {name: reason for name, reason in reasons.items() if reason}
    shared = [name for name in reasons if name not in left_out]
    if not shared:
        told = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        raise DataError(
            f"the runs must share at least one test set, got none ({told})",
            code="not-parallel",
            hint="compare runs that were examined on the same test files, with the same seeds",
        )
    return shared, left_out


def _reason_against(name: str, runs: Sequence[KeptRun]) -> str:
    """Tell why a set cannot be compared, or why comparing it would say nothing; else ''."""
    own = [run.sets[name] for run in runs if name in run.sets]
    if len(own) < len(runs):
        return f"only {len(own)} of {len(runs)} runs have it"
    if len({one.digest for one in own}) > 1:
        return "the runs saw different texts under this name"
    clean = clean_name(name, runs[0].sets)
    # The clean set once more would count twice, and Holm's correction is the harder for it.
    if clean == name or _reason_against(clean, runs):
        return ""
    if own[0].same_texts(runs[0].sets[clean]):
        return f"the perturbation changed nothing: the texts are those of {clean}"
    return ""


def _changes(found: Mapping[str, SeedComparison]) -> dict[str, dict[str, Spread]]:
    """Return what each perturbation changes: seed by seed, then over the seeds."""
    changes: dict[str, dict[str, Spread]] = {}
    for name, one in found.items():
        clean = found[clean_name(name, found)]
        if clean is not one:
            changes[name] = {
                method: spread_of(
                    [f1 - clean.by_seed[method][seed] for seed, f1 in by_seed.items()]
                )
                for method, by_seed in one.by_seed.items()
            }
    return changes
