"""Quality of a translation against a reference.

Paper: Popović 2015, chrF, WMT; computed by sacrebleu.
Departs: none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.types import SentencePair


@dataclass(frozen=True, slots=True)
class TranslationQuality:
    """Corpus chrF.

    Attributes:
        chrf: 0 to 100, higher is better.
        sentences: how many it is over.
        signature: sacrebleu's own, which names version and parameters.
    """

    chrf: float
    sentences: int
    signature: str

    def as_dict(self) -> dict[str, float | int | str]:
        """Return the score, ready for JSON."""
        return {"chrf": self.chrf, "sentences": self.sentences, "signature": self.signature}


def translation_quality(
    reference: Sequence[SentencePair], translated: Sequence[SentencePair]
) -> TranslationQuality | None:
    """Compare the source sentences of two versions of a corpus.

    Args:
        reference: the corpus as it came.
        translated: the same pairs, their sources made by a translator.

    Returns:
        The score over the pairs that came with a source sentence; None where none did.
    """
    both = [
        (one.source.text, other.source.text)
        for one, other in zip(reference, translated, strict=True)
        if one.source.words
    ]
    if not both:
        return None
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    references, hypotheses = zip(*both, strict=True)
    score = metric.corpus_score(list(hypotheses), [list(references)])
    return TranslationQuality(float(score.score), len(both), str(metric.get_signature()))
