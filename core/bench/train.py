"""What a robust method costs: time of a training step against plain training, in one run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any, Literal

from core.config import ComponentChoice
from core.registry import describe_parameters
from core.text.tags import tag_names
from core.training.learner import Learner
from core.training.methods import AGREEMENT, make_method, method_names
from core.training.models import load_tokenizer
from core.training.ner import NerRecipe, NerTask
from core.types import Sentence

_PLAIN = "plain"
_SLACK = 0.3  # passes that FreeLB may cost beyond its K
_FGM_AT_MOST = 2.2


def bench_train(
    sentences: Sequence[Sentence],
    *,
    repeats: int,
    batch: int = 8,
    base: str = "bundled",
    weights: Literal["adapter", "full"] = "adapter",
) -> dict[str, Any]:
    """Time a step of every method on the same batches, in turns.

    Args:
        sentences: with gold spans.
        repeats: timed steps of each method, after one that is not timed.
        batch: sentences a step.
        base: the encoder.
        weights: what learns. Of an adapter's step the forward pass is a larger part.

    Returns:
        `ratios`: median over the repeats of a method's time by that of plain training next to it;
        `seconds`: median of a step; `targets` and whether they are `met`.

    Raises:
        BackendError: the encoder cannot be had.
    """
    recipe = NerRecipe(base=base, batch=batch, weights=weights, precision="fp32")
    task = NerTask([(sentences, 1.0)], tag_names(sentences), recipe)
    tokenizer = load_tokenizer(base)
    examples = task.parts(tokenizer)[0].examples
    batches = [examples[i : i + batch] for i in range(0, len(examples), batch)]
    total = (repeats + 1) * len(method_names()) + 1
    learners = _learners(task, tokenizer, recipe, total)
    times: dict[str, list[float]] = {name: [] for name in learners}
    for repeat in range(repeats + 1):
        for name, learner in learners.items():
            started = time.perf_counter()
            learner.step(batches[repeat % len(batches)], total - 1)
            if repeat:
                times[name].append(time.perf_counter() - started)
    ratios = {
        name: median(own / plain for own, plain in zip(found, times[_PLAIN], strict=True))
        for name, found in times.items()
    }
    steps = next(
        one.default for one in describe_parameters(_class("freelb")) if one.name == "steps"
    )
    targets = {"fgm": _FGM_AT_MOST, "freelb": float(steps or 0) + _SLACK}
    return {
        "ratios": {name: round(value, 3) for name, value in ratios.items()},
        "seconds": {name: round(median(found), 4) for name, found in times.items()},
        "targets": targets,
        "met": all(ratios[name] <= most for name, most in targets.items()),
        "weights": weights,
        "batch": batch,
        "repeats": repeats,
    }


def _class(name: str) -> type[Any]:
    return type(make_method(ComponentChoice(name=name)))


def _learners(
    task: NerTask, tokenizer: Any, recipe: NerRecipe, total: int
) -> dict[str, Learner[Any]]:
    """Return a learner a method; all but `agreement` share one model, plain training first."""
    plain = Learner.of(task, tokenizer, recipe, _method(_PLAIN), total)
    agreeing = Learner.of(task, tokenizer, recipe, _method(AGREEMENT), total)
    others = [name for name in method_names() if name not in (_PLAIN, AGREEMENT)]
    return {
        _PLAIN: plain,
        **{name: replace(plain, method=_method(name)) for name in others},
        AGREEMENT: agreeing,
    }


def _method(name: str) -> Any:
    return make_method(ComponentChoice(name=name))
