"""Named projection methods: complete configurations to start from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError

DEFAULT = "default"

# docs/results.md says how `default` was chosen: on uner-pud and the demo corpus, not on Europarl.
_LONG_NGRAMS = ComponentChoice(name="ngram", parameters={"max_len": 20})
_TAGGER = ComponentChoice(name="default")
_METHODS = (
    RunConfig(
        method=DEFAULT,
        candidates=(_LONG_NGRAMS,),
        scores=(
            ScoreChoice(name="content"),
            ScoreChoice(name="emb", parameters={"linked_only": True}),
        ),
        projector=ComponentChoice(name="ilp", parameters={"min_score": 1.0}),
    ),
    RunConfig(
        method="ilp",
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name="ilp"),
    ),
    RunConfig(
        method="greedy",
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name="greedy"),
    ),
    RunConfig(method="heuristic", projector=ComponentChoice(name="heuristic")),
    RunConfig(
        method="model_transfer",
        tagger=_TAGGER,
        route=ComponentChoice(name="transfer"),
        projector=ComponentChoice(name="ilp"),
    ),
)
METHODS: Mapping[str, RunConfig] = MappingProxyType({m.method: m for m in _METHODS})

DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        DEFAULT: "content-word coverage and meaning, matched optimally",
        "ilp": "word links counted over all n-grams, matched optimally",
        "greedy": "word links counted over all n-grams, best pair first",
        "heuristic": "runs of linked words, merged over small gaps",
        "model_transfer": "the tagger straight on the target sentence: nothing is projected",
    }
)


def method(name: str) -> RunConfig:
    """Return a method's configuration.

    Raises:
        ConfigError: no such method (code unknown-name).
    """
    if name not in METHODS:
        raise ConfigError(
            f"the method must be one of {', '.join(METHODS)}, got {name!r}", code="unknown-name"
        )
    return METHODS[name]
