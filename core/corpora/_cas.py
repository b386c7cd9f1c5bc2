"""Reading UIMA CAS in XMI: one text, and annotations that count its UTF-16 code units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.corpora._labelled_text import code_points
from core.corpora._xml import line_of, local_name, parse_xml
from core.errors import DataError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NUMBER = re.compile("[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class CasAnnotation:
    """An annotation of a CAS.

    Attributes:
        kind: its type without the package.
        begin: first character, in code points.
        end: the character after its last.
        value: its label, where it has one.
        name: its id, where it has one.
        line: where it stands in the file.
    """

    kind: str
    begin: int
    end: int
    value: str
    name: str
    line: int | None


@dataclass(frozen=True, slots=True)
class CasText:
    """The text of a CAS with its annotations, sorted by place, the longest first."""

    text: str
    annotations: tuple[CasAnnotation, ...]

    def of_kind(self, kind: str) -> list[CasAnnotation]:
        """Return the annotations of a type."""
        return [one for one in self.annotations if one.kind == kind]


def read_cas(data: bytes, path: str, *, layer: str, feature: str) -> CasText:
    """Read the first view of an XMI file.

    Args:
        data: the file.
        path: its name for messages.
        layer: type of the entities, without its package.
        feature: which of their features is the label.

    Raises:
        DataError: no XMI (code bad-line), or an annotation that leaves the text (bad-annotation).
    """
    root = parse_xml(data, path)
    sofas = [element for element in root if local_name(element) == "Sofa"]
    if not sofas or sofas[0].get("sofaString") is None:
        raise DataError("a CAS must have a text (Sofa), got none", code="bad-line", path=path)
    view = sofas[0].get("{http://www.omg.org/XMI}id")
    text = sofas[0].get("sofaString") or ""
    places = code_points(text)
    found = [
        _annotation(element, places, feature, path)
        for element in root
        if local_name(element) in ("Sentence", "Token", layer) and element.get("sofa") == view
    ]
    return CasText(text, tuple(sorted(found, key=lambda one: (one.begin, -one.end))))


def _annotation(
    element: Element, places: Mapping[int, int], feature: str, path: str
) -> CasAnnotation:
    ends = [element.get(key) or "" for key in ("begin", "end")]
    begin, end = (places.get(int(one)) if _NUMBER.fullmatch(one) else None for one in ends)
    if begin is None or end is None or begin > end:
        raise DataError(
            f"an annotation must lie on the characters of its text, got {ends}",
            code="bad-annotation",
            path=path,
            line=line_of(element),
        )
    return CasAnnotation(
        kind=local_name(element),
        begin=begin,
        end=end,
        value=element.get(feature) or "",
        name=element.get("id") or "",
        line=line_of(element),
    )
