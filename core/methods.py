"""Named projection methods: complete configurations to start from.

Three kinds: our own, the systems of published tables, and those a user saved.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError, DataError
from core.published import PUBLISHED
from core.text.files import write_lines

DEFAULT = "default"
VARIABLE = "SPANBRIDGE_METHODS"
"""Environment variable that names the folder of a user's own methods."""
_NAME = re.compile(r"[A-Za-z0-9][\w-]{0,63}")
# Ending of a method's file.
_FILE = ".json"

# docs/results.md says how `default` was chosen: on uner-pud and the demo corpus, not on Europarl.
_LONG_NGRAMS = ComponentChoice(name="ngram", parameters={"max_len": 20})
_TAGGER = ComponentChoice(name="default")
_MEANING = (
    ScoreChoice(name="content"),
    ScoreChoice(name="emb", parameters={"linked_only": True}),
)
_METHODS = (
    RunConfig(
        method=DEFAULT,
        candidates=(_LONG_NGRAMS,),
        scores=_MEANING,
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
        method="ilp_ner",
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="ner"),),
        tagger=_TAGGER,
        projector=ComponentChoice(name="ilp"),
    ),
    RunConfig(
        method="fused",
        candidates=(_LONG_NGRAMS,),
        scores=(*_MEANING, ScoreChoice(name="ner_span")),
        tagger=_TAGGER,
        projector=ComponentChoice(name="ilp", parameters={"min_score": 1.0}),
    ),
    RunConfig(
        method="markers",
        route=ComponentChoice(name="markers"),
        projector=ComponentChoice(name="ilp"),
    ),
    RunConfig(
        method="backtranslation",
        candidates=(_LONG_NGRAMS,),
        scores=_MEANING,
        route=ComponentChoice(name="backtranslation"),
        projector=ComponentChoice(name="ilp", parameters={"min_score": 1.0}),
    ),
    RunConfig(
        method="backtranslation_published",
        candidates=(_LONG_NGRAMS,),
        scores=_MEANING,
        route=ComponentChoice(name="backtranslation", parameters={"variant": "published"}),
        projector=ComponentChoice(name="ilp", parameters={"min_score": 1.0}),
    ),
    RunConfig(
        method="ensemble",
        candidates=(_LONG_NGRAMS,),
        scores=_MEANING,
        tagger=_TAGGER,
        route=ComponentChoice(name="ensemble"),
        projector=ComponentChoice(name="ilp", parameters={"min_score": 1.0}),
    ),
    RunConfig(
        method="model_transfer",
        tagger=_TAGGER,
        route=ComponentChoice(name="transfer"),
        projector=ComponentChoice(name="ilp"),
    ),
)
METHODS: Mapping[str, RunConfig] = MappingProxyType(
    {config.method: config for config in (*_METHODS, *(config for config, _ in PUBLISHED))}
)

DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        DEFAULT: "content-word coverage and meaning, matched optimally",
        "ilp": "word links counted over all n-grams, matched optimally",
        "greedy": "word links counted over all n-grams, best pair first",
        "heuristic": "runs of linked words, merged over small gaps",
        "ilp_ner": "the tagger's probabilities over all n-grams, matched optimally",
        "fused": "as default, and how sure the tagger is that the span is an entity",
        "markers": "entities marked before translation and found again behind it",
        "backtranslation": "as default, and from the marked translation back what that leaves out",
        "backtranslation_published": "as default, only from the marked translation back",
        "ensemble": "mean of the default projection and the tagger on the target sentence",
        "model_transfer": "the tagger straight on the target sentence: nothing is projected",
        **{config.method: description for config, description in PUBLISHED},
    }
)


@dataclass(frozen=True, slots=True)
class NamedMethod:
    """A method and what a list says of it."""

    config: RunConfig
    description: str


def named_methods() -> dict[str, NamedMethod]:
    """Return every method by name, the built-in ones first.

    Raises:
        ConfigError: a saved one cannot be read (code bad-config); the message names it.
    """
    built_in = {name: NamedMethod(METHODS[name], DESCRIPTIONS[name]) for name in METHODS}
    return {**built_in, **saved_methods()}


def method_signatures() -> dict[str, str]:
    """Return the signature of every named method; of saved ones only if all of them can be read."""
    saved: Mapping[str, NamedMethod] = {}
    with suppress(ConfigError):
        saved = saved_methods()
    configs = {**METHODS, **{name: one.config for name, one in saved.items()}}
    return {name: config.signature() for name, config in configs.items()}


def method(name: str) -> RunConfig:
    """Return a method's configuration; a user's own methods come last.

    Args:
        name: of a method, or a file that holds one: what `save_method` wrote, or a `run.json`.

    Raises:
        ConfigError: no such method (code unknown-name), or a saved one that cannot be read
            (bad-config).
    """
    if name in METHODS:
        return METHODS[name]
    if name.endswith(_FILE):
        return _read(Path(name)).config
    saved = saved_methods()
    if name not in saved:
        raise ConfigError(
            f"the method must be one of {', '.join([*METHODS, *saved])}, got {name!r}",
            code="unknown-name",
        )
    return saved[name].config


def methods_folder() -> Path:
    """Return where a user's own methods are kept."""
    named = os.environ.get(VARIABLE)
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(named).expanduser() if named else Path(home, "spanbridge", "methods")


def saved_methods() -> dict[str, NamedMethod]:
    """Read the methods a user saved, by name.

    Raises:
        ConfigError: a file that is no method (code bad-config); the message names it.
    """
    folder = methods_folder()
    return {path.stem: _read(path) for path in sorted(folder.glob(f"*{_FILE}"))}


def save_method(config: RunConfig, name: str, description: str) -> Path:
    """Keep a configuration under a name, the whole file or nothing.

    Raises:
        ConfigError: the name is taken by a built-in method or cannot be a file's (bad-value).
        DataError: the file cannot be written (code file-not-writable).
    """
    if name in METHODS or not _NAME.fullmatch(name):
        raise ConfigError(
            "a method's name must be letters, digits, - and _ and none of the built-in ones, "
            f"got {name!r}",
            code="bad-value",
        )
    renamed = config.model_copy(update={"method": name})
    record = {"description": description, "config": renamed.model_dump(mode="json")}
    path = methods_folder() / f"{name}{_FILE}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"the folder of saved methods must be writable, got: {error.strerror}",
            code="file-not-writable",
            path=str(path.parent),
        ) from error
    write_lines(path, [json.dumps(record, ensure_ascii=False)])
    return path


def _read(path: Path) -> NamedMethod:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        config = RunConfig.model_validate(record["config"])
        return NamedMethod(config, str(record["description"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"a saved method must be a JSON file with a configuration, got {path}: {error}",
            code="bad-config",
            hint="repair or remove the file",
        ) from error
