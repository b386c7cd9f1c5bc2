"""`components`: list methods and components with their parameters."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.adversarial import ROBUST_METHODS
from core.aligners import ALIGNERS
from core.candidates import CANDIDATES
from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.engine import ENGINES
from core.labellers import LABELLERS
from core.methods import named_methods
from core.perturbations import PERTURBATIONS
from core.projectors import PROJECTORS
from core.question_perturbations import QUESTION_PERTURBATIONS
from core.registry import Parameter, Registry
from core.routes import ROUTES
from core.scores import SCORES
from core.translators import TRANSLATORS

FAMILIES: Mapping[str, Registry[Any]] = {
    "translators": TRANSLATORS,
    "labellers": LABELLERS,
    "aligners": ALIGNERS,
    "candidates": CANDIDATES,
    "scores": SCORES,
    "projectors": PROJECTORS,
    "routes": ROUTES,
    "engines": ENGINES,
    "robust_methods": ROBUST_METHODS,
    "perturbations": PERTURBATIONS,
    "question_perturbations": QUESTION_PERTURBATIONS,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "family", nargs="?", choices=("methods", *FAMILIES), help="only this family"
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """List every component; one whose packages or programs are missing is listed with the fix."""
    data: dict[str, Any] = {}
    lines: list[str] = []
    if options.family in (None, "methods"):
        methods = named_methods()
        data["methods"] = {
            name: {"description": one.description, "signature": one.config.signature()}
            for name, one in methods.items()
        }
        width = max(map(len, methods))
        lines += [
            "methods",
            *(f"  {name:{width}} {one.description}" for name, one in methods.items()),
            "",
        ]
    for family, registry in FAMILIES.items():
        if options.family in (None, family):
            data[family] = {name: _describe(registry, name) for name in registry.names()}
            lines += [family, *_lines(data[family]), ""]
    return Outcome(data, "\n".join(lines).rstrip())


def _describe(registry: Registry[Any], name: str) -> dict[str, Any]:
    availability = registry.availability(name)
    return {
        "summary": (registry.get(name).__doc__ or "").partition("\n")[0],
        "available": availability.available,
        "fix": availability.hint,
        "parameters": [asdict(parameter) for parameter in registry.parameters(name)],
    }


def _lines(components: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, component in components.items():
        missing = "" if component["available"] else f"  [missing: {component['fix']}]"
        lines.append(f"  {name:12} {component['summary']}{missing}")
        lines += [f"    {_show(Parameter(**values))}" for values in component["parameters"]]
    return lines


def _show(parameter: Parameter) -> str:
    kind = "|".join(parameter.choices) or parameter.kind
    return f"{parameter.name}={parameter.default} ({kind}) {parameter.help}"
