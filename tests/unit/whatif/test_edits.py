from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import ConfigError, DataError
from core.types import EntityCandidate, Link, Span
from core.whatif.edits import Edits, History, check_edits, parse_edits
from tests.builders import alignment
from tests.unit.whatif.cases import LINKS, SOURCE, competing

OWN = SOURCE.spans


def test_toggling_a_link_twice_leaves_no_trace() -> None:
    links = alignment(LINKS)
    for source, target in ((0, 1), (0, 5)):
        once = Edits().toggle_link(source, target, links)
        assert once != Edits()
        assert once.toggle_link(source, target, links) == Edits()


def test_links_are_added_and_removed_and_the_rest_stays() -> None:
    links = alignment("0-0 1-1")
    edits = Edits().toggle_link(1, 1, links).toggle_link(1, 2, links)
    assert edits.links(links).links == (Link(0, 0), Link(1, 2))


def test_a_pin_takes_the_place_of_what_cannot_hold_beside_it() -> None:
    first, other = EntityCandidate(0, 1, 4), EntityCandidate(1, 3, 4)
    assert Edits().pin(first).pin(other).pins == (other,)
    assert Edits().pin(first).pin(EntityCandidate(0, 0, 1)).pins == (EntityCandidate(0, 0, 1),)
    far = EntityCandidate(1, 5, 6)
    assert Edits().pin(far).pin(first).pins == (first, far)


def test_a_ban_ends_the_pin_there_and_a_pin_the_ban() -> None:
    place = EntityCandidate(0, 1, 4)
    assert Edits().pin(place).ban(place) == Edits(bans=(place,))
    assert Edits().ban(place).pin(place) == Edits(pins=(place,))
    assert Edits().ban(place).free(place) == Edits()


def test_a_new_entity_renumbers_the_pins_of_those_behind_it() -> None:
    pinned = Edits().pin(EntityCandidate(1, 3, 4))
    edits = pinned.set_entity(Span(3, 4, "MISC"), old=None, own=OWN)
    assert edits.entities == (OWN[0], Span(3, 4, "MISC"), OWN[1])
    assert edits.pins == (EntityCandidate(2, 3, 4),)


def test_an_entity_can_grow_change_its_class_and_go_and_overlapped_ones_give_way() -> None:
    grown = Edits().set_entity(Span(2, 5, "ORG"), old=0, own=OWN)
    assert grown.entities == (Span(2, 5, "ORG"),)
    renamed = Edits().set_entity(Span(4, 5, "MISC"), old=1, own=OWN)
    assert renamed.entities == (OWN[0], Span(4, 5, "MISC"))
    gone = Edits().pin(EntityCandidate(1, 3, 4)).remove_entity(0, OWN)
    assert gone.entities == (OWN[1],)
    assert gone.pins == (EntityCandidate(0, 3, 4),)


def test_entities_as_they_were_are_no_edit() -> None:
    edits = Edits().remove_entity(1, OWN).set_entity(OWN[1], old=None, own=OWN)
    assert edits == Edits()


def test_edits_print_and_read_back() -> None:
    text = "+0-5 -2-3 =0:1-4 !1:3-4 @0-3:ORG @4-5:LOC"
    assert str(parse_edits(text)) == text
    assert parse_edits("") == Edits()
    assert parse_edits("@") == Edits(entities=())


@pytest.mark.parametrize("text", ["3-4", "+3", "=0:3", "@3-3:PER", "@0-1:", "@0-1:a b", "?"])
def test_what_is_no_edit_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match=r"got ") as caught:
        parse_edits(text)
    assert caught.value.code == "bad-value"


@pytest.mark.parametrize(
    "text", ["+5-0", "+0-7", "=2:0-1", "=0:6-8", "!0:3-3", "@4-6:LOC", "@0-3:ORG @2-4:LOC"]
)
def test_edits_that_do_not_fit_the_pair_are_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        check_edits(parse_edits(text), competing())
    assert caught.value.code == "bad-annotation"


def test_edits_that_fit_are_taken() -> None:
    check_edits(parse_edits("+4-6 -4-3 =0:0-7 !1:3-4 @0-3:ORG @4-5:LOC"), competing())


def test_history_goes_back_and_forth_and_forgets_what_was_undone() -> None:
    one, two = (replace(Edits(), added=(Link(0, n),)) for n in (1, 2))
    history = History().do(one).do(two)
    assert history.undo().now == one
    assert history.undo().undo().now == Edits()
    assert history.undo().undo().undo().now == Edits()
    assert history.undo().redo() == history
    assert history.redo() == history
    assert history.undo().do(Edits()).redo().now == Edits()
    assert history.do(two) == history
