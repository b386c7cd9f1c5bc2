"""`evaluate --perturb`: a tagger on clean and perturbed test sets."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from core import __version__
from core.commands import Outcome
from core.commands._evaluate_options import (
    Settings,
    check_files,
    choose_perturbations,
    drop_cell,
    keep_folder,
    read_sentences,
    seeds_of,
    settings_of,
    tagger_of,
)
from core.commands.options import pairs_from
from core.commands.progress import ProgressBars
from core.errors import ConfigError, DataError
from core.evaluate.kept import keep_tagged
from core.evaluate.robustness import Examination, GoldSet, Robustness
from core.evaluate.spans import SpanScore
from core.perturbations import PERTURBATIONS


def examine_tagger(options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Tag every test set, clean and perturbed, and say what was lost.

    Raises:
        ConfigError: an unknown name or setting, or training that is missing.
        DataError: a file cannot be read or has no gold entities.
        BackendError: the tagger's model cannot be had.
    """
    settings, seeds = settings_of(options), seeds_of(options)
    tagger = tagger_of(options.tagger or "default", settings.model)
    training = read_sentences(options.train_file, options.source) if options.train_file else ()
    made, left_out = choose_perturbations(
        PERTURBATIONS, options.perturb, settings.perturbations, has_training=bool(training)
    )
    tests = _gold_sets(options)
    known = tagger.classes()  # a model that cannot be had shows before anything kept is removed
    labels = settings.labels or known or None
    folder = keep_folder(options)
    examination = Examination(
        tag=tagger.label,
        perturbations=made,
        training=training,
        seeds=seeds,
        labels=labels,
        keep=None if folder is None else partial(keep_tagged, folder),
    )
    found = {test.name: examination.run(test, bars.of(test.name)) for test in tests}
    tagger.release()
    data = {
        "signature": _signature(options, settings, labels, tests),
        "tagger": options.tagger or "default",
        "labels": None if labels is None else list(labels),
        "seeds": list(seeds),
        "left_out": left_out,
        "overall": _overall(list(found.values())),
        "sets": {name: one.as_dict() for name, one in found.items()},
    }
    return Outcome(data, "\n".join(_lines(data)))


def _gold_sets(options: argparse.Namespace) -> list[GoldSet]:
    """Read the test files, or take the targets of the named corpus."""
    if options.test:
        files = list(check_files(options.test))
        names = _distinct([file.name for file in files])
        found = [
            GoldSet(name, file.languages.context, read_sentences(file.path, file.languages.context))
            for name, file in zip(names, files, strict=True)
        ]
    else:
        if not (options.corpus or options.source_file):
            raise ConfigError(
                "a test set must be named, got none",
                code="bad-config",
                hint="--test es=FILE, or --corpus NAME --target LANGUAGE",
            )
        pairs = pairs_from(options).pairs
        sentences = tuple(one.target for one in pairs if one.has_gold)
        found = [GoldSet(pairs[0].target.language, pairs[0].target.language, sentences)]
    found = [replace(one, sentences=one.sentences[: options.limit]) for one in found]
    for one in found:
        if not any(sentence.spans for sentence in one.sentences):
            raise DataError(
                f"a test set must have gold entities, got none in {one.name}", code="missing-gold"
            )
    return found


def _distinct(names: Sequence[str]) -> list[str]:
    """Number names that stand twice: es, es.2."""
    return [
        name if names.index(name) == place else f"{name}.{names[: place + 1].count(name)}"
        for place, name in enumerate(names)
    ]


def _signature(
    options: argparse.Namespace,
    settings: Settings,
    labels: Sequence[str] | None,
    tests: Sequence[GoldSet],
) -> str:
    more = ",".join(f"{key}={value}" for key, value in sorted(settings.model.items()))
    changed = [
        f"{name}.{key}={value}"
        for name, own in sorted(settings.perturbations.items())
        for key, value in sorted(own.items())
    ]
    parts = {
        "metric": "strict",
        "tagger": (options.tagger or "default") + (f"({more})" if more else ""),
        "test": ",".join(options.test) or f"{options.corpus}/{tests[0].name}",
        "first": str(options.limit or ""),
        "train": "" if options.train_file is None else options.train_file.name,
        "perturb": options.perturb + (f"({','.join(changed)})" if changed else ""),
        "seeds": options.seeds,
        "labels": "all" if labels is None else ",".join(labels),
        "version": __version__,
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items() if value)


def _overall(found: Sequence[Robustness]) -> dict[str, Any]:
    """Add the counts of all sets up: micro scores over all of them, by perturbation and seed."""
    clean = sum(one.clean.counts.sum(axis=0) for one in found)
    perturbed: dict[str, dict[str, Any]] = {}
    for name, first in found[0].perturbed.items():
        perturbed[name] = {
            str(seed): _score(
                sum(one.perturbed[name].by_seed[seed].counts.sum(axis=0) for one in found)
            )
            for seed in first.by_seed
        }
    return {"clean": _score(clean), "perturbed": perturbed}


def _score(counts: Any) -> dict[str, float | int]:
    correct, predicted, support = (int(count) for count in counts)
    return SpanScore(correct, predicted, support).as_dict()


def _lines(data: Mapping[str, Any]) -> list[str]:
    lines = [data["signature"]]
    for name, one in data["sets"].items():
        clean = one["clean"]
        lines += ["", f"{name}: {clean['sentences']} sentences", *_clean_lines(clean)]
        if one["perturbed"]:
            lines.append(f"{'':14} {'F1':15} {'change':>7}")
        for perturbation, found in one["perturbed"].items():
            lines.append(f"{perturbation:14} {drop_cell(found, scale=100)}")
            notes = dict.fromkeys(
                note for score in found["by_seed"].values() for note in score["notes"]
            )
            lines += [f"{'':14} note: {note}" for note in notes]
    lines += [f"left out {name}: {reason}" for name, reason in data["left_out"].items()]
    return lines


def _clean_lines(clean: Mapping[str, Any]) -> list[str]:
    lines = [f"{'':14} {'F1':>6} {'precision':>10} {'recall':>7} {'support':>8}"]
    for label, score in {**clean["per_label"], "clean": clean["overall"]}.items():
        lines.append(
            f"{label:14} {100 * score['f1']:6.2f} {100 * score['precision']:10.2f} "
            f"{100 * score['recall']:7.2f} {score['support']:8d}"
        )
    overlap, calibration = clean["overlap"], clean["calibration"]
    if overlap is not None:
        lines.append(
            f"seen in training: {100 * overlap['share']:.1f} % of {overlap['mentions']} entities; "
            f"F1 {100 * overlap['seen_score']['f1']:.2f} on seen, "
            f"{100 * overlap['unseen_score']['f1']:.2f} on unseen"
        )
    if calibration is not None:
        lines.append(
            f"calibration error: words {calibration['words']['error']:.4f}, "
            f"entities {calibration['entities']['error']:.4f}"
        )
    return lines
