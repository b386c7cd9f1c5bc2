"""Which method and seed an evaluation stands for, and what it was over."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.jobs import Plan, Run
from core.training.spec import Kind
from pages.sections.evaluate_runs import method_of, trained_models

Methods = Mapping[str, Mapping[str, Sequence[Run]]]
"""Method → seed of the training → evaluations of that model, oldest first."""
# What no figure depends on, or what tells the seeds of a method apart.
_NOT_OF_THE_METHOD = ("seed", "save_every")
_DIGEST = re.compile(r"^[0-9a-f]{16}-")
_SHOWN = 3


def tests_of(plan: Plan) -> tuple[str, ...]:
    """Return an evaluation's test files with their languages, and how much of them is taken."""
    pairs = zip(plan.words, plan.words[1:], strict=False)
    found = [(option, value) for option, value in pairs if option in ("--test", "--limit")]
    return tuple(value if option == "--test" else f"first {value}" for option, value in found)


def test_names(tests: Sequence[str]) -> str:
    """Return what to call test files.

    Args:
        tests: from `tests_of`.
    """
    names = []
    for one in tests:
        languages, equals, path = one.partition("=")
        # Uploads are kept under a name that begins with the hash of their content.
        names.append(f"{languages}: {_DIGEST.sub('', Path(path).name)}" if equals else one)
    more = f" and {len(names) - _SHOWN} more" if names[_SHOWN:] else ""
    return ", ".join(names[:_SHOWN]) + more


def methods_of(evaluated: Sequence[Run], task: Kind) -> tuple[Methods, list[str]]:
    """Sort evaluations by method and seed.

    Models of one method that were trained on other data or otherwise are methods of their own.

    Args:
        evaluated: the newest first.
        task: what the models do.

    Returns:
        Evaluations by method and seed, and what to say of methods that have one name.
    """
    trained = trained_models(task)
    setups: dict[str, dict[str, dict[str, Any]]] = {}
    methods: dict[str, dict[str, list[Run]]] = {}
    for run in evaluated[::-1]:
        method = method_of(run.plan)
        model = trained.get(str(run.plan.config.get("model")))
        setup = {} if model is None else dict(model.plan.config)
        for key in _NOT_OF_THE_METHOD:
            setup.pop(key, None)
        own = setups.setdefault(method, {})
        own.setdefault(json.dumps(setup, sort_keys=True), setup)
        name = _numbered(method, list(own).index(json.dumps(setup, sort_keys=True)))
        seed = "0" if run.plan.seed is None else str(run.plan.seed)
        methods.setdefault(name, {}).setdefault(seed, []).append(run)
    remarks = [
        f"“{_numbered(method, place)}” was trained otherwise than “{method}”: "
        f"{', '.join(_differences(first, other))}."
        for method, own in setups.items()
        for first in list(own.values())[:1]
        for place, other in enumerate(own.values())
        if place
    ]
    return methods, remarks


def _numbered(method: str, place: int) -> str:
    return f"{method} ({place + 1})" if place else method


def _differences(first: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    keys = dict.fromkeys([*first, *other])
    return [key for key in keys if first.get(key) != other.get(key)]
