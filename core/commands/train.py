"""`train`: train a tagger. `train --out assets/tagger` makes the bundled one anew."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from core.commands import Outcome
from core.commands.progress import ProgressBars
from core.config import parse_settings
from core.corpora import FORMATS, guess_format
from core.datasets import require_file
from core.encoders.tagger import word_probabilities
from core.encoders.windowed import WindowedModel
from core.errors import DataError
from core.evaluate.spans import score_spans
from core.registry import build
from core.text.tagging import decode
from core.training.ner import NerRecipe, tag_names, train_ner
from core.types import Sentence, WordTags

_EWT = "uner/English-EWT/en_ewt-ud-{}.iob2"
_TRAIN, _DEV = _EWT.format("train.first-commit-cleaned"), _EWT.format("dev")
_BATCH_SUBWORDS = 512


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--train-file", type=Path, help="labelled sentences (default: UNER English-EWT)"
    )
    parser.add_argument(
        "--dev-file", type=Path, help="labelled sentences that choose the best epoch"
    )
    parser.add_argument("--language", default="en", help="their language (default: en)")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="folder to write, such as assets/tagger",
    )
    parser.add_argument("--limit", type=int, help="take only the first N training sentences")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change the recipe, such as epochs=3, rank=8, base=FOLDER; may be repeated",
    )


def run(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Train, keep the best epoch, and say how good it is.

    Raises:
        ConfigError: a recipe that cannot be.
        DataError: a file cannot be read or has no entity.
        BackendError: the base model cannot be had.
    """
    recipe = build(NerRecipe, parse_settings(options.set), what="recipe")
    train = _read(options.train_file or require_file(_TRAIN), options.language)
    dev = _read(options.dev_file or require_file(_DEV), options.language)
    epochs: list[dict[str, float]] = []

    def report(epoch: int, loss: float, value: float) -> None:
        epochs.append({"epoch": epoch, "loss": round(loss, 4), "dev_f1": round(value, 4)})
        bars("train", epoch, recipe.epochs)

    started = time.perf_counter()
    train = train[: options.limit]
    tags = tag_names(train)
    best = train_ner(
        train,
        recipe,
        judge=lambda model: _span_f1(model, dev, tags),
        folder=options.out,
        report=report,
    )
    data = {
        "out": str(options.out),
        "sentences": len(train),
        "dev_f1": round(best, 4),
        "epochs": epochs,
        "seconds": round(time.perf_counter() - started, 1),
    }
    lines = [f"epoch {one['epoch']}: loss {one['loss']}, dev F1 {one['dev_f1']}" for one in epochs]
    lines.append(f"best dev F1 {data['dev_f1']}; {data['seconds']} s; written to {options.out}")
    return Outcome(data, "\n".join(lines))


def _read(path: Path, language: str) -> list[Sentence]:
    choice = guess_format(path)
    found = FORMATS.create(choice.name, choice.parameters).read(path, language)
    if not any(sentence.spans for sentence in found):
        raise DataError(
            "a file to train on must have labelled entities, got none",
            code="missing-gold",
            path=str(path),
        )
    return found


def _span_f1(model: WindowedModel, sentences: Sequence[Sentence], tags: tuple[str, ...]) -> float:
    """Return the strict span F1 of a model on labelled sentences."""
    predicted = [
        decode(WordTags(tags, word_probabilities(one)))
        for one in model.encode(sentences, _BATCH_SUBWORDS)
    ]
    return score_spans([sentence.spans for sentence in sentences], predicted).overall.f1
