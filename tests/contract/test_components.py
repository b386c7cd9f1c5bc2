"""Laws of every component of every family: a name, a description, parameters a form can show."""

from __future__ import annotations

import dataclasses

import pytest

from core.commands.components import FAMILIES
from core.errors import ConfigError
from tests.builders import need

ALL = [(family, name) for family, registry in FAMILIES.items() for name in registry.names()]
# The golden list: a component that appears or vanishes does so on purpose.
GOLDEN = {
    "translators": ("apertium", "precomputed", "seq2seq"),
    "labellers": ("default", "gold", "spacy", "token_classifier", "xlm_roberta_large_conll03"),
    "aligners": ("awesome", "eflomal", "noisy", "precomputed", "simalign"),
    "candidates": ("aligned", "chunk", "ner", "ngram"),
    "scores": ("align", "content", "emb", "ner", "ner_span", "nmt", "surface"),
    "projectors": ("greedy", "heuristic", "ilp"),
    "routes": ("backtranslation", "direct", "ensemble", "markers", "transfer"),
    "engines": ("local", "ray"),
    "robust_methods": (*("awp", "fgm", "freelb", "pgd", "plain", "r3f", "rdrop", "smart", "vat"),),
    "perturbations": (
        *("b_per", "case", "diacritics", "loc", "p1", "p2", "p3", "script", "typos"),
    ),
    "question_perturbations": ("distractors", "entity_swap", "typos"),
}


def test_the_families_hold_what_is_written_down() -> None:
    assert {family: registry.names() for family, registry in FAMILIES.items()} == GOLDEN


@pytest.mark.parametrize(("family", "name"), ALL)
def test_it_is_a_frozen_described_dataclass(family: str, name: str) -> None:
    cls = FAMILIES[family].get(name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__doc__
    assert not cls.__doc__.startswith(cls.__name__ + "(")  # that is what dataclass makes up
    need(FAMILIES[family], name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        FAMILIES[family].create(name).new_field = 1


@pytest.mark.parametrize(("family", "name"), ALL)
def test_every_parameter_has_a_default_and_help(family: str, name: str) -> None:
    need(FAMILIES[family], name)
    for parameter in FAMILIES[family].parameters(name):
        assert parameter.help, parameter.name
        created = FAMILIES[family].create(name, {parameter.name: parameter.default})
        assert getattr(created, parameter.name) == parameter.default


@pytest.mark.parametrize(("family", "name"), ALL)
def test_text_values_are_converted_and_bad_ones_refused(family: str, name: str) -> None:
    need(FAMILIES[family], name)
    for parameter in FAMILIES[family].parameters(name):
        if parameter.kind in ("int", "float", "bool") and parameter.default is not None:
            created = FAMILIES[family].create(name, {parameter.name: str(parameter.default)})
            assert getattr(created, parameter.name) == parameter.default
        if parameter.kind != "text":
            with pytest.raises(ConfigError, match=parameter.name):
                FAMILIES[family].create(name, {parameter.name: "no such value"})
        if parameter.minimum is not None:
            with pytest.raises(ConfigError, match=parameter.name):
                FAMILIES[family].create(name, {parameter.name: parameter.minimum - 1})


@pytest.mark.parametrize("family", FAMILIES)
def test_unknown_names_say_what_there_is(family: str) -> None:
    registry = FAMILIES[family]
    installed = next(name for name in registry.names() if registry.availability(name).available)
    with pytest.raises(ConfigError, match=registry.names()[0]) as raised:
        registry.create("nonsense")
    assert raised.value.code == "unknown-name"
    with pytest.raises(ConfigError, match="got 'nonsense'"):
        registry.create(installed, {"nonsense": 1})
