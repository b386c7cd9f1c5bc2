"""Entities that a model cannot have learnt by heart."""

from __future__ import annotations

from collections.abc import Sequence

from core.perturbations._editing import Edit, Fragment, Plan, fragment_of, generator
from core.types import Sentence

NO_TRAINING = "there are no training sentences"


class UnseenChunks:
    """The test entities that training lacks, by class.

    Args:
        sentences: test sentences.
        training: training sentences.
    """

    def __init__(self, sentences: Sequence[Sentence], training: Sequence[Sentence]) -> None:
        self.seen = {one.words_of(span) for one in training for span in one.spans}
        self.has_training = bool(training)
        found: dict[str, dict[tuple[str, ...], Fragment]] = {}
        for sentence in sentences:
            for span in sentence.spans:
                words = sentence.words_of(span)
                if words not in self.seen:
                    fragment = fragment_of(sentence, span.start, span.end)
                    found.setdefault(span.label, {}).setdefault(words, fragment)
        self.unseen = {
            label: tuple(chunks[words] for words in sorted(chunks))
            for label, chunks in found.items()
        }

    def plan(self, place: int, sentence: Sentence, seed: int) -> Plan:
        """Draw an unseen entity for each one that training has too."""
        rng = generator(seed, place)
        plan = Plan()
        if not self.has_training:
            plan.kept.append(NO_TRAINING)
            return plan
        for span in sentence.spans:
            if sentence.words_of(span) not in self.seen:
                plan.kept.append("training lacks its entities already")
                continue
            chunks = self.unseen.get(span.label, ())
            if not chunks:
                plan.kept.append(f"the test set has no {span.label} that training lacks")
                continue
            new = chunks[int(rng.integers(len(chunks)))]
            plan.edits.append(
                Edit(span.start, span.end, new, f"training has it too; a {span.label} it lacks")
            )
        if not sentence.spans:
            plan.kept.append("it has no entity")
        return plan
