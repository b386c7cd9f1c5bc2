"""What is packed comes back bit by bit, and nothing that is unpacked can run."""

from __future__ import annotations

import json
import pickle
import struct
import zlib
from dataclasses import dataclass, fields, is_dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from core.errors import StoreError
from core.packing import pack, unpack
from core.types import Alignment, Link, Projection, Sentence, SentencePair, Trace
from tests.builders import sentence
from tests.property.trace_strategies import pairs, projections
from tests.stores import small_pair


def assert_same(one: Any, other: Any, where: str = "value") -> None:
    """Compare deeply: equal, of the same type, and arrays bit by bit."""
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert one.tobytes() == other.tobytes(), where
        assert not other.flags.writeable, where
    elif is_dataclass(one):
        assert type(one) is type(other), where
        for part in fields(one):
            name = part.name
            assert_same(getattr(one, name), getattr(other, name), f"{where}.{name}")
    elif isinstance(one, dict):
        assert list(one) == list(other), where
        for key in one:
            assert_same(one[key], other[key], f"{where}[{key!r}]")
    elif isinstance(one, tuple):
        assert isinstance(other, tuple), where
        assert len(one) == len(other), where
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, theirs, f"{where}[{place}]")
    elif isinstance(one, float):
        assert struct.pack("<d", one) == struct.pack("<d", other), where
    else:
        assert (one, type(one)) == (other, type(other)), where


@given(projections())
def test_any_projection_comes_back(projection: Projection) -> None:
    assert_same(projection, unpack(Projection, pack(projection)))


@given(pairs())
@settings(max_examples=30)
def test_any_pair_comes_back(pair: SentencePair) -> None:
    assert_same(pair, unpack(SentencePair, pack(pair)))


def test_odd_numbers_come_back() -> None:
    odd = np.array([[np.nan, np.inf, -np.inf, -0.0, 5e-324]], dtype=np.float64)
    swapped = odd.astype(">f4")
    for array in (odd, swapped, odd[:, ::2], odd.T, np.array(1.5), np.zeros((0, 3))):
        value = Alignment((), similarity=array)
        assert_same(value, unpack(Alignment, pack(value)))
    value = Trace(objective=-0.0, seconds={"a": float("inf"), "b": 0.1 + 0.2})
    assert_same(value, unpack(Trace, pack(value)))


def test_a_field_that_was_not_there_yet_takes_its_default() -> None:
    @dataclass(frozen=True)
    class Old:
        links: tuple[Link, ...]

    assert unpack(Alignment, pack(Old((Link(0, 1),)))) == Alignment((Link(0, 1),))


def test_a_field_that_is_gone_is_passed_over() -> None:
    @dataclass(frozen=True)
    class Old:
        links: tuple[Link, ...]
        colour: str

    assert unpack(Alignment, pack(Old((), "blue"))) == Alignment(())


def test_what_is_not_plain_is_not_packed() -> None:
    with pytest.raises(TypeError, match="plain"):
        pack(Trace(messages=(object(),)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bject"):
        pack(Alignment((), similarity=np.array([[object()]])))


class Bomb:
    """Runs when it is read by pickle."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('it ran')",))


def packed(plain: object, *arrays: bytes) -> bytes:
    text = json.dumps(plain).encode()
    return zlib.compress(struct.pack("<II", len(text), len(arrays)) + text + b"".join(arrays))


def saved(array: np.ndarray[Any, Any], *, allow_pickle: bool = False) -> bytes:
    buffer = BytesIO()
    np.save(buffer, array, allow_pickle=allow_pickle)
    return buffer.getvalue()


ALIGNMENT = {"links": [], "similarity": 0}
DAMAGED = {
    "empty": b"",
    "no zlib": b"nonsense",
    "pickle": pickle.dumps(Bomb()),
    "packed pickle": zlib.compress(pickle.dumps(Bomb())),
    "array is a pickle": packed(ALIGNMENT, pickle.dumps(Bomb())),
    "array of objects": packed(ALIGNMENT, saved(np.array([Bomb()]), allow_pickle=True)),
    "array is missing": packed(ALIGNMENT),
    "array is cut": packed(ALIGNMENT, saved(np.zeros((3, 3)))[:-8]),
    "array is a zip": packed(ALIGNMENT, b"PK\x03\x04" + b"\0" * 60),
    "array is empty": packed(ALIGNMENT, b""),
    "head is cut": zlib.compress(b"\0\0"),
    "text is cut": zlib.compress(struct.pack("<II", 100, 0) + b'{"links": []'),
    "no object": packed([]),
    "a number": packed(3),
    "a field is missing": packed({}),
    "a list is a number": packed({"links": 3}),
    "a link is a number": packed({"links": [3]}),
    "a link is a text": packed({"links": ["ab"]}),
    "an index is a text": packed({"links": [], "similarity": "x"}),
    "an index is a list": packed({"links": [], "similarity": []}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_bytes_are_told(name: str) -> None:
    with pytest.raises(StoreError, match="Alignment") as caught:
        unpack(Alignment, DAMAGED[name])
    assert caught.value.code == "store-damaged"
    assert caught.value.hint


def test_a_mapping_that_is_a_list_is_told() -> None:
    with pytest.raises(StoreError) as caught:
        unpack(Trace, packed({"seconds": [1]}))
    assert caught.value.code == "store-damaged"


def test_a_value_that_cannot_be_is_told() -> None:
    plain = json.loads(zlib.decompress(pack(sentence("a b")))[8:])
    wrong = [plain | {"words": ["a"]}, plain | {"spans": [{"start": 2, "end": 1, "label": "X"}]}]
    for one in wrong:
        with pytest.raises(StoreError):
            unpack(Sentence, packed(one))


def test_every_cut_and_every_flipped_bit_is_told_or_does_no_harm() -> None:
    good = pack(replace(small_pair(), id="x"))
    for place in range(len(good)):
        flipped = bytearray(good)
        flipped[place] ^= 0x10
        for wrong in (good[:place], bytes(flipped)):
            try:
                found = unpack(SentencePair, wrong)
            except StoreError as error:
                if error.code != "store-damaged":
                    raise
            else:  # bits of the head that say how hard it was compressed
                assert found == unpack(SentencePair, good)
