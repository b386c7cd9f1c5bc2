"""What was reviewed, as sentences to train on or to hand over, and the way back in from a file.

An answer counts once it is nobody's draft: in a shared project that is what stands, and where
several answer independently what they agree on, or what an admin decided after them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from core.overview.outcomes import CorpusRun, SentenceOutcome
from core.review.importing import ImportResult, import_answers
from core.review.starting import name_of
from core.store.answers import DONE, NO_ANSWER, Answer, Status, check_answer
from core.store.database import Store
from core.store.decisions import SHARED, State, log_of_project
from core.store.people import Actor
from core.store.projects import Item, Project, items
from core.types import Alignment, Link, Sentence, SentencePair, Span
from core.whatif.edits import Edits, check_edits

__all__ = [
    "LINKS",
    "ImportResult",
    "decision_records",
    "disputed",
    "final_states",
    "import_answers",
    "may_read",
    "reviewed_pairs",
    "reviewed_sentences",
]

LINKS = "reviewed"
"""The name under which reviewed pairs carry their links."""
_ACCEPTED: tuple[Status, ...] = ("accepted",)


def final_states(project: Project, states: Sequence[State]) -> dict[int, State]:
    """Return the answer that counts, by id of the sentence.

    Args:
        project: says how many answers a sentence wants.
        states: of all tracks.

    Returns:
        The shared track's answer; without one, where several answer independently, the one that all
        who are done agree on, once they are enough. Sentences with neither are not there. Two who
        reject a sentence agree, whatever spans they left in it.
    """
    final: dict[int, State] = {}
    for sentence, shared, done in _by_sentence(project, states):
        if shared is not None:
            final[sentence] = shared
        elif _enough(project, done) and _agree(done):
            final[sentence] = done[0]
    return final


def disputed(project: Project, states: Sequence[State]) -> list[int]:
    """Return the ids of sentences that enough people have done, and not alike, ascending.

    Args:
        project: says how many answers a sentence wants.
        states: of all tracks; what has been decided for all is not in dispute any more.
    """
    return [
        sentence
        for sentence, shared, done in _by_sentence(project, states)
        if shared is None and _enough(project, done) and not _agree(done)
    ]


def _by_sentence(
    project: Project, states: Sequence[State]
) -> list[tuple[int, State | None, list[State]]]:
    """Group states: the shared one, if anything was said there, and those who are done."""
    ordered = sorted(states, key=lambda one: (one.sentence, one.track))
    found = []
    for sentence, group in groupby(ordered, key=lambda one: one.sentence):
        tracks = list(group)
        shared = [one for one in tracks if one.track == SHARED and one.version]
        if project.reviewers > 1:  # what was taken back there leaves the reviewers' word
            shared = [one for one in shared if one.answer.status != "open"]
        done = [one for one in tracks if one.track != SHARED and one.answer.status in DONE]
        found.append((sentence, shared[0] if shared else None, done))
    return found


def _enough(project: Project, done: Sequence[State]) -> bool:
    return project.reviewers > 1 and len(done) >= project.reviewers


def _agree(done: Sequence[State]) -> bool:
    said = {
        (one.answer.status, one.answer.plain_spans if one.answer.status == "accepted" else ())
        for one in done
    }
    return len(said) == 1


def reviewed_sentences(
    items: Sequence[Item],
    final: Mapping[int, State],
    *,
    statuses: Collection[Status] = _ACCEPTED,
    fill: CorpusRun | None = None,
) -> list[Sentence]:
    """Return target sentences with the answers' spans, in corpus order.

    Args:
        items: of the project.
        final: the answer that counts, by id.
        statuses: of the answers to take.
        fill: run whose spans sentences get that nobody has decided on; a sentence that failed in it
            is left out, never given as one without entities.

    Raises:
        DataError: an answer does not fit its sentence (code bad-annotation).
    """
    found = []
    for item in items:
        spans = _spans(item, final, statuses, fill)
        if spans is not None:
            found.append(replace(item.pair.target, spans=spans, id=name_of(item)))
    return found


def reviewed_pairs(
    items: Sequence[Item],
    final: Mapping[int, State],
    *,
    statuses: Collection[Status] = _ACCEPTED,
    fill: CorpusRun | None = None,
    run: CorpusRun | None = None,
    runs: Mapping[int, CorpusRun] | None = None,
) -> list[SentencePair]:
    """Return pairs with the answers' spans in the target and their entities in the source.

    What a reviewer changed is about the links and source entities of the run that the answer starts
    from. Where that run is given, the pair has its links, under the name `reviewed`.

    Args:
        items: of the project.
        final: the answer that counts, by id.
        statuses: of the answers to take.
        fill: as in `reviewed_sentences`.
        run: stands in where an answer's run is not given; None takes `fill`, else the corpus's own
            source sentences and links.
        runs: by their ids in the store.

    Raises:
        DataError: an answer does not fit its sentence, or its changes not the run's (code
            bad-annotation).
    """
    known = runs or {}
    found = []
    for item in items:
        spans = _spans(item, final, statuses, fill)
        if spans is None:
            continue
        state = final.get(item.id)
        answer = None if state is None or state.answer.status not in statuses else state.answer
        own = None if answer is None else known.get(answer.run or 0)
        pair = _pair(item, answer, _outcome(item, own or run or fill))
        target = replace(item.pair.target, spans=spans, id=name_of(item))
        found.append(replace(pair, target=target, id=name_of(item), has_gold=answer is not None))
    return found


def _spans(
    item: Item,
    final: Mapping[int, State],
    statuses: Collection[Status],
    fill: CorpusRun | None,
) -> tuple[Span, ...] | None:
    """Return the spans a sentence goes out with; None where it does not go out."""
    state = final.get(item.id)
    if state is not None and state.answer.status in statuses:
        check_answer(state.answer, item.pair.target)
        return state.answer.plain_spans
    if state is not None and state.answer.status != "open":
        return None
    outcome = _outcome(item, fill)
    return None if outcome is None or outcome.failure is not None else outcome.spans


def _outcome(item: Item, run: CorpusRun | None) -> SentenceOutcome | None:
    if run is None or item.place >= len(run.outcomes):
        return None
    return run.outcomes[item.place]


def _pair(item: Item, answer: Answer | None, outcome: SentenceOutcome | None) -> SentencePair:
    """Return a pair with the answer's source entities, and the run's links as the answer has them.

    A run may have translated or labelled the source; the answer's changes are about that one.
    """
    edits = (answer or NO_ANSWER).edits
    if outcome is None:  # links, pins and bans are about a run that is not there
        check_edits(Edits(entities=edits.entities), item.pair)
        return edits.pair(item.pair)
    bare = replace(item.pair, source=outcome.pair.source)
    check_edits(edits, bare)
    pair = edits.pair(bare)
    own = () if outcome.links is None else outcome.links
    links = edits.links(Alignment(tuple(Link(int(one), int(other)) for one, other in own))).links
    return replace(pair, links={LINKS: links} if links or outcome.links is not None else {})


def may_read(actor: Actor | None, project: Project, track: str) -> bool:
    """Tell whether somebody may read a track: not what others say who answer independently.

    Args:
        actor: who; None as long as nobody has said.
        project: says how many answer a sentence.
        track: the shared one, or a reviewer's name.
    """
    if project.reviewers == 1 or track == SHARED:
        return True
    return actor is not None and (actor.may("admin") or track == actor.name)


def decision_records(
    store: Store, actor: Actor | None, project: Project, *, until: int | None = None
) -> list[dict[str, Any]]:
    """Return the log as records, ready for JSON, oldest first: who, when, what, on which version.

    Args:
        store: where.
        actor: who reads it; tracks that they may not read are left out.
        project: the project.
        until: the last decision to return.
    """
    places = {item.id: item for item in items(store, project)}
    return [
        {
            "decision": one.id,
            "number": places[one.sentence].place + 1,
            "id": name_of(places[one.sentence]),
            "track": one.track,
            "version": one.version,
            "kind": one.kind,
            "reviewer": one.reviewer,
            "at": one.at,
            "batch": one.batch,
            "undoes": one.undoes,
            "answer": one.answer.as_dict(),
        }
        for one in log_of_project(store, project, until=until)
        if may_read(actor, project, one.track)
    ]
