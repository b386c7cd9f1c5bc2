"""Component families: what exists, what it needs, and how its parameters look.

A family is a folder; a component is one file in it, holding one frozen dataclass whose last line
registers it. The file's name is the component's name, so the two cannot drift apart. Names are
listed without importing anything; a component is imported when it is first asked for.

The dataclass's fields are the parameters. Types, ranges and help live in the annotation
(`Annotated[float, Field(ge=0, description="…")]`), and the page form, the command-line options,
the stored run and its signature are all derived from them.
"""

from __future__ import annotations

import pkgutil
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from core.errors import BackendError, ConfigError

T = TypeVar("T")
ParameterValue = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a component, as a form needs it.

    Attributes:
        name: field name.
        kind: which control fits.
        default: value when nothing is chosen.
        help: one sentence for the user.
        choices: allowed values, for `choice`.
        minimum: smallest allowed value (inclusive, or just above it where `open_minimum`).
        maximum: largest allowed value (inclusive, or just below it where `open_maximum`).
        optional: whether None is allowed.
        open_minimum: whether `minimum` itself is excluded.
        open_maximum: whether `maximum` itself is excluded.
    """

    name: str
    kind: Literal["bool", "int", "float", "text", "choice"]
    default: ParameterValue
    help: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    optional: bool = False
    open_minimum: bool = False
    open_maximum: bool = False


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a component can run here.

    Attributes:
        name: component name.
        packages: Python packages that are missing.
        programs: programs that are missing, each with the command that installs it.
    """

    name: str
    packages: tuple[str, ...] = ()
    programs: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """List all that is missing."""
        return (*self.packages, *self.programs)

    @property
    def available(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.missing

    @property
    def hint(self) -> str:
        """Return the command that installs what is missing, or an empty text."""
        pip = ["pip install " + " ".join(self.packages)] if self.packages else []
        return " && ".join(dict.fromkeys([*pip, *self.programs.values()]))


class Registry(Generic[T]):
    """The components of one family.

    Args:
        family: singular noun for messages, such as `aligner`.
        package: dotted name of the folder, such as `core.aligners`.
    """

    def __init__(self, family: str, package: str) -> None:
        self.family = family
        self.package = package
        self._classes: dict[str, type[T]] = {}

    def register(self, cls: type[T]) -> type[T]:
        """Add a component class under the name of its file.

        Raises:
            TypeError: the class is not a frozen dataclass in the family's folder.
        """
        package, _, name = cls.__module__.rpartition(".")
        if package != self.package or not is_dataclass(cls):
            msg = f"a {self.family} must be a dataclass in {self.package}, got {cls!r}"
            raise TypeError(msg)
        self._classes[name] = cls
        return cls

    def names(self) -> tuple[str, ...]:
        """List the components in the folder, sorted, without importing them."""
        folder = Path(__file__).parents[1].joinpath(*self.package.split("."))
        return tuple(
            sorted(
                module.name
                for module in pkgutil.iter_modules([str(folder)])
                if not module.name.startswith("_")
            )
        )

    def get(self, name: str) -> type[T]:
        """Import a component's class.

        Raises:
            ConfigError: no such component (code unknown-name).
        """
        if name not in self._classes:
            if name not in self.names():
                raise ConfigError(
                    f"{self.family} must be one of {', '.join(self.names())}, got {name!r}",
                    code="unknown-name",
                )
            import_module(f"{self.package}.{name}")
        return self._classes[name]

    def availability(self, name: str) -> Availability:
        """Say which of a component's packages and programs are not installed."""
        required: tuple[str, ...] = getattr(self.get(name), "requires", ())
        absent = {
            program: fix
            for program, fix in self.programs(name).items()
            if find_program(program) is None
        }
        return Availability(name, find_missing(required), absent)

    def programs(self, name: str) -> Mapping[str, str]:
        """Return the programs a component runs, each with the command that installs it."""
        programs: Mapping[str, str] = getattr(self.get(name), "programs", {})
        return programs

    def create(self, name: str, parameters: Mapping[str, object] | None = None) -> T:
        """Make a component from parameters, checked against its fields.

        Args:
            name: component name.
            parameters: field values; text such as `"0.8"` is converted.

        Raises:
            ConfigError: unknown component or parameter, or a value out of range.
            BackendError: a package or program it needs is not installed (code missing-package).
        """
        cls = self.get(name)
        availability = self.availability(name)
        if not availability.available:
            missing = ", ".join(availability.missing)
            raise BackendError(
                f"{self.family} {name!r} needs what is not installed here: {missing}",
                code="missing-package",
                hint=availability.hint,
            )
        return build(cls, parameters or {}, what=f"{self.family} {name!r}")

    def parameters(self, name: str) -> tuple[Parameter, ...]:
        """Describe a component's parameters in field order."""
        return describe_parameters(self.get(name))


def find_missing(packages: Sequence[str]) -> tuple[str, ...]:
    """Return which packages are not installed, without importing any."""
    return tuple(package for package in packages if find_spec(package) is None)


def find_program(name: str) -> str | None:
    """Find a program on the path or beside this Python, where pip puts those of its packages."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


def require_program(name: str, hint: str) -> str:
    """Return the path of a program.

    Args:
        name: its file name.
        hint: the command that installs it.

    Raises:
        BackendError: it is not installed (code missing-package).
    """
    found = find_program(name)
    if found is None:
        raise BackendError(
            f"the program {name} must be installed, got none", code="missing-package", hint=hint
        )
    return found


def build(cls: type[T], parameters: Mapping[str, object], *, what: str) -> T:
    """Make a dataclass from loosely typed values.

    Args:
        cls: a dataclass.
        parameters: field values, may be text.
        what: name for messages.

    Raises:
        ConfigError: an unknown field (code unknown-name) or a value that does not fit (bad-value).
    """
    known = {parameter.name for parameter in describe_parameters(cls)}
    for name in parameters:
        if name not in known:
            listing = ", ".join(sorted(known)) or "none"
            raise ConfigError(
                f"{what} has the parameters {listing}, got {name!r}", code="unknown-name"
            )
    adapter: TypeAdapter[T] = _ADAPTERS.get(cls) or TypeAdapter(cls)
    _ADAPTERS[cls] = adapter
    try:
        return adapter.validate_python(dict(parameters))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][:1])
        raise ConfigError(
            f"{what}: {field}: {first['msg']}, got {first['input']!r}", code="bad-value"
        ) from error


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
_DESCRIBED: dict[type[Any], tuple[Parameter, ...]] = {}


def describe_parameters(cls: type[Any]) -> tuple[Parameter, ...]:
    """Describe the fields of a dataclass as form parameters, in field order.

    Raises:
        TypeError: a field has no default or a type no form can show (a bug of the component).
    """
    if cls not in _DESCRIBED:  # a page asks for some sixty of them each time it is drawn
        hints = get_type_hints(cls, include_extras=True)
        _DESCRIBED[cls] = tuple(
            _parameter(field.name, hints[field.name], field.default)
            for field in fields(cls)
            if field.init
        )
    return _DESCRIBED[cls]


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    if default is MISSING:
        msg = f"parameter {name!r} must have a default"
        raise TypeError(msg)
    metadata = getattr(hint, "__metadata__", ())
    kind_type = get_args(hint)[0] if metadata else hint
    optional = False
    if get_origin(kind_type) in (Union, UnionType):
        members = [member for member in get_args(kind_type) if member is not type(None)]
        optional = len(members) < len(get_args(kind_type))
        kind_type = members[0]
    bounds = _bounds(metadata)
    return Parameter(
        name=name,
        kind=_kind(name, kind_type),
        default=default,
        optional=optional,
        choices=tuple(get_args(kind_type)) if get_origin(kind_type) is Literal else (),
        **bounds,
    )


def _kind(name: str, kind_type: Any) -> Literal["bool", "int", "float", "text", "choice"]:
    if get_origin(kind_type) is Literal:
        return "choice"
    kinds: dict[Any, Literal["bool", "int", "float", "text"]] = {
        bool: "bool",
        int: "int",
        float: "float",
        str: "text",
    }
    if kind_type not in kinds:
        msg = f"parameter {name!r} must be bool, int, float, str or a Literal, got {kind_type!r}"
        raise TypeError(msg)
    return kinds[kind_type]


def _bounds(metadata: tuple[Any, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in metadata:
        if not isinstance(item, FieldInfo):
            continue
        found["help"] = item.description or ""
        for constraint in item.metadata:
            if isinstance(constraint, Ge):
                found["minimum"] = constraint.ge
            elif isinstance(constraint, Gt):
                found["minimum"], found["open_minimum"] = constraint.gt, True
            elif isinstance(constraint, Le):
                found["maximum"] = constraint.le
            elif isinstance(constraint, Lt):
                found["maximum"], found["open_maximum"] = constraint.lt, True
    return found
