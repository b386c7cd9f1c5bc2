"""One context: its answers projected onto its translation, one entity at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.config import RunConfig
from core.errors import ConfigError, SpanbridgeError
from core.pipeline import Inputs, Pipeline
from core.projected_questions import LABEL, AnswerFate, ProjectedContext, Request
from core.projected_questions.translating import Translated
from core.projected_questions.units import (
    PlacedAnswer,
    Unit,
    cut_context,
    join_units,
    place_answer,
    unit_sentences,
    units_with_answers,
)
from core.questions import Answer, Context, Question
from core.routes import ROUTES
from core.stages import free
from core.text.char_spans import sentence_from_text
from core.types import DecisionReason, Projection, Sentence, SentencePair

_NO_WORD: DecisionReason = "no-candidate"
# Routes that project onto the translation that is there.
_ROUTES = ("direct", "backtranslation")


@dataclass(frozen=True, slots=True)
class Cut:
    """A context as it is translated: its units."""

    context: Context
    units: tuple[Unit, ...]

    def texts(self) -> list[str]:
        """Return what must be translated: the units, then the questions."""
        return [*(one.text for one in self.units), *(one.text for one in self.context.questions)]


@dataclass(frozen=True)
class Carrier:
    """Projects the answers of contexts; make one with `Carrier.from_config`."""

    config: RunConfig
    request: Request
    pipeline: Pipeline

    @classmethod
    def from_config(cls, config: RunConfig, request: Request) -> Carrier:
        """Create every component and check that the method can carry answers.

        Raises:
            ConfigError: a method that needs a tagger, makes its own translation, or must see the
                whole corpus at once (code bad-config); or components that do not fit.
            BackendError: a package is missing.
        """
        config = config.model_copy(update={"labels": None, "labeller": None})
        if config.route.name not in _ROUTES:
            raise _cannot(f"the route must be one of {', '.join(_ROUTES)}", config.route.name)
        pipeline = Pipeline.from_config(config)
        if pipeline.tagger is not None:
            raise _cannot("no tagger may have a say: it knows no answers", str(config.tagger))
        if pipeline.aligner.corpus_level:
            raise _cannot(
                "the aligner must align a sentence by itself: contexts are done one after another",
                config.aligner.name,
            )
        ROUTES.create(config.route.name, config.route.parameters).check(config)
        return cls(config, request, pipeline)

    def cut(self, context: Context) -> Cut:
        """Cut a context into what is translated at once."""
        return Cut(context, cut_context(context, self.request.source))

    def carry(self, cut: Cut, translated: Sequence[Translated]) -> ProjectedContext:
        """Project every answer of a context.

        Args:
            cut: the context.
            translated: of `cut.texts()`, in order.

        Returns:
            The context in the target language and what became of every answer.
        """
        units = translated[: len(cut.units)]
        questions = dict(
            zip((one.id for one in cut.context.questions), translated[len(units) :], strict=True)
        )
        texts = [one for one in units if isinstance(one, str)]
        if len(texts) < len(units):
            error = next(one for one in units if isinstance(one, SpanbridgeError))
            return ProjectedContext(None, tuple(_lost_all(cut.context, "translate", error)))
        text, starts = join_units(cut.context.text, cut.units, texts, self.request.target)
        fates = _Fates(cut, text, starts, questions, self._projections(cut, texts))
        return fates.gather()

    def release(self) -> None:
        """Free the models."""
        free(self.pipeline.encoder, *(score for _, _, score in self.pipeline.scores))

    def _projections(self, cut: Cut, texts: Sequence[str]) -> _Placed:
        """Project each distinct stretch once; a sentence is encoded and aligned once."""
        wanted = sorted(units_with_answers(cut.context, cut.units))
        sentences: list[Sentence | None] = [None] * len(cut.units)
        pairs: list[SentencePair] = []
        found = unit_sentences([cut.units[place] for place in wanted], self.request.source)
        for place, sentence in zip(wanted, found, strict=True):
            sentences[place] = sentence
            target = sentence_from_text(texts[place], self.request.target)
            pairs.append(SentencePair(sentence, target, id=str(place), has_gold=False))
        places = {
            answer: place_answer(answer, cut.units, sentences)
            for question in cut.context.questions
            for answer in question.answers
        }
        distinct = sorted(
            {(one.unit, one.start, one.end) for one in places.values() if one is not None}
        )
        units = dict(zip(wanted, pairs, strict=True))
        pairs_with_answer = [
            (units[unit], PlacedAnswer(unit, start, end, widened=False))
            for unit, start, end in distinct
        ]
        return _Placed(
            places, dict(zip(distinct, self._project(pairs, pairs_with_answer), strict=True))
        )

    def _project(
        self, pairs: Sequence[SentencePair], wanted: Sequence[tuple[SentencePair, PlacedAnswer]]
    ) -> list[Projection]:
        if self.config.route.name == "direct":
            prepared = {one.pair.id: one for one in self.pipeline.prepare(pairs)}
            return [
                self.pipeline.decide(_with_answer(prepared[pair.id], place))
                for pair, place in wanted
            ]
        route = ROUTES.create(self.config.route.name, self.config.route.parameters)
        return route.run(self.config, [_labelled(pair, place) for pair, place in wanted])


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where answers stand, and the projection of every distinct stretch."""

    places: Mapping[Answer, PlacedAnswer | None]
    projections: Mapping[tuple[int, int, int], Projection]


@dataclass(frozen=True, slots=True)
class _Fates:
    """Puts projections together to questions in the target language."""

    cut: Cut
    text: str
    starts: Sequence[int]
    questions: Mapping[str, Translated]
    placed: _Placed

    def gather(self) -> ProjectedContext:
        fates: list[AnswerFate] = []
        kept: list[Question] = []
        for question in self.cut.context.questions:
            translated = self.questions[question.id]
            if isinstance(translated, SpanbridgeError):
                fates += _lost_question(question, "question", translated)
                continue
            own = [self._fate(question, place) for place in range(len(question.answers))]
            fates += own
            answers = tuple(
                Answer(one.text, one.new_char_start)
                for one in own
                if one.new_char_start is not None
            )
            if answers:
                kept.append(Question(question.id, translated, answers))
        context = Context(self.text, tuple(kept), self.cut.context.title)
        return ProjectedContext(context, tuple(fates))

    def _fate(self, question: Question, place: int) -> AnswerFate:
        answer = question.answers[place]
        bare = AnswerFate(question.id, place, answer.text, answer.char_start)
        where = self.placed.places[answer]
        if where is None:
            return replace(bare, stage="match", code=_NO_WORD, message="it covers no word")
        projection = self.placed.projections[where.unit, where.start, where.end]
        if projection.failure is not None:
            failure = projection.failure
            return replace(bare, stage=failure.stage, code=failure.code, message=failure.message)
        return _decided(bare, projection, where, self.starts[where.unit])


def _decided(
    bare: AnswerFate, projection: Projection, where: PlacedAnswer, unit_start: int
) -> AnswerFate:
    chosen = [(one.candidate, one) for one in projection.decisions if one.candidate is not None]
    if not chosen:
        return replace(bare, stage="decide", code=projection.decisions[0].reason)
    candidate, decision = max(chosen, key=lambda item: len(item[0]))
    target = projection.pair.target
    notes = ["widened to whole words"] if where.widened else []
    notes += [f"the longest of {len(chosen)} spans"] if len(chosen) > 1 else []
    return replace(
        bare,
        text=target.text_of(candidate),
        new_char_start=unit_start + target.char_offsets[candidate.start][0],
        code=decision.reason,
        message="; ".join(notes),
        score=round(decision.score, 6),
        margin=round(decision.margin, 6),
    )


def _labelled(pair: SentencePair, place: PlacedAnswer) -> SentencePair:
    return replace(pair, source=replace(pair.source, spans=(place.span(LABEL),)))


def _with_answer(inputs: Inputs, place: PlacedAnswer) -> Inputs:
    return replace(inputs, pair=_labelled(inputs.pair, place))


def _lost_all(context: Context, stage: str, error: SpanbridgeError) -> list[AnswerFate]:
    return [
        fate for question in context.questions for fate in _lost_question(question, stage, error)
    ]


def _lost_question(question: Question, stage: str, error: SpanbridgeError) -> list[AnswerFate]:
    return [
        AnswerFate(
            question.id,
            place,
            answer.text,
            answer.char_start,
            stage=stage,
            code=error.code,
            message=error.message,
        )
        for place, answer in enumerate(question.answers)
    ]


def _cannot(needed: str, got: str) -> ConfigError:
    return ConfigError(
        f"to carry answers {needed}, got {got}",
        code="bad-config",
        hint="take --method default, ilp, greedy or heuristic",
    )
