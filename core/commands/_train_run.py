"""Doing what `train` was asked for: in this process, perhaps as the command of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

from core import __version__
from core.commands._train_data import TrainingData
from core.encoders.tagger import word_probabilities
from core.errors import ConfigError
from core.evaluate.qa import mean_score, score_each
from core.evaluate.spans import score_spans
from core.jobs import JobContext
from core.jobs._whole import told, write_object
from core.questions import all_questions
from core.text.tagging import decode
from core.text.tags import tag_names
from core.training.answering import Answerer
from core.training.checkpoints import Checkpoints
from core.training.loop import Judge, Keeping, Trained, train
from core.training.memory import keep_freed_memory
from core.training.methods import make_method
from core.training.models import base_tags
from core.training.ner import NerRecipe, NerTask, as_windowed
from core.training.qa import QaRecipe, QaTask
from core.training.spec import TrainingSpec
from core.training.watching import Shown, Watcher
from core.types import Sentence, WordTags

MODEL, CONFIG = "model", "config.json"
_RECORD, _CHECKPOINTS = "training.json", "checkpoints"
_PACKAGES = ("torch", "transformers", "peft", "accelerate", "numpy", "tokenizers")
_BATCH_SUBWORDS = 512


@dataclass(frozen=True)
class Places:
    """Where a run writes.

    Attributes:
        model: the folder that is loaded afterwards.
        record: file that says how the model came about.
        checkpoints: where to go on from.
    """

    model: Path
    record: Path
    checkpoints: Checkpoints


@dataclass(frozen=True)
class Ended:
    """How a run ended: where the model is, what was measured, and how long it took."""

    places: Places
    trained: Trained
    seconds: float


def places_of(out: Path | None, job: JobContext | None) -> Places:
    """Return where to write.

    Raises:
        ConfigError: no folder was named, and this is no run (code bad-value).
    """
    if job is not None:
        record = job.artefacts / CONFIG
        return Places(out or job.artefacts / MODEL, record, Checkpoints(job.checkpoints))
    if out is None:
        raise ConfigError(
            "a folder to write must be given, got none",
            code="bad-value",
            hint="--out FOLDER, or --detach for a run with a folder of its own",
        )
    return Places(out, out / _RECORD, Checkpoints(out / _CHECKPOINTS))


def run_training(
    spec: TrainingSpec,
    read: Callable[[], TrainingData],
    out: Path | None,
    bars: Callable[[str, int, int], None],
    *,
    resume: bool,
) -> tuple[Ended, TrainingData]:
    """Train, as the command of a run where this process is one.

    Args:
        spec: what is asked for.
        read: reads its data; called when the heartbeat is there already.
        out: folder for the model.
        bars: shows a person how far it is.
        resume: go on from the last checkpoint.

    Raises:
        SpanbridgeError: data, base model, or folder cannot be used.
    """
    job = JobContext.current()
    started = time.perf_counter()
    keep_freed_memory()  # this process does nothing else
    with nullcontext() if job is None else job:
        places = places_of(out, job)
        watcher: Watcher = Shown(bars) if job is None else job
        watcher.progress("read", 0, 1)
        data = read()
        if out is not None:
            _make_folder(out)
        trained = train(
            _task(spec, data),
            spec.recipe,
            make_method(spec.method),
            folder=places.model,
            judge=_judge(spec, data),
            watcher=watcher,
            checkpoints=places.checkpoints,
            resume=resume or (job is not None and job.resuming),
            fingerprint=spec.fingerprint(data.hashes),
            keeping=_recording(places.record, _record(spec, data)),
        )
        # A run keeps its last weights, and so does who may want to go on or compare.
        if job is None and not (trained.is_stopped or resume):
            places.checkpoints.clear()
    return Ended(places, trained, time.perf_counter() - started), data


def _make_folder(folder: Path) -> None:
    """Make the folder for a model, so that one that cannot be shows before any work.

    Raises:
        StoreError: it cannot be made.
    """
    with told(folder, what="the folder for the model", hints={}):
        folder.mkdir(parents=True, exist_ok=True)


def _record(spec: TrainingSpec, data: TrainingData) -> dict[str, Any]:
    """Say how a model comes about: configuration, data, seed, versions."""
    return {
        "config": spec.config(),
        "words": list(spec.words()),
        "seed": spec.recipe.seed,
        "data_sha256": data.hashes,
        "examples": data.examples,
        "skipped": data.skipped,
        "code_version": __version__,
        "code_commit": _commit(),
        "packages": {"python": python_version(), **{one: _version(one) for one in _PACKAGES}},
    }


def _recording(path: Path, record: Mapping[str, Any]) -> Keeping:
    """Write the record with each model: until there is one, that of an earlier model stays."""

    def write(trained: Trained) -> None:
        write_object(path, {**record, "cut_examples": trained.cut})

    return write


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    """Return git's name of the code, or nothing where it is no checkout."""
    folder = Path(__file__).parents[2] / ".git"
    try:
        head = (folder / "HEAD").read_text(encoding="ascii").strip()
        name = head.removeprefix("ref: ")
        return head if name == head else (folder / name).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def tags_to_learn(base: str, data: TrainingData) -> tuple[str, ...]:
    """Return the tags of all sentences to learn from, or those of a base that has them all."""
    found = tag_names([sentence for part, _ in data.sentences for sentence in part])
    known = base_tags(base)
    return known if set(found) <= set(known) else found


def _task(spec: TrainingSpec, data: TrainingData) -> Any:
    recipe = spec.recipe
    if isinstance(recipe, QaRecipe):
        return QaTask(data.contexts, recipe)
    if not isinstance(recipe, NerRecipe):
        msg = f"a recipe must be one of a task, got {recipe!r}"
        raise TypeError(msg)
    return NerTask(data.sentences, tags_to_learn(recipe.base, data), recipe)


def _judge(spec: TrainingSpec, data: TrainingData) -> Judge | None:
    if isinstance(spec.recipe, QaRecipe):
        return _answers_judge(spec.recipe, data) if data.dev_contexts else None
    if not data.dev_sentences:
        return None
    return _tags_judge(data.dev_sentences, tags_to_learn(spec.recipe.base, data))


def _tags_judge(sentences: list[Sentence], tags: tuple[str, ...]) -> Judge:
    """Measure the strict span F1."""

    def judge(model: Any, tokenizer: Any, tell: Callable[[int, int], None]) -> Mapping[str, float]:
        windowed = as_windowed(model, tokenizer, len(tags))
        predicted = [
            decode(WordTags(tags, word_probabilities(one)))
            for one in windowed.encode(sentences, _BATCH_SUBWORDS, tell)
        ]
        score = score_spans([sentence.spans for sentence in sentences], predicted).overall
        values = {"f1": score.f1, "precision": score.precision, "recall": score.recall}
        return {f"dev_{name}": float(value) for name, value in values.items()}

    return judge


def _answers_judge(recipe: QaRecipe, data: TrainingData) -> Judge:
    """Measure token F1 and exact match as MLQA does, as shares of 1."""

    def judge(model: Any, tokenizer: Any, tell: Callable[[int, int], None]) -> Mapping[str, float]:
        answerer = Answerer(model, tokenizer, recipe.windows)
        scores = [
            one
            for contexts, language in data.dev_contexts
            for one in score_each(
                all_questions(contexts), answerer.answer(contexts, progress=tell), language
            )
        ]
        score = mean_score(scores)
        return {"dev_f1": score.f1 / 100, "dev_exact_match": score.exact_match / 100}

    return judge
