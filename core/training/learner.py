"""What moves the weights: models, method, optimiser and schedule, one step at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from core.adversarial import StepLosses, TrainingStep
from core.errors import ConfigError
from core.training.checkpoints import random_state, restore_random_state
from core.training.crew import Crew
from core.training.methods import CoRegularisation, Method, models_of
from core.training.models import Head, learning_weights, new_model
from core.training.order import Part, Sized
from core.training.recipe import Recipe

if TYPE_CHECKING:
    import torch

E = TypeVar("E", bound=Sized)
# Seeds of models that learn together are this far apart, so that no two runs share one by chance.
_SEED_STEP = 7919


class Task(Protocol[E]):
    """What is learnt: named entities, or answers to questions.

    Attributes:
        head: what the model predicts.
        options: of the model's configuration, such as the names of its labels.
        described: name and content of the file that tells what a saved model is.
    """

    @property
    def head(self) -> Head:
        """Say what the model predicts."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """Return the configuration's own, such as the names of the labels."""
        ...

    @property
    def described(self) -> tuple[str, Mapping[str, Any]]:
        """Return name and content of the file that tells what a saved model is."""
        ...

    def parts(self, tokenizer: Any) -> list[Part[E]]:
        """Read the training data as the model does."""
        ...

    def steps(
        self, models: Sequence[Any], batch: Sequence[E], tokenizer: Any, common: Mapping[str, Any]
    ) -> list[TrainingStep]:
        """Return one step a model on the same inputs.

        Args:
            models: all in training mode.
            batch: at least one example.
            tokenizer: their own.
            common: further arguments of the step.
        """
        ...


@dataclass(frozen=True)
class Learner(Generic[E]):
    """Models and what changes them.

    Attributes:
        task: what they learn.
        tokenizer: their own.
        models: one, or those that must agree.
        method: makes the gradient.
        crew: the processes that share the work.
        weights: what learns, by name.
        total: steps of the whole run.
    """

    task: Task[E]
    tokenizer: Any
    models: Sequence[Any]
    method: Method
    recipe: Recipe
    crew: Crew
    weights: dict[str, torch.nn.Parameter]
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler
    scaler: torch.amp.GradScaler
    generator: torch.Generator
    total: int

    @classmethod
    def of(
        cls, task: Task[E], tokenizer: Any, recipe: Recipe, method: Method, total: int
    ) -> Learner[E]:
        """Make models and optimiser: the rate rises to its peak, then falls linearly to nothing.

        Raises:
            BackendError: no such base model.
            ConfigError: fp16 without a GPU (code bad-value).
        """
        import torch

        crew = Crew.here()
        if recipe.precision == "fp16" and crew.device.type != "cuda":
            raise ConfigError(
                "the precision fp16 must have a GPU, got none",
                code="bad-value",
                hint="take bf16 or fp32",
            )
        models = [
            new_model(
                recipe,
                task.head,
                task.options,
                seed=recipe.seed + number * _SEED_STEP,
                keeps_head=number == 0,
            )
            .to(crew.device)
            .train()
            for number in range(models_of(method))
        ]
        # Each process draws its own dropout and noise.
        torch.manual_seed(recipe.seed + crew.rank)
        weights = learning_weights(models)
        optimiser = _optimiser(list(weights.values()), recipe)
        return cls(
            task=task,
            tokenizer=tokenizer,
            models=models,
            method=method,
            recipe=recipe,
            crew=crew,
            weights=weights,
            optimiser=optimiser,
            schedule=_schedule(optimiser, max(1, round(recipe.warmup * total)), total),
            scaler=torch.amp.GradScaler(crew.device.type, enabled=recipe.precision == "fp16"),
            generator=torch.Generator().manual_seed(recipe.seed + crew.rank),
            total=total,
        )

    @property
    def rate(self) -> float:
        """Return the learning rate of the next step."""
        return float(self.optimiser.param_groups[0]["lr"])

    @property
    def may_overflow(self) -> bool:
        """Tell whether a step that is no number is left out, and a smaller scale tried next."""
        return self.scaler.is_enabled() and self.scaler.get_scale() >= 1

    def step(self, batch: Sequence[E], done: int) -> tuple[StepLosses, float]:
        """Learn from one batch; in half precision not from one whose gradient overflows.

        Args:
            batch: of all processes together.
            done: steps done before.

        Returns:
            What the method measured on this process's share, and the gradient's norm before it was
            clipped.
        """
        import torch

        losses = self._accumulate(self.crew.share(batch), done)
        weights = list(self.weights.values())
        self.crew.average_gradients(weights)
        self.scaler.unscale_(self.optimiser)
        norm = torch.nn.utils.clip_grad_norm_(weights, self.recipe.clip)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.schedule.step()
        self.optimiser.zero_grad()
        return losses, float(norm)

    def _accumulate(self, batch: Sequence[E], done: int) -> StepLosses:
        import torch

        types = {"bf16": torch.bfloat16, "fp16": torch.float16}
        # On a processor bf16 is slower than fp32: 2.0 against 1.5 s a step were measured.
        on_gpu = self.crew.device.type == "cuda"
        best = "bf16" if on_gpu else "fp32"
        precision = best if self.recipe.precision == "auto" else self.recipe.precision
        # Asked to scale something and not for its scale: the scaler is only then ready to unscale.
        one = self.scaler.scale(torch.ones((), device=self.crew.device))
        common = {
            "generator": self.generator,
            "autocast": types.get(precision),
            "scale": float(one),
        }
        steps = self.task.steps(self.models, batch, self.tokenizer, common)
        if isinstance(self.method, CoRegularisation):
            return self.method.accumulate(steps, done / self.total)
        return self.method.accumulate(steps[0])

    def state(self, *, whole: bool) -> dict[str, Any]:
        """Return all that changes while learning, or only the weights."""
        weights = {name: weight.detach().cpu() for name, weight in self.weights.items()}
        if not whole:
            return {"weights": weights}
        return {
            "weights": weights,
            "optimiser": self.optimiser.state_dict(),
            "schedule": {"last_epoch": self.schedule.last_epoch},
            "scaler": self.scaler.state_dict(),
            "noise": self.generator.get_state(),
            "random": random_state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to a state; the random generators too."""
        import torch

        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(state["weights"][name])
        if "optimiser" not in state:
            return
        self.optimiser.load_state_dict(state["optimiser"])
        self.schedule.last_epoch = state["schedule"]["last_epoch"]
        self.scaler.load_state_dict(state["scaler"])
        # The state is the leader's; the others go on with noise of their own.
        if self.crew.leads:
            self.generator.set_state(state["noise"])
            restore_random_state(state["random"])
        else:
            torch.manual_seed(self.recipe.seed + self.crew.rank + self.schedule.last_epoch)


def _optimiser(weights: Sequence[torch.nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    import torch

    groups = [
        {"params": [one for one in weights if one.dim() > 1], "weight_decay": recipe.weight_decay},
        {"params": [one for one in weights if one.dim() <= 1], "weight_decay": 0.0},
    ]
    filled = [group for group in groups if group["params"]]
    return torch.optim.AdamW(filled, lr=recipe.peak_rate)


def _schedule(
    optimiser: torch.optim.Optimizer, warm: int, total: int
) -> torch.optim.lr_scheduler.LRScheduler:
    import torch

    fall = max(total - warm, 1)
    return torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, (total - step) / fall)
    )
