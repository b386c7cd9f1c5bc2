"""Parameters read off dataclass fields."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from core.errors import BackendError, ConfigError
from core.registry import (
    Availability,
    Registry,
    build,
    describe_parameters,
    find_missing,
    find_program,
    require_program,
)
from core.scores import SCORES
from core.scores.align import Align


@dataclass(frozen=True)
class Example:
    """Fields of every kind."""

    requires: ClassVar[tuple[str, ...]] = ("no_such_package",)

    flag: Annotated[bool, Field(description="a flag")] = True
    count: Annotated[int, Field(ge=1, le=9, description="a count")] = 2
    share: Annotated[float | None, Field(gt=0, lt=1)] = None
    kind: Literal["one", "two"] = "one"
    name: str = "x"


def test_parameters_describe_the_form() -> None:
    flag, count, share, kind, name = describe_parameters(Example)
    assert (flag.kind, flag.default, flag.help) == ("bool", True, "a flag")
    assert (count.kind, count.minimum, count.maximum) == ("int", 1, 9)
    assert (share.kind, share.optional, share.minimum, share.open_minimum) == (
        "float", True, 0, True,
    )  # fmt: skip
    assert (kind.kind, kind.choices) == ("choice", ("one", "two"))
    assert name.kind == "text"


def test_a_field_without_default_is_a_bug() -> None:
    @dataclass(frozen=True)
    class Bare:
        count: int

    with pytest.raises(TypeError, match="must have a default"):
        describe_parameters(Bare)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"count": "0"}, "count: .*greater than or equal to 1, got '0'"),
        ({"share": 1.5}, "share: .*less than 1"),
        ({"kind": "three"}, "kind: .*'one' or 'two'"),
        ({"colour": 1}, "count, flag, kind, name, share, got 'colour'"),
    ],
)
def test_bad_values_name_the_field(values: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        build(Example, values, what="example")


def test_a_missing_package_is_reported_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Align, "requires", ("no_such_package",), raising=False)
    assert not SCORES.availability("align").available
    with pytest.raises(BackendError) as raised:
        SCORES.create("align")
    assert raised.value.hint == "pip install no_such_package"


def test_a_missing_program_is_reported_with_its_own_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    fixes = {"no-such-program": "apt-get install no-such-program", "python3": "never"}
    monkeypatch.setattr(Align, "programs", fixes, raising=False)
    assert SCORES.programs("align") == fixes
    assert SCORES.availability("align").missing == ("no-such-program",)
    with pytest.raises(BackendError, match=r"'align' needs.*: no-such-program") as raised:
        SCORES.create("align")
    assert (raised.value.code, raised.value.hint) == ("missing-package", fixes["no-such-program"])


@pytest.mark.parametrize(
    ("packages", "programs", "hint"),
    [
        ((), {}, ""),
        (("a", "b"), {}, "pip install a b"),
        ((), {"p": "apt-get install p"}, "apt-get install p"),
        (("a",), {"p": "get it", "q": "get it"}, "pip install a && get it"),
    ],
)
def test_the_hint_installs_all_that_is_missing(
    packages: tuple[str, ...], programs: dict[str, str], hint: str
) -> None:
    availability = Availability("x", packages, programs)
    assert availability.hint == hint
    assert availability.missing == (*packages, *programs)
    assert availability.available == (not hint)


def test_programs_are_found_beside_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "some-program"
    program.touch(0o755)
    monkeypatch.setenv("PATH", "")
    assert find_program("some-program") is None
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert find_program("some-program") == str(program)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert require_program("some-program", "") == str(program)
    with pytest.raises(BackendError, match="other must be installed") as raised:
        require_program("other", "get other")
    assert (raised.value.code, raised.value.hint) == ("missing-package", "get other")


def test_registering_a_class_of_another_folder_is_a_bug() -> None:
    with pytest.raises(TypeError, match=r"dataclass in core\.scores"):
        Registry[Example]("score", "core.scores").register(Example)


def test_find_missing_imports_nothing() -> None:
    assert find_missing(("pytest", "no_such_package")) == ("no_such_package",)


def test_listing_names_imports_no_component_and_help_is_light() -> None:
    code = (
        "import sys; from core.scores import SCORES; SCORES.names(); from core.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'spacy', 'simalign', 'pulp', 'streamlit', 'scipy'}\n"
        "sys.exit(bool(heavy & set(sys.modules)) or 'core.scores.align' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
