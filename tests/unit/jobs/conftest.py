"""A runs folder of its own for every test."""

from __future__ import annotations

from tests.runs import root

__all__ = ["root"]
