"""Projects keep a corpus as it came."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from core.errors import DataError, StoreError
from core.store import projects as module
from core.store.database import Store
from core.store.projects import assign, assigned, create_project, find_project, items, projects
from tests.builders import pair, sentence
from tests.stores import ADMIN, small_pair, small_project


def test_a_corpus_comes_back_as_it_was(store: Store) -> None:
    awkward = pair(
        sentence("Ọlá rí Kánò", "yo", (0, 1, "PER")),
        sentence("עלא ראה\u200f 👩‍👩‍👧", "he", (0, 1, "4 ÖRG")),
        "0-0",
    )
    half = replace(awkward, target=sentence("\ud800 N\0L", "he"), has_gold=False, id="x")
    empty = replace(awkward, target=sentence("", "he"))
    corpus = [awkward, half, empty, small_pair()]
    made = create_project(store, ADMIN, "awkward", corpus, corpus="c", note="für alle")
    assert find_project(store, "awkward") == made
    assert (made.source_language, made.target_language, made.sentences) == ("yo", "he", 4)
    listed = items(store, made)
    assert [one.pair for one in listed] == corpus
    assert [one.place for one in listed] == [0, 1, 2, 3]


def test_the_newest_comes_first(store: Store) -> None:
    made = [small_project(store, name=name)[0] for name in ("one", "two", "three")]
    assert projects(store) == made[::-1]


def test_a_name_is_used_once_however_it_is_written(store: Store) -> None:
    made, _ = small_project(store, name="Zoë's  corpus")
    decomposed = unicodedata.normalize("NFD", " Zoë's corpus ")
    with pytest.raises(DataError, match="in use"):
        small_project(store, name=decomposed)
    assert find_project(store, decomposed) == made
    assert projects(store) == [made]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"pairs": []}, "empty-corpus"),
        ({"reviewers": 0}, "bad-value"),
        ({"reviewers": 10}, "bad-value"),
        ({"name": "a\0"}, "bad-value"),
    ],
)
def test_what_cannot_be_kept_is_refused(store: Store, values: dict[str, object], code: str) -> None:
    usual = {"name": "p", "pairs": [small_pair()], "corpus": "c", "reviewers": 1}
    with pytest.raises(DataError) as caught:
        create_project(store, ADMIN, **(usual | values))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert projects(store) == []


def test_too_many_sentences_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SENTENCES", 2)
    with pytest.raises(DataError, match="at most 2") as caught:
        small_project(store, sentences=3)
    assert caught.value.code == "too-large"


def test_a_project_that_is_not_there(store: Store) -> None:
    with pytest.raises(StoreError, match="nowhere") as caught:
        find_project(store, "nowhere")
    assert caught.value.code == "unknown-name"


def test_a_language_that_is_none_is_refused(store: Store) -> None:
    odd = replace(small_pair(), target=sentence("a", "x" * 41))
    with pytest.raises(DataError, match="language") as caught:
        create_project(store, ADMIN, "p", [odd], corpus="c")
    assert caught.value.code == "unknown-language"


@pytest.mark.parametrize("field", ["note", "corpus"])
def test_control_characters_do_no_harm(store: Store, field: str) -> None:
    made = create_project(store, ADMIN, "p", [small_pair()], **{"corpus": "c", field: "a\0b"})
    assert getattr(made, field) == "a\ufffdb"
    with pytest.raises(StoreError, match="one of the store's"):
        find_project(store, "p\0")


def test_sentences_are_given_and_freed(store: Store) -> None:
    one, ids = small_project(store, name="one")
    _, others = small_project(store, name="two")
    assert assign(store, ADMIN, one, [ids[1], ids[2], others[0], 999], " Rosa ") == 2
    assert [item.assigned for item in items(store, one)] == [None, "Rosa", "Rosa", None]
    assert assign(store, ADMIN, one, [ids[1]], "") == 1
    assert [item.assigned for item in items(store, one)] == [None, None, "Rosa", None]
    with store.read() as connection:
        assert assigned(connection, one.id) == {ids[2]: "Rosa"}
