"""A pair with two entities that compete for a word, and a method without a model."""

from __future__ import annotations

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.types import SentencePair
from tests.builders import pair, sentence

# “Bank of China” (ORG) and “China” (LOC): the target has one word for China.
SOURCE = sentence("Bank of China left China", "en", (0, 3, "ORG"), (4, 5, "LOC"))
TARGET = sentence("Die Bank von China verließ das Land", "de", (1, 4, "ORG"))
LINKS = "0-1 1-2 2-3 3-4 4-3"


def competing() -> SentencePair:
    """Return the pair; its links are carried under the name `given`."""
    return pair(SOURCE, TARGET, LINKS)


def by_links(*, min_score: float = 0.9, n: int = 1) -> RunConfig:
    """Return a method that decides from the links that came with the pair.

    With this least score the bank cannot leave its last word to the other entity.
    """
    return RunConfig(
        method="by_links",
        aligner=ComponentChoice(name="precomputed", parameters={"links": "given"}),
        candidates=(ComponentChoice(name="ngram", parameters={"max_len": 4}),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name="ilp", parameters={"min_score": min_score, "n": n}),
    )
