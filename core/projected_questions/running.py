"""A whole file of questions, context by context, with everything on disk that is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import DataError
from core.projected_questions import ProjectedContext
from core.projected_questions.carrying import Carrier, Cut
from core.projected_questions.journal import Journal, open_journal
from core.projected_questions.report import write_report
from core.projected_questions.translating import translate_each
from core.question_perturbations._squad_file import write_squad
from core.questions import Context
from core.stages import Progress, free, models_kept, no_report
from core.translators import Translator

BATCH = 16
"""Contexts translated at once: starting Apertium costs as much as translating two hundred texts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        contexts: of the source language, with questions.
        carrier: the method.
        translator: makes the translations.
        signature: names everything the result depends on.
        batch: contexts translated at once.
    """

    contexts: Sequence[Context]
    carrier: Carrier
    translator: Translator
    signature: str
    batch: int = BATCH


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it.

    Attributes:
        contexts: what became of every context that is done, in file order.
        finished: whether all are; if not, the next run goes on.
        earlier: how many an earlier run had done.
    """

    contexts: tuple[ProjectedContext, ...]
    finished: bool
    earlier: int = 0


def project_questions(
    plan: Plan,
    out: Path,
    report: Path | None = None,
    *,
    restart: bool = False,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Done:
    """Translate contexts and questions, project answers, write the result and the report.

    A run that was killed or stopped goes on where it was; at most the context in hand is lost.

    Args:
        plan: what to do.
        out: file to write in the form of SQuAD 1.1, once all is done.
        report: file for what became of every answer.
        restart: do not go on with what an earlier run has done.
        progress: called after each context.
        should_stop: asked before each context.

    Raises:
        ConfigError: languages the translator does not know, or a journal of another run.
        DataError: a file cannot be written, or not one answer was carried (code empty-corpus).
        BackendError: a model or program cannot be had.
    """
    say = progress or no_report
    with open_journal(out, plan.signature, restart=restart) as journal:
        earlier = len(journal.projected)
        with models_kept():
            finished = _run(plan, journal, say, should_stop)
        free(plan.translator)
        plan.carrier.release()
        done = tuple(journal.projected[place] for place in sorted(journal.projected))
        if finished:
            _write(plan, out, report, done)
            journal.remove()
    return Done(done, finished, earlier)


def _run(plan: Plan, journal: Journal, say: Progress, should_stop: Callable[[], bool]) -> bool:
    """Do what is left; tell whether all is done."""
    total = len(plan.contexts)
    # Fixed groups, whatever is done: Apertium's choice of words depends on the texts before.
    for first in range(0, total, plan.batch):
        group = range(first, min(first + plan.batch, total))
        left = [place for place in group if place not in journal.projected]
        if not left:
            continue
        if should_stop():
            return False
        cuts = {place: plan.carrier.cut(plan.contexts[place]) for place in group}
        _translate(plan, journal, cuts)
        for place in left:
            if should_stop():
                return False
            found = plan.carrier.carry(cuts[place], journal.translated[place])
            journal.keep_projection(place, found)
            say("questions", len(journal.projected), total)
    return True


def _translate(plan: Plan, journal: Journal, cuts: dict[int, Cut]) -> None:
    """Translate a group, unless an earlier run has."""
    missing = [
        place
        for place in cuts
        if place not in journal.translated and place not in journal.projected
    ]
    if not missing:
        return
    texts = {place: cut.texts() for place, cut in cuts.items()}
    flat = [text for own in texts.values() for text in own]
    found = iter(translate_each(plan.translator, flat, plan.carrier.request))
    for place, own in texts.items():
        made = [next(found) for _ in own]
        if place in missing:
            journal.keep_translations(place, made)


def _write(plan: Plan, out: Path, report: Path | None, done: Sequence[ProjectedContext]) -> None:
    if report is not None:
        write_report(report, plan.signature, done)
    contexts = [one.context for one in done if one.context is not None and one.context.questions]
    if not contexts:
        raise DataError(
            f"at least one of {sum(len(one.fates) for one in done)} answers must be carried over, "
            "got none",
            code="empty-corpus",
            hint="the report says why each was lost" if report else "add --report to see why",
        )
    write_squad(out, contexts)
