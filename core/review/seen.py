"""Answers beside the pairs as they were seen: by the run that each of them starts from.

Runs of a project may find other source entities, or be asked for some classes only. The numbers
that an answer gives its entities are those of its own run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from core.overview.outcomes import CorpusRun
from core.review.reviewed import reviewed_pairs
from core.review.starting import main_run, started
from core.store.answers import NO_ANSWER, Answer, Status
from core.store.database import Store
from core.store.decisions import State
from core.store.projects import Item, Project
from core.store.runs import StoredRun, load_run, runs
from core.types import SentencePair


def runs_behind(store: Store, project: Project, answers: Iterable[Answer]) -> dict[int, CorpusRun]:
    """Return the runs that answers start from, by their ids in the store."""
    used = {answer.run for answer in answers}
    return {run.id: load_run(store, run) for run in runs(store, project) if run.id in used}


def pair_seen(
    item: Item, answer: Answer, known: Mapping[int, CorpusRun], main: int | None
) -> SentencePair:
    """Return a pair as the run has it that an answer starts from; arguments as for `seen`."""
    run = known.get(answer.run or 0, None if main is None else known[main])
    return item.pair if run is None else run.outcomes[item.place].pair


def seen(
    items: Sequence[Item],
    said: Mapping[int, Answer],
    known: Mapping[int, CorpusRun],
    main: int | None,
) -> tuple[list[SentencePair], dict[int, Answer]]:
    """Return what stands for every sentence, each beside the pair that it is about.

    Args:
        items: of the project, in corpus order.
        said: answers of one track, by id of the sentence.
        known: runs by their ids in the store.
        main: the run whose answer stands where nobody has said anything, and whose pair stands in
            where an answer's own run is not known; None leaves the project's own.

    Returns:
        The pairs in corpus order, and the answers by place.
    """
    pairs: list[SentencePair] = []
    answers: dict[int, Answer] = {}
    for item in items:
        answer = said.get(item.id, NO_ANSWER)
        if main is not None:
            answer = started(answer, known[main].outcomes[item.place], main)
        pairs.append(pair_seen(item, answer, known, main))
        answers[item.place] = answer
    return pairs, answers


def linked_pairs(
    store: Store,
    project: Project,
    items: Sequence[Item],
    final: Mapping[int, State],
    *,
    statuses: Collection[Status],
    fill: StoredRun | None = None,
    links: StoredRun | None = None,
) -> list[SentencePair]:
    """Return what was reviewed as pairs, with word links and source entities of the answers' runs.

    Args:
        store: where.
        project: the project.
        items: its sentences.
        final: the answer that counts, by id.
        statuses: of the answers to take.
        fill: run whose answer sentences get that nobody has decided on.
        links: run whose links an answer gets that starts from none; None takes `fill`, else the
            run that is reviewed.

    Raises:
        DataError: an answer does not fit its sentence, or its changes not the run's (code
            bad-annotation).
    """
    behind = runs_behind(store, project, (state.answer for state in final.values()))

    def outcomes(run: StoredRun | None) -> CorpusRun | None:
        return None if run is None else behind.get(run.id) or load_run(store, run)

    filling = outcomes(fill)
    links = links or fill or main_run(runs(store, project))
    other = filling if links == fill else outcomes(links)
    return reviewed_pairs(items, final, statuses=statuses, fill=filling, run=other, runs=behind)
