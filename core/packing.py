"""Values of `core.types` as bytes, and back: compressed JSON with the arrays beside it.

What a field holds is read from its type, so that a value that gains a field needs nothing here; a
field that was not there yet when something was stored takes its default. Nothing that is read can
run: there are numbers, texts, lists and arrays of plain numbers, and no pickles.
"""

from __future__ import annotations

import io
import json
import struct
import types
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np
from numpy.lib.format import read_array, write_array

from core.errors import StoreError

Value = TypeVar("Value")
_Arrays = list[np.ndarray[Any, Any]]
_Decode = Callable[[Any, _Arrays], Any]

_HEAD = struct.Struct("<II")  # bytes of JSON; arrays
_LEVEL = 6


def pack(value: object) -> bytes:
    """Return a dataclass of `core.types` (or one made of them) as bytes."""
    arrays: _Arrays = []
    plain = json.dumps(_plain(value, arrays), ensure_ascii=False, separators=(",", ":"))
    text = plain.encode("utf-8", "surrogatepass")  # half letters of broken files, as they came
    buffer = io.BytesIO()
    buffer.write(_HEAD.pack(len(text), len(arrays)))
    buffer.write(text)
    for array in arrays:
        write_array(buffer, array, allow_pickle=False)
    return zlib.compress(buffer.getvalue(), _LEVEL)


def unpack(kind: type[Value], packed: bytes) -> Value:
    """Return what `pack` was given.

    Args:
        kind: its class.
        packed: the bytes.

    Raises:
        StoreError: they are not what `pack` makes (code store-damaged).
    """
    try:
        data = zlib.decompress(packed)
        length, count = _HEAD.unpack_from(data)
        plain = json.loads(data[_HEAD.size : _HEAD.size + length])
        buffer = io.BytesIO(data[_HEAD.size + length :])
        arrays = [read_array(buffer, allow_pickle=False) for _ in range(count)]
        value: Value = _decoder(cast("Any", kind))(plain, arrays)
    except (zlib.error, struct.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise StoreError(
            f"a stored {kind.__name__} must be readable, got: {error}",
            code="store-damaged",
            hint="restore a backup, or run the method again",
        ) from error
    return value


def _plain(value: Any, arrays: _Arrays) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return len(arrays) - 1
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {key: _plain(one, arrays) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one, arrays) for one in value]
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name), arrays) for one in fields(value)}
    msg = f"a stored value must be made of plain parts, got {type(value)}"
    raise TypeError(msg)


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> _Decode:
    """Return what makes a value of this type; made once for every type."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if origin in (Union, types.UnionType):
        return _optional_decoder(kind)
    if origin is tuple:
        return _tuple_decoder(get_args(kind))
    if origin is not None and issubclass(_class_of(origin), np.ndarray):
        return _array
    if origin is not None and issubclass(_class_of(origin), Mapping):
        return _mapping_decoder(get_args(kind)[1])
    if kind in (str, int, float, bool) or origin is Literal:
        return _as_it_is
    msg = f"a stored value must be made of plain parts, got {kind}"
    raise TypeError(msg)


def _class_of(origin: Any) -> type:
    return origin if isinstance(origin, type) else object


def _as_it_is(plain: Any, _arrays: _Arrays) -> Any:
    return plain


def _array(plain: Any, arrays: _Arrays) -> Any:
    array = arrays[plain]
    array.flags.writeable = False
    return array


def _dataclass_decoder(kind: Any) -> _Decode:
    hints = get_type_hints(kind)
    parts = [(one.name, _decoder(hints[one.name])) for one in fields(kind)]
    needed = {
        one.name
        for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING
    }

    def decode(plain: Any, arrays: _Arrays) -> Any:
        known = {
            name: part(plain[name], arrays)
            for name, part in parts
            if name in plain or name in needed
        }
        return kind(**known)

    return decode


def _optional_decoder(kind: Any) -> _Decode:
    inner = [one for one in get_args(kind) if one is not type(None)]
    if len(inner) != 1:
        msg = f"a stored value must be of one type, got {kind}"
        raise TypeError(msg)
    part = _decoder(inner[0])
    return lambda plain, arrays: None if plain is None else part(plain, arrays)


def _tuple_decoder(kinds: tuple[Any, ...]) -> _Decode:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        part = _decoder(kinds[0])
        return lambda plain, arrays: tuple([part(one, arrays) for one in plain])
    decoders = [_decoder(one) for one in kinds]
    return lambda plain, arrays: tuple(
        [part(one, arrays) for part, one in zip(decoders, plain, strict=True)]
    )


def _mapping_decoder(kind: Any) -> _Decode:
    part = _decoder(kind)
    return lambda plain, arrays: {key: part(one, arrays) for key, one in plain.items()}
