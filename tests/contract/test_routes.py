"""Laws of every registered route, with an aligner, a translator and a tagger made here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError
from core.routes import ROUTES, Route
from core.types import Projection, SentencePair
from tests.builders import SameWords, sentence
from tests.tiny_models import save_tagger
from tests.translators import ANY, Lookup, One

TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> ComponentChoice:
    folder = tmp_path_factory.mktemp("tagger")
    save_tagger(folder, ["Ada", "Rome", "saw", "old"], TAGS)
    return ComponentChoice(name="token_classifier", parameters={"model": str(folder)})


@pytest.fixture(autouse=True)
def _components(monkeypatch: pytest.MonkeyPatch) -> None:
    """Link equal words, and translate every sentence, marked or not, by itself."""
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(Lookup()))


@pytest.fixture(params=ROUTES.names())
def config(request: pytest.FixtureRequest, tagger: ComponentChoice) -> RunConfig:
    """Give each route all that any of them needs."""
    return RunConfig(
        method="m",
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name="ilp"),
        translator=ANY,
        tagger=tagger,
        route=ComponentChoice(name=request.param),
    )


def _pairs() -> list[SentencePair]:
    source = sentence("Ada saw old Rome", "en", (0, 1, "PER"), (2, 4, "LOC"))
    target = sentence("old Rome saw Ada", "de", (0, 2, "LOC"), (3, 4, "PER"))
    plain = sentence("saw old", "en")
    empty = sentence("", "de")
    return [
        SentencePair(source, target, "first"),
        SentencePair(plain, sentence("old saw", "de"), "nothing"),
        SentencePair(source, empty, "no words"),
        SentencePair(source, sentence("Rome saw", "fr", (0, 1, "LOC")), "french"),
    ]


def _run(config: RunConfig, pairs: list[SentencePair]) -> list[Projection]:
    route = ROUTES.create(config.route.name)
    route.check(config)
    return route.run(config, pairs)


def test_it_follows_the_protocol(config: RunConfig) -> None:
    assert isinstance(ROUTES.create(config.route.name), Route)


def test_one_projection_a_pair_in_order(config: RunConfig) -> None:
    pairs = _pairs()
    found = _run(config, pairs)
    assert [one.pair.id for one in found] == [pair.id for pair in pairs]
    assert {one.method for one in found} == {config.method}
    assert [one.spans for one in _run(config, pairs[::-1])] == [one.spans for one in found[::-1]]
    assert _run(config, []) == []


def test_spans_are_disjoint_and_inside_the_target(config: RunConfig) -> None:
    found = _run(config, _pairs())
    assert any(one.spans for one in found)
    for one in found:
        words = [word for span in one.spans for word in range(span.start, span.end)]
        assert words == sorted(set(words))
        assert all(word < len(one.pair.target.words) for word in words)


def test_gold_changes_nothing_but_the_gold_carried_along(config: RunConfig) -> None:
    bare = [replace(pair, target=replace(pair.target, spans=())) for pair in _pairs()]
    for gold, without in zip(_run(config, _pairs()), _run(config, bare), strict=True):
        assert without.spans == gold.spans
        assert without.decisions == gold.decisions
    assert _run(config, _pairs())[0].pair.target.spans == _pairs()[0].target.spans


def test_classes_that_are_not_kept_are_neither_projected_nor_gold(config: RunConfig) -> None:
    only = config.model_copy(update={"labels": ("LOC",)})
    for one in _run(only, _pairs()):
        assert {span.label for span in (*one.spans, *one.pair.target.spans)} <= {"LOC"}


def test_a_route_that_needs_no_source_does_not_look_at_it(config: RunConfig) -> None:
    if ROUTES.get(config.route.name).needs_source:
        pytest.skip("it needs the source")
    found = _run(config, _pairs())
    blind = [replace(pair, source=sentence("", "en"), source_labelled=False) for pair in _pairs()]
    assert [one.spans for one in _run(config, blind)] == [one.spans for one in found]


UNKNOWN = ComponentChoice(name="no_such_component")


@pytest.mark.parametrize(
    "change",
    [{"projector": UNKNOWN}, {"tagger": UNKNOWN}, {"tagger": None}, {"translator": None}],
    ids=["unknown projector", "unknown tagger", "no tagger", "no translator"],
)
def test_a_bad_choice_shows_before_any_work_or_changes_nothing(
    config: RunConfig, change: dict[str, ComponentChoice | None]
) -> None:
    wrong = config.model_copy(update=change)
    if _is_accepted(wrong):
        expected = [one.spans for one in _run(config, _pairs())]
        assert [one.spans for one in _run(wrong, _pairs())] == expected


def _is_accepted(config: RunConfig) -> bool:
    try:
        ROUTES.create(config.route.name).check(config)
    except ConfigError:
        return False
    return True
