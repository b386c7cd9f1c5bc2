"""Error codes: used, documented, and the same in both places."""

from __future__ import annotations

import re
from pathlib import Path

from core.errors import ERROR_CODES, ConfigError, DataError

ROOT = Path(__file__).parents[2]


def test_every_code_is_raised_somewhere_and_documented() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "core").rglob("*.py"))
    raised = set(re.findall(r'code="([a-z0-9-]+)"', source))
    # The store names its codes in tables of what databases say.
    raised |= set(re.findall(r'": "(store-[a-z-]+)"', source))
    documented = set(
        re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs/errors.md").read_text("utf-8"), re.M)
    )
    assert raised == set(ERROR_CODES)
    assert documented == set(ERROR_CODES)


def test_data_errors_say_where() -> None:
    error = DataError("a tag must be O", code="bad-line", path="x.conll", line=7, hint="look")
    assert str(error) == "x.conll:7: a tag must be O (look)"
    assert (error.reason, error.exit_code) == ("a tag must be O", 3)
    assert str(ConfigError("no", code="bad-value")) == "no"
