"""The routes that send markers through a translator, and the ensemble, without any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.config import ComponentChoice, RunConfig, ScoreChoice
from core.errors import ConfigError
from core.pipeline import Constraints
from core.routes import ROUTES
from core.types import (
    Alignment,
    EntityCandidate,
    Labelling,
    Link,
    Projection,
    SentencePair,
    Span,
    WordTags,
)
from tests.builders import SameWords, sentence
from tests.translators import ANY, Lookup, One, TagLookup

SENT = '<b id="0">Ada</b> met Bob in <b id="1">New York</b>'
SOURCE = sentence("Ada met Bob in New York", "en", (0, 1, "PER"), (4, 6, "LOC"))
TARGET = sentence("Bob vio a Adela en Nueva York", "es", (3, 4, "PER"), (5, 7, "LOC"))
PAIR = SentencePair(SOURCE, TARGET, "p")


@pytest.fixture(autouse=True)
def _components(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.pipeline.ALIGNERS", One(SameWords()))
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(Lookup()))


def _config(route: str, projector: str = "ilp", **parameters: str | float | bool) -> RunConfig:
    return RunConfig(
        method="m",
        candidates=(ComponentChoice(name="ngram"),),
        scores=(ScoreChoice(name="align"),),
        projector=ComponentChoice(name=projector),
        translator=ANY,
        route=ComponentChoice(name=route, parameters=dict(parameters)),
    )


def _run(
    monkeypatch: pytest.MonkeyPatch,
    config: RunConfig,
    back: str,
    pair: SentencePair = PAIR,
    constraints: Constraints | None = None,
) -> Projection:
    translator = TagLookup({SENT: back})
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(translator))
    route = ROUTES.create(config.route.name, config.route.parameters)
    route.check(config)
    wanted = {} if constraints is None else {pair.id: constraints}
    return route.run(config, [pair], constraints=wanted)[0]


GOOD = '<b id="0">Adela</b> vio a Bob en <b id="1">Nueva York</b>'
LOST = 'Adela vio a Bob en <b id="1">Nueva York</b>'


def test_markers_find_the_entities_by_how_they_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _run(monkeypatch, _config("markers"), GOOD)
    assert found.spans == TARGET.spans
    assert found.trace.marked is not None
    assert found.trace.scores is not None
    assert found.decisions[1].terms == {"marker": 1.0}
    assert found.trace.seconds["mark"] > 0


def test_a_lost_marker_falls_back_on_the_entity_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _run(monkeypatch, _config("markers"), LOST)
    assert found.spans == TARGET.spans  # "Ada" is like "Adela"
    assert found.trace.messages == ("1 markers came back for 2 entities",)
    strict = _run(monkeypatch, _config("markers", least_ratio=0.95), LOST)
    assert strict.spans == (Span(5, 7, "LOC"),)
    assert strict.decisions[0].reason == "no-score"


def test_a_damaged_sentence_is_dropped_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _run(monkeypatch, _config("markers", drop_damaged=True), LOST)
    assert found.failure is not None
    assert (found.failure.stage, found.failure.code) == ("markers", "marker-lost")
    kept = _run(monkeypatch, _config("markers", drop_damaged=True), GOOD)
    assert kept.failure is None


def test_markers_make_the_target_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = SentencePair(SOURCE, sentence("", "es"), "p")
    found = _run(monkeypatch, _config("markers"), LOST, bare)
    assert found.pair.target.text == "Adela vio a Bob en Nueva York"
    assert not found.pair.has_gold
    assert found.spans == (Span(5, 7, "LOC"),)
    assert [one.reason for one in found.decisions] == ["marker-lost", "chosen"]


def test_markers_want_a_projector_of_scores() -> None:
    config = _config("markers", projector="heuristic")
    with pytest.raises(ConfigError, match="matches scores"):
        ROUTES.create("markers").check(config)


@pytest.mark.parametrize("route", ["markers", "backtranslation"])
def test_without_a_translator_the_way_is_told(route: str) -> None:
    config = _config(route).model_copy(update={"translator": None})
    with pytest.raises(ConfigError, match="translator into the target") as raised:
        ROUTES.create(route).check(config)
    assert raised.value.hint == "add --back-translator NAME"


def test_back_translation_projects_from_the_targets_own_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = _run(monkeypatch, _config("backtranslation", variant="published"), GOOD)
    assert found.spans == TARGET.spans
    assert found.pair.source == SOURCE
    assert found.trace.alignment is not None
    assert Link(0, 3) in found.trace.alignment.links  # Ada → Adela, which no aligner linked
    assert "translated back" in found.trace.alignment.note


def test_published_back_translation_loses_what_its_markers_lose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = _run(monkeypatch, _config("backtranslation", variant="published"), LOST)
    assert found.spans == (Span(5, 7, "LOC"),)
    assert [one.reason for one in found.decisions] == ["marker-lost", "chosen"]
    assert found.trace.scores is not None
    assert found.trace.scores.total.shape[0] == 2
    assert not found.trace.scores.total[0].any()


# Written as in the target, so that the direct way finds it too.
BOB = replace(SOURCE, spans=(Span(2, 3, "PER"), Span(4, 6, "LOC")))
BOB_SENT = 'Ada met <b id="0">Bob</b> in <b id="1">New York</b>'
BOB_GOLD = (Span(0, 1, "PER"), Span(5, 7, "LOC"))


@pytest.mark.parametrize("projector", ["ilp", "heuristic"])
@pytest.mark.parametrize(
    ("variant", "york"),
    [("fallback", (5, 7)), ("filled", (6, 7)), ("links", (5, 7))],
)
def test_what_is_lost_on_the_way_goes_direct(
    monkeypatch: pytest.MonkeyPatch, variant: str, york: tuple[int, int], projector: str
) -> None:
    """Bob loses his marker; of New York only the way back knows the first word."""
    translator = TagLookup({BOB_SENT: 'Adela vio a Bob en <b id="1">Nueva York</b>'})
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(translator))
    config = _config("backtranslation", projector, variant=variant)
    (found,) = ROUTES.create("backtranslation", config.route.parameters).run(
        config, [replace(PAIR, source=BOB)]
    )
    assert found.spans == (BOB_GOLD[0], Span(*york, "LOC"))
    assert [one.reason for one in found.decisions] == ["chosen", "chosen"]
    assert found.trace.marked is not None
    assert found.trace.alignment is not None
    assert (Link(4, 5) in found.trace.alignment.links) == (variant != "filled")


def test_the_way_back_fills_what_the_direct_way_leaves_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = _run(monkeypatch, _config("backtranslation"), GOOD)
    ada, york = found.decisions
    assert (ada.candidate and (ada.candidate.start, ada.candidate.end)) == (3, 4)
    assert found.trace.alignment is not None
    assert Link(0, 3) in found.trace.alignment.links  # told with the links that led there
    assert Link(4, 5) not in found.trace.alignment.links
    assert york.candidate is not None
    assert york.reason == ada.reason == "chosen"


@pytest.mark.parametrize("variant", ["fallback", "filled", "links", "published"])
def test_a_reviewers_pin_wins_on_either_way(monkeypatch: pytest.MonkeyPatch, variant: str) -> None:
    pinned = Constraints(pins=(EntityCandidate(1, 0, 1),))
    config = _config("backtranslation", variant=variant)
    found = _run(monkeypatch, config, GOOD, constraints=pinned)
    assert Span(0, 1, "LOC") in found.spans
    assert found.decisions[1].reason == "pinned"


def test_filling_asks_the_aligner_about_the_whole_corpus_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that learns from the corpus would give other links for a part of it."""
    sizes: list[int] = []

    class Counting(SameWords):
        def align(self, pairs: Sequence[SentencePair], vectors: object = None) -> list[Alignment]:
            sizes.append(len(pairs))
            return super().align(pairs, vectors)

    monkeypatch.setattr("core.pipeline.ALIGNERS", One(Counting()))
    monkeypatch.setattr("core.routes._marking.TRANSLATORS", One(TagLookup({SENT: GOOD})))
    easy = SentencePair(sentence("Bob", "en", (0, 1, "PER")), sentence("Bob", "es"), "q")
    found = ROUTES.create("backtranslation").run(_config("backtranslation"), [easy, PAIR])
    assert found[0].spans == (Span(0, 1, "PER"),)
    assert found[1].spans[0] == Span(3, 4, "PER")  # only the way back knows Adela
    assert sizes == [2, 2]


@dataclass(frozen=True)
class Fixed:
    """A tagger with one opinion."""

    tags: WordTags

    def label(self, sentences: Sequence[object], progress: object = None) -> list[Labelling]:
        return [Labelling((), self.tags) for _ in sentences]


def _opinion(rows: dict[int, tuple[str, float]]) -> WordTags:
    names = ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")
    table = np.zeros((7, 5), dtype=np.float32)
    table[:, 0] = 1
    for word, (tag, sure) in rows.items():
        table[word, 0] = 1 - sure
        table[word, names.index(tag)] = sure
    return WordTags(names, table)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, {Span(3, 4, "PER"), Span(5, 7, "LOC")}),
        (1.0, {Span(0, 1, "PER"), Span(3, 4, "PER"), Span(5, 6, "LOC"), Span(6, 7, "LOC")}),
        (0.5, {Span(3, 4, "PER"), Span(5, 7, "LOC")}),
    ],
    ids=["tagger alone", "projection wherever there are links", "mean"],
)
def test_an_ensemble_takes_the_mean_word_by_word(
    monkeypatch: pytest.MonkeyPatch, share: float, expected: set[Span]
) -> None:
    view = _opinion({3: ("B-PER", 0.9), 5: ("B-LOC", 0.9), 6: ("I-LOC", 0.9)})
    monkeypatch.setattr("core.stages.LABELLERS", One(Fixed(view)))
    config = _config("ensemble", share=share).model_copy(update={"tagger": ANY})
    # what is linked to nothing ("Adela", "Nueva") is the tagger's alone
    unsure = np.array([[0.6, 0, 0, 0.4, 0]] * 6, dtype=np.float32)
    unsure[4:] = [0.2, 0.4, 0.4, 0, 0]
    # "Bob" is the entity the projection finds, with little faith in it
    source = replace(BOB, spans=(Span(2, 3, "PER"), Span(5, 6, "LOC")))
    if share == 1.0:
        unsure[2] = [0.2, 0, 0, 0.8, 0]
    pair = replace(PAIR, source=source, source_tags=WordTags(view.tags, unsure))
    route = ROUTES.create("ensemble", {"share": share})
    (found,) = route.run(config, [pair])
    assert set(found.spans) == expected
    outvoted = [one for one in found.decisions if one.reason == "outvoted"]
    assert all(one.candidate is None and one.runner_up is not None for one in outvoted)
    assert bool(outvoted) == (share < 1)
