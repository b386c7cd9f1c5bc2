"""One flipped entity followed through the stages, the clean run beside the perturbed one.

Every cell is told from the trace of its run; nothing is computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.evaluate.evidence import Evidence
from core.explain import explain_decision
from core.overview._replay_attack import Side
from core.overview._replay_places import Place
from core.overview._replay_runs import BothRuns, Subject
from core.overview._replay_stages import (
    Parting,
    entity_text,
    links_differ,
    marks_differ,
    tags_differ,
)
from core.perturbations import Change
from core.text.brackets import to_brackets
from core.types import Candidate, Sentence, Span

StepState = Literal["changed", "same", "differs", "parts"]
# A tagger's opinion that is less probable than this says nothing of a word.
_LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Step:
    """What both runs have at one stage.

    Attributes:
        name: of the stage, for people.
        clean: what the clean run has.
        perturbed: what the perturbed run has.
        state: `changed` by the perturbation, the `same`, it `differs`, or here the runs `part`.
    """

    name: str
    clean: str
    perturbed: str
    state: StepState


def steps(
    runs: BothRuns,
    subject: Subject,
    stage: Parting,
    changes: Sequence[Change],
    *,
    side: Side,
) -> tuple[Step, ...]:
    """Follow what flipped from the changed words to the span that came out.

    Args:
        runs: both runs of the sentence.
        subject: what flipped.
        stage: where the runs part.
        changes: of the sentence.
        side: the side that was changed.
    """
    told = _Told(runs, subject, stage)
    rows = [
        _changed(runs, changes, side),
        *told.source(),
        told.step("labelling", "Source entity", _entity),
        *told.marked(),
        *told.links(),
        *told.candidates(),
        *told.scores(),
        *told.decision(),
        *told.tags(),
        told.outcome(),
    ]
    return tuple(rows)


def _changed(runs: BothRuns, changes: Sequence[Change], side: Side) -> Step:
    before, after = (
        one.projection.pair.source if side == "source" else one.projection.pair.target
        for one in (runs.clean, runs.perturbed)
    )
    return Step(
        f"Changed words of the {side}",
        _quoted(before, [(one.start, one.end) for one in changes]),
        _quoted(after, [(one.new_start, one.new_end) for one in changes]),
        "changed",
    )


def _quoted(sentence: Sentence, places: Sequence[Place]) -> str:
    return ", ".join(f"“{sentence.text_of(Candidate(*place))}”" for place in places) or "none"


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes the rows of one flip."""

    runs: BothRuns
    subject: Subject
    stage: Parting

    def step(
        self,
        stage: Parting,
        name: str,
        tell: Callable[[Evidence, int | None], str],
        *,
        differs: bool | None = None,
    ) -> Step:
        """Tell both runs' side; without more they differ where what is told does."""
        clean = tell(self.runs.clean, self.subject.clean_entity)
        perturbed = tell(self.runs.perturbed, self.subject.perturbed_entity)
        state: StepState = "same"
        if stage == self.stage:
            state = "parts"
        elif clean != perturbed if differs is None else differs:
            state = "differs"
        return Step(name, clean, perturbed, state)

    def source(self) -> list[Step]:
        """Tell the source sentences where they are two translations."""
        if self.runs.source is not None:
            return []
        return [self.step("translation", "Translation", _source_text)]

    def marked(self) -> list[Step]:
        """Tell the marked translations back where the method makes them."""
        if not self._has(lambda one: one.projection.trace.marked):
            return []
        return [
            self.step("marking", "Marked translation", _marked, differs=marks_differ(self.runs))
        ]

    def links(self) -> list[Step]:
        if not self._has(lambda one: one.projection.trace.alignment):
            return []
        differs = links_differ(self.runs, self.subject)
        return [self.step("alignment", "Links", _links, differs=differs)]

    def candidates(self) -> list[Step]:
        """Tell whether the span of either run was proposed, and its rank by score."""
        if not self._has(lambda one: one.columns):
            return []
        return [self._of_spans("candidates", "Candidates", _rank)]

    def scores(self) -> list[Step]:
        if not self._has(lambda one: one.projection.trace.scores):
            return []
        return [self._of_spans("scores", "Scores", _score)]

    def decision(self) -> list[Step]:
        if not self._has(lambda one: one.projection.decisions):
            return []
        return [self.step("matching", "Decision", _decisions)]

    def tags(self) -> list[Step]:
        """Tell what the tagger thinks of the words of either span."""
        if not self._has(lambda one: one.projection.trace.target_tags):
            return []
        return [
            self._of_spans(
                "tagging",
                "Tagger on the target",
                lambda evidence, _, span: _tags(evidence, span),
                differs=tags_differ(self.runs),
            )
        ]

    def outcome(self) -> Step:
        """Tell the spans that came out."""
        clean = _span_text(self.runs.clean, self.subject.clean)
        perturbed = _span_text(self.runs.perturbed, self.subject.perturbed)
        return Step("Target entity", clean, perturbed, "differs")

    def _has(self, part: Callable[[Evidence], object]) -> bool:
        return any(bool(_there(part(one))) for one in (self.runs.clean, self.runs.perturbed))

    def _of_spans(
        self,
        stage: Parting,
        name: str,
        tell: Callable[[Evidence, int | None, Span], str],
        *,
        differs: bool | None = None,
    ) -> Step:
        """Tell something of the span of each run, in both runs."""
        runs, subject = self.runs, self.subject
        clean = _distinct(subject.clean, runs.in_clean(subject.perturbed))
        perturbed = _distinct(runs.in_perturbed(subject.clean), subject.perturbed)
        told = {
            id(runs.clean): [tell(runs.clean, subject.clean_entity, one) for one in clean],
            id(runs.perturbed): [
                tell(runs.perturbed, subject.perturbed_entity, one) for one in perturbed
            ],
        }
        return self.step(
            stage, name, lambda evidence, _: "; ".join(told[id(evidence)]), differs=differs
        )


def _there(value: object) -> bool:
    """Tell whether a part of a trace is there and not empty."""
    return value is not None and value != () and value != {}


def _distinct(*spans: Span | None) -> list[Span]:
    """Return the spans that are there, each place once."""
    found = {(span.start, span.end): span for span in spans if span is not None}
    return list(found.values())


def _source_text(evidence: Evidence, _: int | None) -> str:
    return f"“{evidence.projection.pair.source.text}”"


def _entity(evidence: Evidence, entity: int | None) -> str:
    if entity is None and not evidence.projection.decisions and not evidence.entities:
        return "no source entity"
    return entity_text(evidence, entity)


def _marked(evidence: Evidence, _: int | None) -> str:
    marked: Sentence | None = evidence.projection.trace.marked
    return "none" if marked is None else to_brackets(marked)


def _links(evidence: Evidence, entity: int | None) -> str:
    if entity is None:
        return ""
    span, source = evidence.entities[entity], evidence.projection.pair.source
    told = [
        f"“{source.words[word]}” – {evidence.target_words(evidence.links[word])}"
        for word in range(span.start, span.end)
        if evidence.links and evidence.links.get(word)
    ]
    return ", ".join(told) or "none of its words is linked"


def _rank(evidence: Evidence, entity: int | None, span: Span) -> str:
    name = evidence.target_text(span)
    if not evidence.is_candidate(span):
        return f"{name} is not among the {len(evidence.columns)} proposed"
    score = None if entity is None else evidence.score(entity, span)
    scores = evidence.projection.trace.scores
    if scores is None or score is None or entity is None:
        return f"{name} is among the {len(evidence.columns)} proposed"
    row = scores.total[evidence.rows[entity]]
    return f"{name} ranks {int((row > score).sum()) + 1} of {len(row)}"


def _score(evidence: Evidence, entity: int | None, span: Span) -> str:
    name = evidence.target_text(span)
    score = None if entity is None else evidence.score(entity, span)
    scores = evidence.projection.trace.scores
    if score is None or entity is None or scores is None:
        return f"{name} has no score"
    terms = [
        f"{'' if scores.weights[term] == 1 else f'{scores.weights[term]:g} × '}{term} {value:.2f}"
        for term, value in evidence.terms(entity, span).items()
    ]
    return f"{name} {score:.2f} = {' + '.join(terms)}"


def _decisions(evidence: Evidence, entity: int | None) -> str:
    told = () if entity is None else evidence.decisions(entity)
    return " ".join(explain_decision(evidence.projection, one) for one in told)


def _tags(evidence: Evidence, span: Span) -> str:
    tags = evidence.projection.trace.target_tags
    if tags is None:
        return ""
    words = evidence.projection.pair.target.words
    return ", ".join(
        f"“{words[word]}” {_opinion(tags.tags, tags.probabilities[word].tolist())}"
        for word in range(span.start, span.end)
    )


def _opinion(tags: Sequence[str], shares: Sequence[float]) -> str:
    best = sorted(zip(shares, tags, strict=True), reverse=True)[:2]
    return " ".join(f"{tag} {share:.2f}" for share, tag in best if share >= _LEAST_SHARE)


def _span_text(evidence: Evidence, span: Span | None) -> str:
    return "none" if span is None else f"{evidence.target_text(span)} as {span.label}"
