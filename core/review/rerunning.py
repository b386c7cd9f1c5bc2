"""Running a method again over a project with what was decided so far as pins and bans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from core.config import RunConfig
from core.overview.outcomes import STEP, Progress
from core.pipeline import Constraints
from core.review.drafts import solving_config
from core.review.learning import constraints_of
from core.store.answers import Answer, written
from core.store.database import Store
from core.store.people import Actor
from core.store.projects import Item, Project, items
from core.store.runs import (
    StoredRun,
    add_traces,
    begin_run,
    finish_run,
    load_projection,
    runs,
)
from core.types import Projection, SentencePair
from core.workflow import Workflow


def run_again(
    store: Store,
    actor: Actor,
    project: Project,
    base: StoredRun,
    config: RunConfig,
    answers: Mapping[int, Answer],
    *,
    name: str,
    progress: Progress | None = None,
) -> StoredRun:
    """Run a method with the accepted answers as pins and bans; the rest is free to move.

    Args:
        store: where.
        actor: who runs it.
        project: over which.
        base: run that was reviewed; its source sentences and entities are taken as they are.
        config: the method to run, such as a tuned one.
        answers: what stands, by place.
        name: of the new run.
        progress: called with (sentences done, all) after every step.

    Raises:
        SpanbridgeError: the method cannot run here, only admins may, or the name is in use. A
            sentence that fails is stored as failed.
    """
    asked = solving_config(config).model_copy(update={"labels": base.labels})
    workflow = Workflow.from_config(asked)
    decided = sha256("".join(written(answers[place]) for place in sorted(answers)).encode())
    signature = (
        f"{asked.signature(corpus=project.corpus)}|sources:{base.name}"
        f"|decisions:{decided.hexdigest()[:16]}"
    )
    run, stored = begin_run(
        store, actor, project, name, config=asked, signature=signature, labels=base.labels
    )
    listed = items(store, project)
    others = {one.id: one for one in runs(store, project) if one.id != base.id}
    for start in range(stored, len(listed), STEP):
        step = listed[start : start + STEP]
        before = [load_projection(store, base, item.id) for item in step]
        seen = {
            item.place: load_projection(store, others[answer.run], item.id).pair
            for item in step
            if (answer := answers.get(item.place)) is not None and answer.run in others
        }
        made = _step(workflow, step, before, answers, seen)
        add_traces(store, run, [item.id for item in step], made)
        if progress is not None:
            progress(start + len(step), len(listed))
    finish_run(store, run)
    return replace(run, complete=True)


def _step(
    workflow: Workflow,
    step: Sequence[Item],
    before: Sequence[Projection],
    answers: Mapping[int, Answer],
    seen: Mapping[int, SentencePair],
) -> list[Projection]:
    # Pairs of a corpus may share a name or have none; constraints are found by name.
    named = [replace(one.pair, id=str(item.place)) for item, one in zip(step, before, strict=True)]
    constraints: dict[str, Constraints] = {}
    for item, one in zip(step, before, strict=True):
        answer = answers.get(item.place)
        # Without entities of its own there is nothing that a pin could hold.
        if answer is not None and one.failure is None:
            found = constraints_of(one, answer, seen=seen.get(item.place))
            if found.pins or found.bans:
                constraints[str(item.place)] = found
    made = workflow.route.run(workflow.config, named, constraints=constraints)
    return [
        replace(one, pair=_renamed(one.pair, old.pair))
        for one, old in zip(made, before, strict=True)
    ]


def _renamed(pair: SentencePair, old: SentencePair) -> SentencePair:
    return replace(pair, id=old.id)
