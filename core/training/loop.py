"""The training loop: the same for every task and every method, and it can be cut off anywhere.

`transformers.Trainer` is not used: see `core.training.crew` for why its way of averaging gradients
does not fit methods of several passes. What else it would do (schedule, clipping, checkpoints,
early stopping) is here in few lines, and a resumed run is the unbroken one bit by bit on a CPU.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.errors import ConfigError
from core.training.checkpoints import Checkpoints, seed_everything
from core.training.learner import Learner, Task
from core.training.methods import Method
from core.training.models import load_tokenizer, save_model
from core.training.order import Order, Sized
from core.training.recipe import Recipe
from core.training.watching import Watcher

E = TypeVar("E", bound=Sized)
Judge = Callable[[Any, Any, Callable[[int, int], None]], Mapping[str, float]]
"""Measures (model, tokenizer) on held-out data, says how far it is; the first value chooses."""

_LOG_EVERY = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was measured on held-out data.

    Attributes:
        update: steps done.
        epoch: epochs begun, from 1.
        loss: mean over the steps since the judgement before.
        values: of the judge.
        is_best: whether it is the best so far.
    """

    update: int
    epoch: int
    loss: float
    values: dict[str, float]
    is_best: bool


@dataclass(frozen=True, slots=True)
class Trained:
    """How a training ended.

    Attributes:
        updates: steps done.
        total: steps there were to do.
        best: the value that chose the weights; None where nothing was measured.
        judgements: all of them.
        is_stopped: whether it was asked to stop and has more to do.
        cut: sentences or questions that were too long and lost their tail.
    """

    updates: int
    total: int
    best: float | None
    judgements: tuple[Judgement, ...]
    is_stopped: bool
    cut: int


Keeping = Callable[[Trained], None]
"""Called whenever a model was written, with how far the training is."""


@dataclass(slots=True)
class _Place:
    """How far a run is: all that is not in models and optimiser."""

    update: int = 0
    judged: int = 0
    best: float | None = None
    waited: int = 0
    loss_sum: float = 0.0
    loss_count: int = 0
    judgements: list[dict[str, Any]] = field(default_factory=list)


class _StoppedError(Exception):
    """Somebody asked the run to stop while it was judged."""


def train(
    task: Task[E],
    recipe: Recipe,
    method: Method,
    *,
    folder: Path,
    judge: Judge | None,
    watcher: Watcher,
    checkpoints: Checkpoints | None = None,
    resume: bool = False,
    fingerprint: str = "",
    keeping: Keeping | None = None,
) -> Trained:
    """Train and keep the weights that the judge likes best, or the last ones without a judge.

    Args:
        task: what is learnt, with its data.
        recipe: how.
        method: makes the gradients.
        folder: for the model, complete after each best judgement.
        judge: measures the model every `judge_every` steps and at the end.
        watcher: is told of it all, and may stop it.
        checkpoints: where to go on from; None writes none.
        resume: go on from the last checkpoint, if there is one.
        fingerprint: of data and recipe; a checkpoint of another one is refused.
        keeping: called after each best judgement, when the model is written.

    Raises:
        BackendError: no such base model.
        ConfigError: the checkpoint is of another training, the loss is no number, or there is
            nothing to learn from (code bad-config, bad-value).
        StoreError: a checkpoint cannot be written or read.
    """
    seed_everything(recipe.seed)
    tokenizer = load_tokenizer(recipe.base)
    order = Order(task.parts(tokenizer), recipe.batch, recipe.seed)
    if not order.per_epoch:
        raise ConfigError("training must have examples, got none", code="bad-value")
    total = recipe.updates or recipe.epochs * order.per_epoch
    learner = Learner.of(task, tokenizer, recipe, method, total)
    run = _Run(learner, order, folder, judge, watcher, checkpoints, fingerprint, keeping)
    if checkpoints is not None:
        run.begin(checkpoints, resume=resume)
    return run.go()


@dataclass
class _Run(Generic[E]):
    learner: Learner[E]
    order: Order[E]
    folder: Path
    judge: Judge | None
    watcher: Watcher
    checkpoints: Checkpoints | None
    fingerprint: str
    keeping: Keeping | None
    place: _Place = field(default_factory=_Place)

    def begin(self, checkpoints: Checkpoints, *, resume: bool) -> None:
        found = checkpoints.load() if resume else None
        if found is None:
            if self.learner.crew.leads:
                checkpoints.clear()
            return
        if found["fingerprint"] != self.fingerprint:
            raise ConfigError(
                "a checkpoint must be of the same data and recipe, got one of others in "
                f"{checkpoints.folder}",
                code="bad-config",
                hint="begin anew, without --resume",
            )
        self.learner.restore(found)
        self.place = _Place(**found["place"])

    def go(self) -> Trained:
        while True:
            try:
                if self._is_due():
                    self._judge()
            except _StoppedError:
                return self._stop()
            if self._is_over():
                return self._finish()
            if self.learner.crew.agree(self.watcher.should_stop()):
                return self._stop()
            self._step()
            if self.place.update % self.learner.recipe.save_every == 0:
                self._save()

    @property
    def _between(self) -> int:
        return self.learner.recipe.judge_every or self.order.per_epoch

    def _is_due(self) -> bool:
        place = self.place
        at_border = place.update % self._between == 0 or place.update == self.learner.total
        return at_border and place.judged < place.update

    def _is_over(self) -> bool:
        patience = self.learner.recipe.patience
        return self.place.update >= self.learner.total or 0 < patience <= self.place.waited

    def _step(self) -> None:
        place, begun = self.place, time.perf_counter()
        rate = self.learner.rate
        losses, norm = self.learner.step(self.order.at(place.update), place.update)
        place.update += 1
        if math.isfinite(losses.total) and math.isfinite(norm):
            place.loss_sum += losses.total
            place.loss_count += 1
        elif not self.learner.may_overflow:
            raise ConfigError(
                "the loss and its gradient must be numbers, got "
                f"{losses.total} and one of norm {norm} after step {place.update}",
                code="bad-value",
                hint="take a lower learning rate or another precision",
            )
        if not self.learner.crew.leads:
            return
        self.watcher.progress("train", place.update, self.learner.total)
        if place.update % _LOG_EVERY == 0 or place.update in (1, self.learner.total):
            values = {"loss": losses.total, "robust": losses.robust}
            if not math.isnan(losses.clean):  # not every method makes a clean pass
                values["clean_loss"] = losses.clean
            values |= {"learning_rate": rate, "gradient_norm": norm}
            values["epoch"] = place.update / self.order.per_epoch
            values["seconds_per_update"] = time.perf_counter() - begun
            self.watcher.metrics(place.update, values)

    def _judge(self) -> None:
        place, crew = self.place, self.learner.crew
        values = crew.agree(self._measured() if crew.leads else None)
        if values is None:
            raise _StoppedError
        chosen = next(iter(values.values()), None)
        is_best = chosen is None or place.best is None or chosen > place.best
        judgement = Judgement(
            update=place.update,
            epoch=-(-place.update // self.order.per_epoch),
            loss=place.loss_sum / max(place.loss_count, 1),
            values=values,
            is_best=is_best,
        )
        place.judgements.append(asdict(judgement))
        place.judged = place.update
        place.waited = 0 if is_best else place.waited + 1
        place.loss_sum, place.loss_count = 0.0, 0
        if is_best:
            place.best = chosen
            self._keep()
        if crew.leads:
            self.watcher.metrics(place.update, values)
        self._save()

    def _measured(self) -> dict[str, float] | None:
        """Judge the first model; None where the run was asked to stop meanwhile."""
        if self.judge is None:
            return {}
        model = self.learner.models[0]
        model.eval()
        try:
            return dict(self.judge(model, self.learner.tokenizer, self._tell))
        except _StoppedError:
            return None
        finally:
            model.train()

    def _tell(self, done: int, total: int) -> None:
        self.watcher.progress("judge", done, total)
        if self.watcher.should_stop():
            raise _StoppedError

    def _keep(self) -> None:
        """Write the model as it is now, for use."""
        learner = self.learner
        if learner.crew.leads:
            described = learner.task.described
            save_model(learner.models[0], learner.tokenizer, self.folder, learner.recipe, described)
            if self.keeping is not None:
                self.keeping(self._trained(is_stopped=False))

    def _save(self, *, whole: bool = True) -> None:
        if self.checkpoints is None or not self.learner.crew.leads:
            return
        state = self.learner.state(whole=whole)
        state |= {"place": asdict(self.place), "fingerprint": self.fingerprint}
        # The last one is for looking at: without the optimiser it takes a third of the room.
        self.checkpoints.save(self.place.update, state, keep=2 if whole else 1)

    def _stop(self) -> Trained:
        self._save()
        return self._trained(is_stopped=True)

    def _finish(self) -> Trained:
        self._save(whole=False)
        return self._trained(is_stopped=False)

    def _trained(self, *, is_stopped: bool) -> Trained:
        place = self.place
        return Trained(
            updates=place.update,
            total=self.learner.total,
            best=place.best,
            judgements=tuple(Judgement(**one) for one in place.judgements),
            is_stopped=is_stopped,
            cut=sum(part.cut for part in self.order.parts),
        )
