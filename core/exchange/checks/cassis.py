"""INCEpTION: read with dkpro-cassis, entities sentence by sentence."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from core.corpora.inception import ENTITY, SENTENCE, TOKEN
from core.exchange.checks import Reread, Seen, SeenSpan, WrittenFile, versioned


def reread(file: WrittenFile) -> Reread:
    """Read sentences, their entities by characters."""
    import cassis

    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        types = cassis.load_typesystem(io.BytesIO(archive.read("TypeSystem.xml")))
        cas = cassis.load_cas_from_xmi(io.BytesIO(archive.read("corpus.xmi")), typesystem=types)
    entities = sorted(cas.select(ENTITY), key=lambda one: one.begin)
    tokens = sorted(cas.select(TOKEN), key=lambda one: one.begin)
    seen = []
    for sentence in sorted(cas.select(SENTENCE), key=lambda one: one.begin):
        begin, end = sentence.begin, sentence.end
        spans = tuple(
            SeenSpan(one.begin - begin, one.end - begin, one.value, one.get_covered_text())
            for one in _inside(entities, begin, end)
        )
        words = tuple(one.get_covered_text() for one in _inside(tokens, begin, end))
        seen.append(Seen(spans, words, sentence.get_covered_text()))
    return Reread(tuple(seen), "characters", versioned("dkpro-cassis"))


def _inside(ordered: list[Any], begin: int, end: int) -> list[Any]:
    from bisect import bisect_left

    first = bisect_left(ordered, begin, key=lambda one: one.begin)
    last = bisect_left(ordered, end, key=lambda one: one.begin)
    return [one for one in ordered[first:last] if one.end <= end]
