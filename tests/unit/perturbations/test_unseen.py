"""P1, P2 and P3: entities and words that training lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.perturbations._context import UnseenContext
from core.perturbations._editing import perturb_each
from core.perturbations.p1 import P1
from core.perturbations.p2 import P2
from core.perturbations.p3 import P3
from tests.builders import sentence

TEST = [
    sentence("Dogs sleep in Rome", "en", (3, 4, "LOC")),
    sentence("cats nap near New York", "en", (3, 5, "LOC")),
    sentence("She met Ada", "en", (2, 3, "PER")),
]
TRAINING = [
    sentence("dogs sleep in Rome with Ada", "en", (3, 4, "LOC"), (5, 6, "PER")),
    sentence("met", "en"),
]
PLACE: Mapping[str, tuple[float, float]] = {
    "Dogs": (1, 0),
    "cats": (0.9, 0.1),
    "sleep": (0, 1),
    "nap": (0.1, 0.9),
    "met": (0.3, 1),
    "near": (-1, -1),
}


def embed(words: Sequence[str]) -> NDArray[np.float32]:
    return np.array([PLACE[word] for word in words], dtype=np.float32)


@pytest.fixture
def fake_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(P2, "embed", lambda self, words: embed(words))


def test_p1_takes_an_unseen_entity_of_the_class() -> None:
    found = P1().perturb(TEST, training=TRAINING, seed=0)
    assert [one.text for one in found.sentences] == [
        "Dogs sleep in New York",
        "cats nap near New York",
        "She met Ada",
    ]
    assert found.sentences[0].spans == (TEST[1].spans[0],)
    assert found.changes[0].reason == "training has it too; a LOC it lacks"
    assert [one.reason for one in found.unchanged] == [
        "training lacks its entities already",
        "the test set has no PER that training lacks",
    ]


@pytest.mark.usefixtures("fake_vectors")
def test_p2_takes_the_nearest_unseen_word() -> None:
    found = P2().perturb(TEST, training=TRAINING, seed=0)
    assert [one.text for one in found.sentences] == [
        "Cats nap in Rome",  # the sentence begins with a capital as before
        "cats nap near New York",
        "She nap Ada",
    ]
    assert found.changes[0].reason == "training has it too; the nearest word it lacks, cosine 0.994"
    assert found.unchanged[0].reason == (
        "no word of its context is a content word that training has"
    )


@pytest.mark.usefixtures("fake_vectors")
def test_p3_is_p1_then_p2() -> None:
    found = P3().perturb(TEST, training=TRAINING, seed=0)
    first = P1().perturb(TEST, training=TRAINING, seed=0)
    second = P2().perturb(first.sentences, training=TRAINING, seed=0)
    assert found.sentences == second.sentences
    assert found.sentences[0].text == "Cats nap in New York"
    assert len(found.changes) == len(first.changes) + len(second.changes)


def test_signs_function_words_and_single_letters_stay() -> None:
    test = [sentence("The x , 😀😀 -- went 1990", "en"), sentence("unseen", "en")]
    training = [sentence("the x , 😀😀 -- went 1990", "en")]
    asked: list[str] = []

    def note(words: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(words)
        return np.ones((len(words), 1), dtype=np.float32)

    UnseenContext(test, training, note)
    assert asked == ["1990", "went", "unseen"]


def test_where_the_test_set_has_no_unseen_word() -> None:
    one = [sentence("went home", "en")]
    context = UnseenContext(one, one, embed)  # nothing to embed, so nothing is
    found = perturb_each(one, lambda _, sentence: context.plan(sentence))
    assert found.unchanged[0].reason == "the test set has no word that training lacks"


def test_chinese_words_are_those_of_a_segmenter() -> None:
    pytest.importorskip("jieba")
    test = [sentence("他 昨 天 在 北 京", "zh", (4, 6, "LOC")), sentence("我 喜 欢 她", "zh")]
    training = [sentence("昨 天 她 来 了", "zh")]
    context = UnseenContext(test, training, lambda words: np.ones((len(words), 1), np.float32))
    found = perturb_each(test, lambda _, one: context.plan(one))
    assert [one.text for one in found.sentences] == ["他喜欢在北京", "我喜欢她"]
    assert found.changes[0].before == ("昨", "天")


@pytest.mark.encoder
def test_with_the_bundled_encoder() -> None:
    test = [
        sentence("The dog slept", "en"),
        sentence("The puppy dozed under an umbrella", "en"),
    ]
    training = [sentence("the dog slept", "en")]
    found = P2().perturb(test, training=training, seed=0)
    assert found.sentences[0].words[1] == "puppy"
    assert found.sentences[0].words[2] == "dozed"
