"""Running a method over a project, so that every sentence's trace is kept as it is made.

A run can be left between two steps, by closing a page or by losing the machine, and is taken up
where it was left: what a step made is in the store before the next one begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from core.config import RunConfig
from core.errors import DataError
from core.overview.outcomes import STEP, CorpusWork, Progress
from core.overview.run_files import read_projections
from core.store.database import Store
from core.store.people import Actor, require
from core.store.projects import Item, Project, items
from core.store.runs import StoredRun, add_traces, begin_run, finish_run
from core.types import Projection
from core.workflow import Workflow


@dataclass(slots=True)
class RunWork:
    """A method being run over a project, step by step; make one with `RunWork.begin`.

    Attributes:
        store: where the traces go.
        run: as it is in the store.
        sentences: ids of the project's sentences, in corpus order.
        stored: how many of the first sentences the store has.
        work: what projects them.
    """

    store: Store
    run: StoredRun
    sentences: tuple[int, ...]
    stored: int
    work: CorpusWork

    @classmethod
    def begin(
        cls,
        store: Store,
        actor: Actor,
        project: Project,
        config: RunConfig,
        *,
        name: str = "",
        step: int | None = None,
    ) -> RunWork:
        """Begin a run, or take up the same one where it was left; nothing is projected yet.

        Args:
            store: where.
            actor: who runs it.
            project: over which.
            config: the method.
            name: of the run, unique in the project; empty takes the method's.
            step: pairs a step; None takes the usual number.

        Raises:
            ConfigError: the method cannot work.
            BackendError: a package is missing.
            DataError: the project has a sentence without its translation (code not-parallel).
            StoreError: only admins may (not-allowed); another run has this name (bad-value).
        """
        require(actor, "admin", "run a method over a project")
        workflow = Workflow.from_config(config)
        listed = items(store, project)
        _require_targets(listed)
        run, stored = begin_run(
            store,
            actor,
            project,
            name or config.method,
            config=workflow.config,
            signature=workflow.config.signature(corpus=project.corpus),
            labels=workflow.config.labels,
        )
        work = CorpusWork(workflow, [one.pair for one in listed], project.corpus, step or STEP)
        # An aligner that learns from the corpus has to see all of it again; what it makes of the
        # sentences that are stored is passed over.
        first = 0 if work.at_once else stored
        work.pairs = work.pairs[first:]
        made = cls(store, run, tuple(one.id for one in listed), stored, work)
        work.keep = partial(made._keep, first)
        return made

    @property
    def total(self) -> int:
        """Return how many sentences there are."""
        return len(self.sentences)

    @property
    def done(self) -> bool:
        """Tell whether every sentence's trace is stored."""
        return self.stored == self.total

    def advance(self) -> None:
        """Do one step; what came of it is in the store when this returns.

        Raises:
            SpanbridgeError: the method cannot run here, or the store fails. The step can be tried
                again. A sentence that fails is stored as failed.
        """
        if not self.done:
            self.work.advance()
        if self.done and not self.run.complete:
            finish_run(self.store, self.run)
            self.run = replace(self.run, complete=True)

    def result(self) -> StoredRun:
        """Return the run, complete or up to here, and free the models of the first stages."""
        self.work.close()
        return self.run

    def _keep(self, first: int, projections: Sequence[Projection]) -> None:
        """Store a step; `first` is the place of the first pair that is projected at all."""
        here = first + len(self.work.outcomes)
        new = projections[max(self.stored - here, 0) :]
        add_traces(self.store, self.run, self.sentences[self.stored : here + len(projections)], new)
        self.stored += len(new)


def run_project(
    store: Store,
    actor: Actor,
    project: Project,
    config: RunConfig,
    *,
    name: str = "",
    progress: Progress | None = None,
    step: int | None = None,
) -> StoredRun:
    """Run a method over all sentences of a project, and keep every trace.

    A run of the same name and method that was left half-way is taken up.

    Args:
        store: where.
        actor: who runs it.
        project: over which.
        config: the method.
        name: of the run, unique in the project; empty takes the method's.
        progress: called with (sentences done, all) after every step.
        step: pairs a step; None takes the usual number.

    Raises:
        SpanbridgeError: as `RunWork.begin` and `RunWork.advance`.
    """
    work = RunWork.begin(store, actor, project, config, name=name, step=step)
    try:
        while not work.run.complete:
            work.advance()
            if progress is not None:
                progress(work.stored, work.total)
    finally:
        run = work.result()
    return run


def import_run(
    store: Store, actor: Actor, project: Project, name: str, data: bytes, *, run_name: str = ""
) -> StoredRun:
    """Keep a run that was made elsewhere.

    Args:
        store: where.
        actor: who brings it.
        project: the same target sentences, in the same order.
        name: of the file; its ending helps to tell the format.
        data: content of the file: labelled target sentences in any format.
        run_name: what to call the run; empty takes the file's name.

    Raises:
        DataError: it cannot be read, or holds other sentences (code not-parallel).
        StoreError: only admins may (not-allowed); another run has this name (bad-value).
    """
    require(actor, "admin", "bring a run to a project")
    listed = items(store, project)
    projections = read_projections(data, name, [item.pair for item in listed])
    # The same file, begun and not finished, is taken up; another one is another run.
    signature = f"file:{name}|sha256:{sha256(data).hexdigest()[:16]}"
    run, stored = begin_run(
        store, actor, project, run_name or name, config=None, signature=signature
    )
    ids = [item.id for item in listed]
    add_traces(store, run, ids[stored:], projections[stored:])
    finish_run(store, run)
    return replace(run, complete=True)


def _require_targets(listed: Sequence[Item]) -> None:
    """Refuse sentences that are still to be translated: an answer is about words that stay."""
    for item in listed:
        if item.pair.source.words and not item.pair.target.words:
            raise DataError(
                f"a project's sentences must have their translation, got none for "
                f"{item.place + 1} {item.pair.id}".rstrip(),
                code="not-parallel",
                hint="translate first (`pipeline`), and make a project of the result",
            )
