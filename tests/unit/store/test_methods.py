"""Methods that people save, and who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import StoreError
from core.methods import VARIABLE, method, saved_methods
from core.store.methods import keep_method
from core.store.people import Actor
from tests.stores import ADMIN, REVIEWER, VIEWER


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))


def test_alone_no_name_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPANBRIDGE_AUTH", raising=False)
    keep_method(None, method("ilp"), "mine", "first")
    keep_method(VIEWER, method("ilp"), "mine", "second")
    assert saved_methods()["mine"].description == "second"


@pytest.mark.parametrize("actor", [None, VIEWER])
def test_on_a_server_whoever_only_looks_saves_nothing(
    actor: Actor | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPANBRIDGE_AUTH", "header")
    keep_method(REVIEWER, method("ilp"), "mine", "first")
    with pytest.raises(StoreError, match="must be reviewer") as raised:
        keep_method(actor, method("ilp"), "mine", "second")
    assert raised.value.code == "not-allowed"
    assert saved_methods()["mine"].description == "first"
    keep_method(ADMIN, method("ilp"), "mine", "third")
    assert saved_methods()["mine"].description == "third"
