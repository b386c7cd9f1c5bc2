"""Which stages make a labelled source sentence where a corpus brings none, and which can run here.

All of it is known before any work is done: a language that cannot be translated is told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from core.candidates import CANDIDATES
from core.config import ComponentChoice, RunConfig
from core.errors import BackendError, ConfigError
from core.routes import ROUTES
from core.scores import SCORES
from core.seq2seq import licence
from core.translators import TRANSLATORS
from core.translators.apertium import installed_modes
from core.types import SentencePair

Stage = Literal["translator", "labeller"]
TRANSLATOR, LABELLER = "apertium", "default"
"""What runs without a download, and so is taken where nothing is chosen."""

# The translator that knows some two hundred languages, once its model is there.
_MODELS = "seq2seq"


def missing_stages(config: RunConfig, pairs: Sequence[SentencePair]) -> tuple[Stage, ...]:
    """List the stages that a method needs for these pairs, whether they are chosen or not."""
    if not needs_source(config):
        return ()
    translator = any(pair.target.words and not pair.source.words for pair in pairs)
    labeller = any(not pair.source_labelled for pair in pairs)
    return (*(("translator",) if translator else ()), *(("labeller",) if labeller else ()))


def wants_tagger(config: RunConfig) -> bool:
    """Tell whether a method looks at target sentences with a tagger."""
    if config.tagger is not None:
        return True
    inputs = [*(CANDIDATES.get(choice.name).inputs for choice in config.candidates)]
    inputs += (SCORES.get(choice.name).inputs for choice in config.scores)
    return any("target_tags" in names for names in inputs)


def needs_source(config: RunConfig) -> bool:
    """Tell whether a method looks at source sentences at all."""
    return ROUTES.get(config.route.name).needs_source


def with_stages(config: RunConfig, pairs: Sequence[SentencePair]) -> RunConfig:
    """Choose the stages that are needed and not chosen, and check that they can translate.

    Args:
        config: a method, with or without stages.
        pairs: what it will run on, all in the same two languages.

    Raises:
        ConfigError: the text cannot be translated here.
    """
    missing = missing_stages(config, pairs)
    changes: dict[str, ComponentChoice] = {}
    if "translator" in missing and config.translator is None:
        changes["translator"] = ComponentChoice(name=TRANSLATOR)
    if "labeller" in missing and config.labeller is None:
        changes["labeller"] = ComponentChoice(name=LABELLER)
    chosen = config.model_copy(update=changes)
    check_translation(chosen, pairs)
    return chosen


def check_translation(config: RunConfig, pairs: Sequence[SentencePair]) -> None:
    """Ask the chosen translator whether it can translate the pairs; nothing is translated.

    Raises:
        ConfigError: it cannot, with what can be done instead (code unknown-language, or that of
            the program, package or model that is missing).
    """
    if not needs_source(config):
        return
    languages = sorted({(pair.source.language, pair.target.language) for pair in pairs})
    for source, target in languages:
        if config.translator is not None:
            _ask(config.translator, target, source)
        back = config.back_translator or config.translator
        if back is not None and ROUTES.get(config.route.name).translates_back:
            _ask(back, source, target)


def _ask(choice: ComponentChoice, source: str, target: str) -> None:
    """Ask one translator about one direction."""
    try:
        translator = TRANSLATORS.create(choice.name, choice.parameters)
        translator.translate((), source=source, target=target)
    except (BackendError, ConfigError) as error:
        if error.code in ("bad-value", "unknown-name"):  # nothing to do with the languages
            raise
        raise ConfigError(
            f"the text must be translated from {source} into {target}, which the translator "
            f"{choice.name} cannot do here: {error.message}",
            code=error.code,
            hint=_alternatives(choice.name, error.hint),
        ) from error


def _alternatives(translator: str, hint: str) -> str:
    ways = [hint] if hint else []
    if translator != _MODELS and _MODELS in TRANSLATORS.names():
        ways.append(f"choose the translator {_MODELS}, which downloads a model")
    ways.append("choose the method model_transfer, which translates nothing")
    return "; or ".join(ways)


def translator_note(choice: ComponentChoice) -> str:
    """Say what a user must know of a translator: what it can translate here, or its licence."""
    if choice.name == TRANSLATOR:
        return _apertium_note()
    if choice.name != _MODELS:
        return ""
    usual = {one.name: one.default for one in TRANSLATORS.parameters(_MODELS)}
    model = str(choice.parameters.get("model", usual["model"]))
    found = licence(model)
    if not found:
        return f"The licence of `{model}` is not known here: its own page tells it."
    forbidden = ", which forbids commercial use" if "NC" in found else ""
    return f"The licence of `{model}` is {found}{forbidden}."


def _apertium_note() -> str:
    try:
        modes = installed_modes()
    except BackendError as error:
        return f"{error.message[:1].upper()}{error.message[1:]}. To install it: {error.hint}"
    pairs = [mode for mode in modes if mode[:1].islower()]  # Cyrl-Latn changes the script only
    listed = ", ".join(f"`{pair}`" for pair in pairs)
    return f"Pairs that are installed here, source first: {listed or 'none'}"
