"""Methods: our own, published ones, and those a user saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError, DataError
from core.methods import (
    DESCRIPTIONS,
    METHODS,
    VARIABLE,
    method,
    methods_folder,
    save_method,
    saved_methods,
)
from core.published import PUBLISHED
from core.registry import Registry
from core.workflow import Workflow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine"))
    return tmp_path / "mine"


def test_every_method_is_described_and_named_as_itself() -> None:
    assert set(DESCRIPTIONS) == set(METHODS)
    assert all(name == config.method for name, config in METHODS.items())


@pytest.mark.parametrize("name", [config.method for config, _ in PUBLISHED])
def test_published_methods_can_be_made_from_what_exists(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Registry, "availability", _all_there)
    workflow = Workflow.from_config(method(name))
    assert workflow.config.method == name
    assert name.rpartition("_")[2].isdigit()  # method_author_year


def _all_there(self: object, name: str) -> object:
    from core.registry import Availability

    return Availability(name)


def test_published_methods_differ_from_one_another() -> None:
    signatures = {
        config.signature().replace(f"method:{config.method}|", "") for config, _ in PUBLISHED
    }
    # Two systems stand in the tables of two papers each: links counted over n-grams and taken
    # greedily (Politov, Shkalikov), and the same by translation probability (García-Ferrero 2023).
    assert len(signatures) == len(PUBLISHED) - 2


def test_a_saved_method_comes_back(folder: Path) -> None:
    config = method("fused").model_copy(update={"labels": ("PER",)})
    path = save_method(config, "mine_2", "für mich")
    assert path == folder / "mine_2.json"
    assert method("mine_2") == config.model_copy(update={"method": "mine_2"})
    assert saved_methods()["mine_2"].description == "für mich"


@pytest.mark.parametrize("name", ["default", "../up", "", "a b"])
def test_a_bad_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="must be letters"):
        save_method(method("ilp"), name, "")
    assert not folder.exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"config": {}, "description": ""}'])
def test_a_broken_file_is_named(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "broken.json").write_text(text)
    with pytest.raises(ConfigError, match=r"broken\.json") as raised:
        method("broken")
    assert raised.value.code == "bad-config"


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    folder.write_text("a file")
    with pytest.raises(DataError) as raised:
        save_method(method("ilp"), "mine", "")
    assert raised.value.code == "file-not-writable"


def test_unknown_names_list_saved_methods_too(folder: Path) -> None:
    save_method(method("ilp"), "mine", "")
    with pytest.raises(ConfigError, match="mine, got 'nonsense'"):
        method("nonsense")


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert methods_folder() == tmp_path / "spanbridge" / "methods"
