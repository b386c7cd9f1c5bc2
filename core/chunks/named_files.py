"""Files that a configuration names, such as translations or a model in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from glob import escape, iglob
from pathlib import Path

from core.config import SINGLE_STAGES, ComponentChoice, RunConfig
from core.encoders.loading import model_place
from core.errors import BackendError, DataError
from core.text.files import stamp_of

_LANGUAGES = ("{source}", "{target}")


def files_of_config(config: RunConfig) -> str:
    """Return `files_of_choices` for all stages of a configuration."""
    chosen = [getattr(config, stage) for stage in SINGLE_STAGES]
    # An encoder's name is its model, unless a parameter says otherwise.
    encoder = ComponentChoice(name="", parameters={"model": config.encoder.name})
    return files_of_choices(filter(None, [*chosen, *config.candidates, *config.scores, encoder]))


def files_of_choices(choices: Iterable[ComponentChoice]) -> str:
    """Return a text that is another one once a file named by a parameter has been changed.

    It has the size and the time of change of every file, those below a folder included. `{source}`
    and `{target}` in a path stand for any language, `run:RUN` for the model that a run has made.
    What is no path of a file or folder that is there adds nothing.

    Args:
        choices: components with their parameters.
    """
    values = {value for one in choices for value in one.parameters.values()}
    paths = {path for one in values if isinstance(one, str) and one for path in _paths(one)}
    files = {file for path in paths for file in _files(path)}
    return "\n".join(filter(None, map(_stamped, sorted(files))))


def _paths(value: str) -> Iterator[Path]:
    with suppress(BackendError):  # a run that is not there is told by whoever wants its model
        value = model_place(value)
    pattern = escape(str(Path(value).expanduser()))
    for language in _LANGUAGES:
        pattern = pattern.replace(language, "*")
    yield from map(Path, iglob(pattern))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)


def _stamped(path: Path) -> str:
    with suppress(DataError):  # it may go away meanwhile
        return f"{path} {stamp_of(path)}"
    return ""
