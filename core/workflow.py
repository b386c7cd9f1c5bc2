"""The whole way from a sentence of the target language to its entities.

translate into the source language → label there → a route back. The first two steps are left out
where the corpus brings the source sentence or its entities and the configuration names no
translator or labeller. Pairs whose target is still to be made go the other way (translate-train):
label → translate → project. Whatever holds a model frees it before the next stage begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.config import RunConfig
from core.errors import ConfigError
from core.labellers import LABELLERS, Labeller
from core.pipeline import Constraints
from core.routes import ROUTES, Route
from core.stages import Progress, free, no_report
from core.text.char_spans import sentence_from_text
from core.translators import TRANSLATORS, Translator
from core.types import Alignment, Projection, Sentence, SentencePair


@dataclass(frozen=True)
class Workflow:
    """A configured method with the steps before it; make one with `Workflow.from_config`."""

    config: RunConfig
    translator: Translator | None
    labeller: Labeller | None
    route: Route

    @classmethod
    def from_config(cls, config: RunConfig) -> Workflow:
        """Create every component and check that each gets what it needs.

        With a labeller and no choice of classes, the classes are those it can find: what it cannot
        find is no question to it.

        Raises:
            ConfigError: an unknown component or parameter, or a missing stage.
            BackendError: a package is missing.
        """
        translator = labeller = None
        if config.translator is not None:
            translator = TRANSLATORS.create(config.translator.name, config.translator.parameters)
        if config.labeller is not None:
            labeller = LABELLERS.create(config.labeller.name, config.labeller.parameters)
        if labeller is not None and config.labels is None:
            config = config.model_copy(update={"labels": labeller.classes() or None})
        route = ROUTES.create(config.route.name, config.route.parameters)
        route.check(config)
        return cls(config, translator, labeller, route)

    def run(
        self,
        pairs: Sequence[SentencePair],
        *,
        constraints: Mapping[str, Constraints] | None = None,
        alignments: Sequence[Alignment] | None = None,
        progress: Progress | None = None,
    ) -> list[Projection]:
        """Translate, label and project every pair.

        Args:
            pairs: target sentences, with source sentences and entities where no stage makes them.
            constraints: pins and bans by pair id.
            alignments: word links to use instead of the aligner's.
            progress: called as stages advance.

        Raises:
            ConfigError: a pair lacks what no stage makes (code missing-stage).
            BackendError: a model or program cannot be had.
        """
        report = progress or no_report
        if self.route.needs_source:
            pairs = self.prepare(pairs, report)
        return self.route.run(
            self.config, pairs, constraints=constraints, alignments=alignments, progress=report
        )

    def prepare(
        self, pairs: Sequence[SentencePair], report: Progress = no_report
    ) -> list[SentencePair]:
        """Give every pair a source sentence with entities.

        Raises:
            ConfigError: a pair lacks what no stage makes (code missing-stage).
            BackendError: a model or program cannot be had.
        """
        translated = self._translate(pairs, report)
        labelled = self._label(translated, report)
        return labelled if self.route.makes_target else self._translate_forward(labelled, report)

    def _translate(self, pairs: Sequence[SentencePair], report: Progress) -> list[SentencePair]:
        if self.translator is None:
            _require(
                all(pair.source.words or not pair.target.words for pair in pairs),
                "source sentences, which this corpus has not",
                "translator",
            )
            return list(pairs)
        # A pair that brings only its source is translated the other way, once it is labelled.
        wanted = [pair for pair in pairs if pair.target.words or not pair.source.words]
        made = iter(
            self._sentences(
                [(pair.target, pair.source.language, pair.source.id) for pair in wanted], report
            )
        )
        return [
            replace(pair, source=next(made), source_labelled=False, links={})
            if pair.target.words or not pair.source.words
            else pair
            for pair in pairs  # links of the corpus belong to the sentence that was there
        ]

    def _translate_forward(
        self, pairs: Sequence[SentencePair], report: Progress
    ) -> list[SentencePair]:
        """Make the targets that are still to be made; they have no gold."""
        wanted = [pair for pair in pairs if pair.source.words and not pair.target.words]
        if not wanted:
            return list(pairs)
        _require(self.translator is not None, "target sentences, which are not there", "translator")
        made = iter(
            self._sentences(
                [(pair.source, pair.target.language, pair.target.id) for pair in wanted], report
            )
        )
        return [
            replace(pair, target=next(made), has_gold=False, links={})
            if pair.source.words and not pair.target.words
            else pair
            for pair in pairs
        ]

    def _sentences(
        self, wanted: Sequence[tuple[Sentence, str, str]], report: Progress
    ) -> list[Sentence]:
        """Translate each sentence into the language beside it; the third is the result's id."""
        if self.translator is None:
            return []
        groups: dict[tuple[str, str], list[int]] = {}
        for place, (sentence, language, _) in enumerate(wanted):
            groups.setdefault((sentence.language, language), []).append(place)
        translations: dict[int, str] = {}
        report("translate", 0, len(wanted))
        for (source, target), places in groups.items():
            texts = [wanted[place][0].text for place in places]
            found = self.translator.translate(texts, source=source, target=target)
            translations.update(zip(places, found, strict=True))
            report("translate", len(translations), len(wanted))
        free(self.translator)
        return [
            sentence_from_text(translations[place], language, sentence_id=name)
            for place, (_, language, name) in enumerate(wanted)
        ]

    def _label(self, pairs: Sequence[SentencePair], report: Progress) -> list[SentencePair]:
        if self.labeller is None:
            _require(
                all(pair.source_labelled or not pair.source.words for pair in pairs),
                "entities in the source sentences, which have none yet",
                "labeller",
            )
            return list(pairs)
        report("label", 0, len(pairs))
        labellings = self.labeller.label(
            [pair.source for pair in pairs], lambda done, total: report("label", done, total)
        )
        if self.config.tagger != self.config.labeller:
            free(self.labeller)
        return [
            replace(
                pair,
                source=replace(pair.source, spans=one.spans),
                source_labelled=True,
                source_tags=one.tags,
            )
            for pair, one in zip(pairs, labellings, strict=True)
        ]


def _require(there: bool, what: str, stage: str) -> None:
    if not there:
        raise ConfigError(
            f"projection needs {what}", code="missing-stage", hint=f"add --{stage} NAME"
        )
