"""The methods a run can train by: those of `core.adversarial`, and co-regularised models.

Paper: Zhou, Chen 2021, arXiv:2104.08656, for `agreement`: several models learn together, each from
its own first weights, and after the first steps must agree.
Departs: new adapters differ in their first weights too; where a trained model goes on learning, the
first keeps its head and the others get new ones, as theirs differ in the paper. The first model is
the result, as in the paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.adversarial import ROBUST_METHODS, Agreement, RobustMethod, StepLosses, TrainingStep
from core.config import ComponentChoice
from core.registry import Parameter, build, describe_parameters

AGREEMENT = "agreement"


@dataclass(frozen=True)
class CoRegularisation:
    """Train several models that must agree; one of them is kept."""

    weight: Annotated[float, Field(ge=0, description="γ: weight of the agreement")] = 1.0
    models: Annotated[int, Field(ge=2, le=8, description="how many learn together")] = 2
    after: Annotated[
        float, Field(ge=0, lt=1, description="share of the steps before they must agree")
    ] = 0.1

    def accumulate(self, steps: Sequence[TrainingStep], done: float) -> StepLosses:
        """Do one pass a model.

        Args:
            steps: one a model.
            done: share of the run that is over, in [0, 1].
        """
        weight = self.weight if done >= self.after else 0.0
        losses = Agreement(weight).accumulate(steps)
        count = len(losses)
        return StepLosses(
            clean=sum(one.clean for one in losses) / count,
            robust=sum(one.robust for one in losses) / count,
            total=sum(one.total for one in losses),
        )


Method = RobustMethod | CoRegularisation


def method_names() -> tuple[str, ...]:
    """List the methods, sorted."""
    return tuple(sorted((*ROBUST_METHODS.names(), AGREEMENT)))


def method_parameters(name: str) -> tuple[Parameter, ...]:
    """Describe a method's parameters, for a form.

    Raises:
        ConfigError: no such method (code unknown-name).
    """
    if name == AGREEMENT:
        return describe_parameters(CoRegularisation)
    return ROBUST_METHODS.parameters(name)


def method_summary(name: str) -> str:
    """Return one sentence on a method.

    Raises:
        ConfigError: no such method (code unknown-name).
    """
    cls = CoRegularisation if name == AGREEMENT else ROBUST_METHODS.get(name)
    return (cls.__doc__ or "").strip().splitlines()[0]


def make_method(choice: ComponentChoice) -> Method:
    """Make a method from its name and parameters.

    Raises:
        ConfigError: an unknown name or parameter, or a value that does not fit.
    """
    parameters: Mapping[str, object] = choice.parameters
    if choice.name == AGREEMENT:
        return build(CoRegularisation, parameters, what=f"training method {AGREEMENT!r}")
    return ROBUST_METHODS.create(choice.name, parameters)


def models_of(method: Method) -> int:
    """Return how many models a method trains."""
    return method.models if isinstance(method, CoRegularisation) else 1
