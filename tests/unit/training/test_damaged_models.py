"""A model folder that somebody damaged is named, whatever is done with it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.encoders.tagger import BUNDLED_TAGGER, load_tagger, tagger_names
from core.errors import BackendError
from core.training.answering import load_answerer
from core.training.models import adapter_rank, base_tags, whole_base

READER = BUNDLED_TAGGER.parent / "reader"
DAMAGES = ["", "{bad", "{}", "[]", "null", '{"tags": 1, "base": "bundled", "peft_type": "LORA"}']
TAGGER = [
    ("tagger.json", tagger_names),
    ("tagger.json", base_tags),
    ("tagger.json", lambda name: load_tagger(name, "cpu")),
    ("adapter_config.json", whole_base),
    ("adapter_config.json", lambda name: load_tagger(name, "cpu")),
]
ANSWERER = [
    ("answerer.json", lambda name: load_answerer(name, "cpu")),
    ("adapter_config.json", lambda name: load_answerer(name, "cpu")),
]


@pytest.mark.parametrize(
    ("model", "file", "use"),
    [(BUNDLED_TAGGER, *case) for case in TAGGER] + [(READER, *case) for case in ANSWERER],
)
def test_a_damaged_description_is_named(
    model: Path, file: str, use: Callable[[str], object], tmp_path: Path
) -> None:
    for number, damage in enumerate(DAMAGES):
        folder = tmp_path / str(number)
        shutil.copytree(model, folder)
        (folder / file).write_text(damage)
        with pytest.raises(BackendError, match=str(folder)) as caught:
            use(str(folder))
        assert caught.value.code == "model-unusable", damage


def test_an_adapter_without_a_rank_has_none(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text('{"peft_type": "IA3"}')
    assert adapter_rank(str(tmp_path)) is None
    (tmp_path / "adapter_config.json").write_text('{"r": "many"}')
    with pytest.raises(BackendError, match="must be described"):
        adapter_rank(str(tmp_path))
