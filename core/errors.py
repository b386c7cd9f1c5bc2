"""The error tree: every failure a user can cause or repair.

    SpanbridgeError
    ├── ConfigError    a choice that cannot work (unknown name, value out of range)
    ├── DataError      text or annotation that cannot be read; carries file and line
    ├── BackendError   a package, model, solver or network that is missing or failed
    └── StoreError     a stored run or review that cannot be read or written

Bugs stay ordinary exceptions and crash loudly. Each error has a slug `code` that scripts may rely
on and a `hint` that says what to do next.
"""

from __future__ import annotations

from typing import ClassVar, Literal, get_args

ErrorCode = Literal[
    "bad-annotation",
    "bad-config",
    "bad-line",
    "bad-value",
    "changed-meanwhile",
    "clashing-pins",
    "cluster-unreachable",
    "empty-corpus",
    "file-not-found",
    "file-not-writable",
    "infeasible",
    "layer-out-of-range",
    "marker-lost",
    "missing-corpus",
    "missing-gold",
    "missing-links",
    "missing-package",
    "missing-stage",
    "missing-translation",
    "model-not-found",
    "model-unusable",
    "no-room",
    "not-allowed",
    "not-parallel",
    "not-utf8",
    "solver-failed",
    "store-busy",
    "store-damaged",
    "store-full",
    "store-read-only",
    "store-too-new",
    "store-unreachable",
    "text-refused",
    "too-large",
    "unknown-format",
    "unknown-language",
    "unknown-name",
    "unsafe-file",
    "wrong-state",
]
ERROR_CODES: tuple[str, ...] = get_args(ErrorCode)


class Notice(UserWarning):
    """What a user must know of a result that came about all the same."""


class SpanbridgeError(Exception):
    """Base of all errors that are shown to a user instead of a traceback.

    Args:
        message: what must hold, then what was got.
        code: slug, stable across releases.
        hint: what the user can do about it; may be empty.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, code: ErrorCode, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code: ErrorCode = code
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class ConfigError(SpanbridgeError):
    """The user's choice cannot work: an unknown name, a value out of range, a missing stage."""

    exit_code = 2


class DataError(SpanbridgeError):
    """The user's text or annotation cannot be read.

    Args:
        message: what must hold, then what was got.
        code: slug, stable across releases.
        path: file the text came from, if any.
        line: 1-based line in that file, if known.
        hint: what the user can do about it.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        code: ErrorCode,
        path: str | None = None,
        line: int | None = None,
        hint: str = "",
    ) -> None:
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(where + message, code=code, hint=hint)
        self.reason = message
        self.path = path
        self.line = line


class BackendError(SpanbridgeError):
    """A package, model, solver or network is missing or failed."""

    exit_code = 4


class StoreError(SpanbridgeError):
    """A stored run or review cannot be read or written."""

    exit_code = 5
