"""XML from strangers: no entities, nothing fetched, no deep nesting.

Every element remembers the line it began on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from core.corpora._limits import MAX_XML_DEPTH
from core.errors import DataError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LINE = "{spanbridge}line"
"""Attribute that holds an element's line."""

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.-]+)["']""")
_HARMFUL = re.compile("<!ENTITY", re.IGNORECASE)
# Characters that XML 1.0 has no way to write.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_KEPT_SPACE = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def parse_xml(data: bytes, path: str) -> Element:
    """Parse a document in UTF-8, or in UTF-16 with a byte order mark.

    Raises:
        DataError: no well-formed XML (code bad-line), another encoding (not-utf8), entities or
            nesting beyond need (unsafe-file).
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    text = _DECLARATION.sub("", _decoded(data, path), count=1)
    if _HARMFUL.search(text):
        raise _unsafe("XML must not define entities", path)
    # The declaration is gone but its line ends count.
    parser: Any = _parser(path)
    try:
        parser.feed(text.encode())
        root: Element = parser.close()
    except ParseError as error:
        raise DataError(
            f"a file must be well-formed XML, got: {error}",
            code="bad-line",
            path=path,
            line=error.position[0],
        ) from error
    except (DefusedXmlException, ValueError) as error:
        raise _unsafe(f"XML must be plain, got: {error}", path) from error
    return root


def _decoded(data: bytes, path: str) -> str:
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    declared = _ENCODING.match(data)
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        if not is_utf16 and name not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise _not_utf8(f"got {name!r}", path, 1)
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _not_utf8(f"got {error.reason}", path, line) from error


def _not_utf8(got: str, path: str, line: int) -> DataError:
    return DataError(
        f"text must be UTF-8, {got}",
        code="not-utf8",
        path=path,
        line=line,
        hint="save the file as UTF-8",
    )


def _unsafe(reason: str, path: str) -> DataError:
    return DataError(reason, code="unsafe-file", path=path)


def _parser(path: str) -> Any:
    """Return a parser whose elements know their line and cannot nest without end."""
    from xml.etree.ElementTree import TreeBuilder  # the builder only: defusedxml parses

    from defusedxml.ElementTree import DefusedXMLParser

    class Builder(TreeBuilder):
        depth = 0

        def start(self, tag: Any, attrs: Any, /) -> Any:
            self.depth += 1
            if self.depth > MAX_XML_DEPTH:
                raise _unsafe(f"XML must nest at most {MAX_XML_DEPTH} elements deep", path)
            element = super().start(tag, attrs)
            element.set(LINE, str(parser.parser.CurrentLineNumber))
            return element

        def end(self, tag: Any, /) -> Any:
            self.depth -= 1
            return super().end(tag)

    parser = DefusedXMLParser(target=Builder(), forbid_dtd=False)
    return parser


def line_of(element: Element) -> int | None:
    """Return the line an element begins on."""
    line = element.get(LINE)
    return None if line is None else int(line)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def xml_text(text: str) -> str:
    """Write text so that a parser gives it back, whatever its line ends and tabs.

    Raises:
        DataError: a character that XML cannot hold (code bad-value).
    """
    require_xml(text)
    return escape(text, _KEPT_SPACE)


def xml_attribute(text: str) -> str:
    """Write an attribute's value with its quotes.

    Raises:
        DataError: a character that XML cannot hold (code bad-value).
    """
    require_xml(text)
    return quoteattr(text, _KEPT_SPACE)


def require_xml(text: str) -> None:
    """Check that XML can hold a text.

    Raises:
        DataError: it cannot (code bad-value).
    """
    found = _NO_XML.search(text)
    if found:
        raise DataError(f"XML cannot hold the character {found[0]!r}", code="bad-value")
