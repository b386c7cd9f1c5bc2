"""The first stage at which two runs of a sentence part over one entity, read from both traces.

What comes before that stage is the same in both runs as far as this entity goes: its words, its
links, the spans it could have. Scores move a little with every word of the sentence; they part the
runs only where they turn the order of the spans round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from core.evaluate.evidence import Evidence
from core.explain import explain_rival
from core.overview._replay_places import Place
from core.overview._replay_runs import BothRuns, Subject
from core.overview._replay_scores import rival_of, scores_turned
from core.types import Sentence

Parting = Literal[
    "translation",  # the source sentences are two translations
    "labelling",  # the source entity is another one, or is found in one run only
    "marking",  # the marked translation back differs
    "alignment",  # other words are linked to the entity
    "candidates",  # the span of one run was not proposed in the other
    "scores",  # the entity's own scores turned the order of the spans round
    "matching",  # another entity, an option or the rule for ties decided otherwise
    "tagging",  # the tagger's own view of the target sentence decided otherwise
    "unknown",  # the traces do not tell
]
PARTINGS: tuple[Parting, ...] = get_args(Parting)
# More links in a sentence than these tell a reader nothing.
_MOST_LINKS = 4


@dataclass(frozen=True, slots=True)
class Parted:
    """A stage, why it is this one as a clause, and the score term that moved most, if one did."""

    stage: Parting
    reason: str
    term: str = ""


def part(runs: BothRuns, subject: Subject) -> Parted:
    """Find the first stage at which the runs part over what flipped."""
    if runs.source is None:
        return Parted("translation", "the perturbed sentence was translated in other words")
    if subject.clean_entity is None and subject.perturbed_entity is None:
        return _left_to_tagger(runs, "no source entity is behind it")
    return (
        _parted_in_labelling(runs, subject)
        or _parted_in_marking(runs)
        or _parted_in_alignment(runs, subject)
        or _parted_in_candidates(runs, subject)
        or _parted_in_scores(runs, subject)
        or _parted_in_matching(runs, subject)
    )


def _parted_in_labelling(runs: BothRuns, subject: Subject) -> Parted | None:
    one, other = subject.clean_entity, subject.perturbed_entity
    same = one is not None and runs.perturbed_entity(one) == other
    if same and one is not None and other is not None:
        old, new = runs.clean.entities[one].label, runs.perturbed.entities[other].label
        if old == new:
            return None
        name = runs.perturbed.source_text(other)
        return Parted("labelling", f"{name} is {old} in the clean run and {new} in the other")
    old, new = entity_text(runs.clean, one), entity_text(runs.perturbed, other)
    return Parted("labelling", f"the clean run has {old}, the other one has {new}")


def entity_text(evidence: Evidence, entity: int | None) -> str:
    """Name a source entity with its class, or say that there is none."""
    if entity is None:
        return "no such source entity"
    return f"{evidence.source_text(entity)} as {evidence.entities[entity].label}"


def _parted_in_marking(runs: BothRuns) -> Parted | None:
    if not marks_differ(runs):
        return None
    return Parted("marking", "the marked sentence came back from translation in other words")


def marks_differ(runs: BothRuns) -> bool:
    """Tell whether the marked translations back differ, where the method makes them."""
    marked = [one.projection.trace.marked for one in (runs.clean, runs.perturbed)]
    return _essence(marked[0]) != _essence(marked[1])


def _essence(sentence: Sentence | None) -> object:
    return None if sentence is None else (sentence.words, sentence.spans)


def _parted_in_alignment(runs: BothRuns, subject: Subject) -> Parted | None:
    one, other = subject.clean_entity, subject.perturbed_entity
    if one is None or other is None or runs.source is None:
        return None
    old, new = runs.clean_links(one), runs.perturbed_links(other)
    if old is None or new is None or old == new:
        return None
    words, target = runs.source, runs.target
    gone = _links_in_words(runs.clean, one, old - new, words.clean_units, target.clean_units)
    come = _links_in_words(
        runs.perturbed, other, new - old, words.perturbed_units, target.perturbed_units
    )
    told = [f"{verb} {links}" for verb, links in (("lost", gone), ("got", come)) if links]
    return Parted("alignment", f"its words {' and '.join(told)}")


def _links_in_words(
    evidence: Evidence,
    entity: int,
    wanted: Iterable[Place],
    source: Sequence[int],
    target: Sequence[int],
) -> str:
    """Write the links of an entity that are among these pairs of units."""
    pair, span, units = evidence.projection.pair, evidence.entities[entity], set(wanted)
    links = [
        f"{_word(pair.source, word)} – {_word(pair.target, other)}"
        for word in range(span.start, span.end)
        for other in sorted((evidence.links or {}).get(word, ()))
        if (source[word], target[other]) in units
    ]
    if not links:
        return ""
    more = len(links) - _MOST_LINKS
    told = ", ".join(links[:_MOST_LINKS]) + (f" and {more} more" if more > 0 else "")
    return f"the {'link' if len(links) == 1 else 'links'} {told}"


def _word(sentence: Sentence, word: int) -> str:
    """Quote a word; one that the sentence has more than once is told by its place."""
    again = sentence.words.count(sentence.words[word]) > 1
    return f"“{sentence.words[word]}”" + (f" (word {word + 1})" if again else "")


def links_differ(runs: BothRuns, subject: Subject) -> bool:
    """Tell whether other words are linked to the entity, its words counted one by one."""
    one, other = subject.clean_entity, subject.perturbed_entity
    if one is None or other is None:
        return False
    return runs.clean_links(one) != runs.perturbed_links(other)


def _parted_in_candidates(runs: BothRuns, subject: Subject) -> Parted | None:
    """Part where the span that one run took could not be taken in the other."""
    for span, there, evidence, run in (
        (subject.clean, runs.in_perturbed(subject.clean), runs.perturbed, "perturbed"),
        (subject.perturbed, runs.in_clean(subject.perturbed), runs.clean, "clean"),
    ):
        if span is None:
            continue
        taken_in = runs.perturbed if run == "clean" else runs.clean
        name = taken_in.target_text(span)
        if there is None:
            return Parted("candidates", f"{name} begins or ends inside of words that were replaced")
        if (runs.clean.columns or runs.perturbed.columns) and not evidence.is_candidate(there):
            return Parted("candidates", f"{name} was not proposed in the {run} run")
    return None


def _parted_in_scores(runs: BothRuns, subject: Subject) -> Parted | None:
    turned = scores_turned(runs, subject)
    return None if turned is None else Parted("scores", turned.reason, turned.term)


def _parted_in_matching(runs: BothRuns, subject: Subject) -> Parted:
    """Part where a rule stopped the span that scored best, in one of the runs."""
    stopped = rival_of(runs.perturbed, subject.perturbed_entity, runs.in_perturbed(subject.clean))
    if stopped is not None and subject.clean is not None:
        name = runs.clean.target_text(subject.clean)
        told = explain_rival(runs.perturbed.projection, stopped)
        new = stopped.entity is not None and runs.clean_entity(stopped.entity) is None
        more = ", which is no entity of the clean run" if new else ""
        return Parted("matching", f"{name} was stopped in the perturbed run: {told}{more}")
    freed = rival_of(runs.clean, subject.clean_entity, runs.in_clean(subject.perturbed))
    if freed is not None and subject.perturbed is not None:
        name = runs.perturbed.target_text(subject.perturbed)
        told = explain_rival(runs.clean.projection, freed)
        gone = freed.entity is not None and runs.perturbed_entity(freed.entity) is None
        more = ", which is no entity of the perturbed run" if gone else ""
        return Parted("matching", f"{name} was stopped in the clean run only: {told}{more}")
    if _is_voted(runs, subject):
        return _left_to_tagger(runs, "the projection alone decides as before")
    if runs.clean.projection.trace.scores is None:
        return Parted("unknown", "links and candidates are the same and no scores are recorded")
    return Parted("matching", "neither scores nor a constraint differ: the rule for ties decided")


def _is_voted(runs: BothRuns, subject: Subject) -> bool:
    """Tell whether the tagger had a vote: it overruled a decision, or made a span of its own."""
    sides = (
        (runs.clean, subject.clean, subject.clean_entity),
        (runs.perturbed, subject.perturbed, subject.perturbed_entity),
    )
    return any(
        (span is not None and evidence.entity_of(span) is None)
        or (
            entity is not None
            and any(one.reason == "outvoted" for one in evidence.decisions(entity))
        )
        for evidence, span, entity in sides
    )


def _left_to_tagger(runs: BothRuns, what: str) -> Parted:
    if tags_differ(runs):
        return Parted("tagging", f"{what}, and the tagger sees the target sentence otherwise")
    return Parted("unknown", f"{what}, and the traces do not say what differs")


def tags_differ(runs: BothRuns) -> bool:
    """Tell whether the tagger sees the target words otherwise, where the method asks it."""
    tags = [one.projection.trace.target_tags for one in (runs.clean, runs.perturbed)]
    if tags[0] is None or tags[1] is None:
        return tags[0] is not tags[1]
    same_size = tags[0].probabilities.shape == tags[1].probabilities.shape
    return not same_size or not np.allclose(tags[0].probabilities, tags[1].probabilities)
