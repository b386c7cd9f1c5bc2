"""Reading spaCy's DocBin without spaCy's own reader, which trusts what it reads.

A DocBin is a zlib stream of one MessagePack map: names of attributes, all tokens' attribute values
in one block, the lengths of the documents, whether a space follows each token, and the strings that
the values are hashes of. Nothing is unpickled, and no more is unpacked than the limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.corpora._limits import MAX_SENTENCES, MAX_UNPACKED_BYTES, too_large
from core.errors import DataError

# The attributes' numbers in spaCy (spacy/attrs.pyx).
_ORTH, _ENT_IOB, _ENT_TYPE = 65, 77, 78


@dataclass(frozen=True, slots=True)
class StoredDoc:
    """One document of a DocBin.

    Attributes:
        tokens: text of each token.
        spaces: whether a space follows each.
        iob: 3 begins an entity, 1 goes on, 2 is outside, 0 says nothing.
        labels: label of each token, empty outside.
        user_data: what was stored beside it.
    """

    tokens: tuple[str, ...]
    spaces: tuple[bool, ...]
    iob: tuple[int, ...]
    labels: tuple[str, ...]
    user_data: Mapping[Any, Any]


def unpack_docs(data: bytes, path: str) -> Iterator[StoredDoc | DataError]:
    """Unpack the documents of a DocBin.

    Yields:
        Each document, or the error that makes it unreadable.

    Raises:
        DataError: no DocBin (code bad-line) or one beyond the limit (too-large).
    """
    content = _message(_inflated(data, path), path)
    attributes = content.get("attrs")
    lengths = _block(content.get("lengths"), np.dtype("<i4"), path)
    if not isinstance(attributes, list) or (lengths < 0).any() or len(lengths) > MAX_SENTENCES:
        raise _damaged(f"attributes {attributes!r:.80}", path)
    total = int(lengths.astype(np.int64).sum())
    cells = _block(content.get("tokens"), np.dtype("<u8"), path)
    if not attributes or len(cells) != total * len(attributes):
        raise _damaged(f"{len(cells)} values for {total} tokens", path)
    columns = {
        name: cells.reshape(total, len(attributes))[:, place]
        for place, name in enumerate(attributes)
        if isinstance(name, int)
    }
    if _ORTH not in columns:
        raise _damaged("no token texts", path)
    spaces = _block(content.get("spaces"), np.dtype("u1"), path)
    if len(spaces) != total:
        raise _damaged(f"{len(spaces)} spaces for {total} tokens", path)
    strings = _strings(content.get("strings"), path)
    user_data = content.get("user_data")
    stored = user_data if isinstance(user_data, list) else []
    yield from _docs(lengths, columns, spaces, strings, stored, path)


def _docs(
    lengths: NDArray[Any],
    columns: Mapping[int, NDArray[Any]],
    spaces: NDArray[Any],
    strings: Mapping[int, str],
    stored: list[Any],
    path: str,
) -> Iterator[StoredDoc | DataError]:
    start, left = 0, MAX_UNPACKED_BYTES
    for place, length in enumerate(lengths.tolist()):
        part = slice(start, start + length)
        start += length
        nothing = np.zeros(length, dtype=np.uint64)
        iob = columns[_ENT_IOB][part] if _ENT_IOB in columns else nothing
        types = columns[_ENT_TYPE][part] if _ENT_TYPE in columns else nothing
        try:
            tokens = tuple(strings[key] for key in columns[_ORTH][part].tolist())
            doc = StoredDoc(
                tokens=tokens,
                spaces=tuple(bool(space) for space in spaces[part].tolist()),
                iob=tuple(iob.tolist()),
                labels=tuple(strings[key] if key else "" for key in types.tolist()),
                user_data=_user_data(stored[place], path) if place < len(stored) else {},
            )
        except KeyError as error:
            yield _damaged(f"no text for the hash {error}", path)
        except DataError as error:
            yield error
        else:
            left -= sum(map(len, tokens))  # a long string may stand for many tokens
            if left < 0:
                raise too_large("the characters of a DocBin", MAX_UNPACKED_BYTES, path)
            yield doc


def _inflated(data: bytes, path: str) -> bytes:
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(data, MAX_UNPACKED_BYTES)
    except zlib.error as error:
        raise _damaged(str(error), path) from error
    if stream.unconsumed_tail:
        raise too_large("the bytes that a DocBin unpacks to", MAX_UNPACKED_BYTES, path)
    if not stream.eof:
        raise _damaged("the file is cut off", path)
    return content


def _message(data: bytes, path: str) -> dict[Any, Any]:
    """Unpack a MessagePack map into plain values.

    With a hook of our own, srsly leaves out the one of numpy arrays, which unpickles.
    """
    import srsly.msgpack

    try:
        content = srsly.msgpack.unpackb(data, object_pairs_hook=_pairs, raw=False, use_list=True)
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise _damaged(f"{type(error).__name__}: {error}", path) from error
    except srsly.msgpack.UnpackException as error:
        raise _damaged(f"{type(error).__name__}: {error}", path) from error
    if not isinstance(content, dict):
        raise _damaged(f"a {type(content).__name__}", path)
    return content


def _pairs(pairs: Any) -> dict[Any, Any]:
    return {tuple(key) if isinstance(key, list) else key: value for key, value in pairs}


def _user_data(data: object, path: str) -> Mapping[Any, Any]:
    return _message(data, path) if isinstance(data, bytes) and data else {}


def _block(value: object, kind: np.dtype[Any], path: str) -> NDArray[Any]:
    if not isinstance(value, bytes) or len(value) % kind.itemsize:
        raise _damaged(f"a {type(value).__name__} as block of numbers", path)
    return np.frombuffer(value, dtype=kind)


def _strings(value: object, path: str) -> dict[int, str]:
    from spacy.strings import get_string_id
    from spacy.symbols import IDS

    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise _damaged("no list of strings", path)
    # Names that spaCy has built in (LOC, ORG) have small numbers instead of hashes.
    symbols = {number: name for name, number in IDS.items()}
    return {**symbols, **{get_string_id(text): text for text in value}, 0: ""}


def _damaged(got: str, path: str) -> DataError:
    return DataError(
        f"the file must be a readable DocBin of spaCy 3, got: {got}", code="bad-line", path=path
    )
