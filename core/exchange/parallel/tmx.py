"""TMX 1.4: translation units with a text in each language.

Paper: LISA OSCAR, TMX 1.4b Specification, 2005.
Departs: markup inside a segment (bpt, ept, it, ph, ut) stands for formatting and is left out with
what it encloses; the text that `hi` highlights stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from core.corpora import BadLines
from core.corpora._bad_lines import read_each
from core.corpora._bytes import read_bytes
from core.corpora._xml import line_of, local_name, parse_xml, xml_attribute, xml_text
from core.errors import DataError
from core.exchange.parallel import PARALLEL_FORMATS, KeptOfPair
from core.exchange.parallel._pairs import pair_of_texts, unwritable_pair, write_pairs
from core.text.words import base_language
from core.types import SentencePair

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LANGUAGE_KEYS = ("{http://www.w3.org/XML/1998/namespace}lang", "lang")
_CODES = frozenset({"bpt", "ept", "it", "ph", "ut"})
_HEADER = (
    '<header creationtool="spanbridge" creationtoolversion="1" segtype="sentence" o-tmf="none" '
    'adminlang="en" srclang={source} datatype="plaintext"/>'
)


@dataclass(frozen=True)
class Tmx:
    """Units that have both languages; `pt` finds `pt-BR`, an exact code goes first."""

    requires: ClassVar[tuple[str, ...]] = ("defusedxml",)
    extensions: ClassVar[tuple[str, ...]] = (".tmx",)
    keeps: ClassVar[frozenset[KeptOfPair]] = frozenset({"text", "ids", "empty"})

    def read(
        self,
        path: Path,
        source_language: str,
        target_language: str,
        *,
        skip_bad: BadLines | None = None,
    ) -> list[SentencePair]:
        """Read every unit as a pair; one without either language is set aside."""
        root = parse_xml(read_bytes(path), str(path))
        if local_name(root) != "tmx":
            raise DataError(
                f"the root of TMX must be tmx, got {local_name(root)!r}",
                code="bad-line",
                path=str(path),
                line=line_of(root),
            )

        def parse(unit: Element) -> SentencePair:
            texts = [_text(unit, language, path) for language in (source_language, target_language)]
            return pair_of_texts(
                texts[0],
                texts[1],
                source_language,
                target_language,
                pair_id=unit.get("tuid", ""),
                line=line_of(unit),
            )

        units = (element for element in root.iter() if local_name(element) == "tu")
        return read_each(units, parse, skip_bad=skip_bad, origin=_raw)

    def check(self, pair: SentencePair) -> None:
        """Check that the format can hold a pair."""
        first, second = pair.source.language, pair.target.language
        if base_language(first) == base_language(second):
            raise unwritable_pair(f"the languages must differ, got {first} and {second}", pair)
        try:
            _unit(pair)
        except DataError as error:
            raise unwritable_pair(error.reason, pair) from error

    def write(self, path: Path, pairs: Iterable[SentencePair]) -> None:
        """Write one unit a line."""
        write_pairs(path, pairs, check=self.check, content=_content)


def _text(unit: Element, language: str, path: Path) -> str:
    """Return the text of a unit in a language.

    Raises:
        DataError: there is none, or there are several and none has the exact code (bad-line).
    """
    variants = [
        (next((one.get(key) for key in _LANGUAGE_KEYS if one.get(key)), "") or "", one)
        for one in unit
        if local_name(one) == "tuv"
    ]
    exact = [one for code, one in variants if _normal(code) == _normal(language)]
    near = [one for code, one in variants if base_language(code) == base_language(language)]
    chosen = exact or near
    segments = [seg for one in chosen for seg in one if local_name(seg) == "seg"]
    if len(segments) != 1:
        raise DataError(
            f"a unit must have one segment in {language!r}, got {len(segments)}, "
            f"among {[code for code, _ in variants]!r:.200}",
            code="bad-line",
            path=str(path),
            line=line_of(unit),
        )
    return "".join(_pieces(segments[0]))


def _normal(code: str) -> str:
    return code.replace("_", "-").lower()


def _pieces(element: Element) -> Iterator[str]:
    """Take the text of a segment without the codes in it."""
    yield element.text or ""
    for child in element:
        if local_name(child) not in _CODES:
            yield from _pieces(child)
        yield child.tail or ""


def _raw(unit: Element) -> bytes:
    from xml.etree.ElementTree import tostring  # it writes only

    from core.corpora._xml import LINE

    for element in unit.iter():
        element.attrib.pop(LINE, None)
    text: str = tostring(unit, encoding="unicode")
    return f"{text.rstrip()}\n".encode()


def _unit(pair: SentencePair) -> str:
    name = f" tuid={xml_attribute(pair.id)}" if pair.id else ""
    variants = "".join(
        f"<tuv xml:lang={xml_attribute(one.language)}><seg>{xml_text(one.text)}</seg></tuv>"
        for one in (pair.source, pair.target)
    )
    return f"<tu{name}>{variants}</tu>"


def _content(pairs: Sequence[SentencePair]) -> bytes:
    source = xml_attribute(pairs[0].source.language if pairs else "*all*")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tmx version="1.4">',
        _HEADER.format(source=source),
        "<body>",
        *map(_unit, pairs),
        "</body>",
        "</tmx>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


PARALLEL_FORMATS.register(Tmx)
