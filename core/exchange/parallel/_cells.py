"""Cells of a spreadsheet that no spreadsheet computes.

A cell that begins like a formula gets an apostrophe before it, which is how a spreadsheet is told
that a cell is text. One that already has such apostrophes gets one more, so that reading, which
takes one away, always gives back what was written.

Paper: OWASP, CSV Injection (the characters a formula can begin with).
"""

from __future__ import annotations

import re

# Also after white space, and in the full width that East Asian editions take for the same.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def safe_cell(text: str) -> str:
    """Return a cell's text as it is written."""
    return f"'{text}" if _FORMULA.match(text) else text


def cell_text(cell: str) -> str:
    """Return the text that `safe_cell` wrote.

    >>> cell_text(safe_cell("=1+1")), cell_text(safe_cell("'=1+1")), cell_text("it's")
    ('=1+1', "'=1+1", "it's")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
