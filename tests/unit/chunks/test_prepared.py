"""What stages made of a source is found again for the same sentences and stages, and no others."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from core.chunks import prepared
from core.chunks.prepared import PreparedCache
from core.config import ComponentChoice, RunConfig
from core.types import SentencePair, Span
from tests.builders import pair, sentence
from tests.whole_corpora import by_links

GOLD = by_links(labeller=ComponentChoice(name="gold"))
PAIRS = [pair(sentence("Ada saw", "en"), sentence("Ada sah", "de"), "0-0")]
READY = [replace(PAIRS[0], source=replace(PAIRS[0].source, spans=(Span(0, 1, "PER"),)))]


def kept(cache: PreparedCache, config: RunConfig, pairs: list[SentencePair]) -> bool:
    """Tell whether something was made of these pairs before; what is made now is READY."""
    asked: list[bool] = []

    def make() -> list[SentencePair]:
        asked.append(True)
        return READY

    assert cache.ready(config, pairs, make) == READY
    return not asked


@pytest.fixture
def cache(tmp_path: Path) -> PreparedCache:
    return PreparedCache(tmp_path / "cache")


def _files(cache: PreparedCache) -> list[Path]:
    return [path for path in cache.folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_found_by_the_next_method(cache: PreparedCache) -> None:
    assert not kept(cache, GOLD, PAIRS)
    assert kept(cache, GOLD, PAIRS)
    assert kept(cache, GOLD.model_copy(update={"method": "other", "labels": ("LOC",)}), PAIRS)


def test_other_sentences_stages_or_programs_find_nothing(
    cache: PreparedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not kept(cache, GOLD, PAIRS)
    changed: list[SentencePair] = [replace(PAIRS[0], target=sentence("Ada sieht", "de"))]
    assert not kept(cache, GOLD, changed)
    assert not kept(cache, GOLD, [*PAIRS, *PAIRS])
    for choice in (
        {"labeller": ComponentChoice(name="default")},
        {"labeller": ComponentChoice(name="gold", parameters={"x": 1})},
        {"translator": ComponentChoice(name="apertium")},
        {"route": ComponentChoice(name="markers")},  # it makes its targets itself
    ):
        assert not kept(cache, GOLD.model_copy(update=choice), PAIRS)
    monkeypatch.setattr(prepared, "__version__", "0")
    assert not kept(cache, GOLD, PAIRS)


@pytest.mark.parametrize("stage", ["translator", "labeller"])
def test_a_file_that_has_changed_is_another_one(
    cache: PreparedCache, tmp_path: Path, stage: str
) -> None:
    folder = tmp_path / "model"
    (folder / "ner").mkdir(parents=True)
    for file in (folder / "ner" / "weights", tmp_path / "translations.tsv"):
        file.write_text("one")
    for value, file in (
        (tmp_path / "translations.tsv", tmp_path / "translations.tsv"),
        (folder, folder / "ner" / "weights"),
    ):
        choice = ComponentChoice(name="gold", parameters={"model": str(value)})
        config = GOLD.model_copy(update={stage: choice})
        assert not kept(cache, config, PAIRS)
        assert kept(cache, config, PAIRS)
        os.utime(file, ns=(0, 0))  # the same length
        assert not kept(cache, config, PAIRS)


def test_a_file_that_changes_meanwhile_is_another_one_afterwards(
    cache: PreparedCache, tmp_path: Path
) -> None:
    file = tmp_path / "translations.tsv"
    file.write_text("one")
    choice = ComponentChoice(name="precomputed", parameters={"file": str(file)})
    config = by_links(translator=choice)

    def make() -> list[SentencePair]:
        file.write_text("another")
        return PAIRS

    assert cache.ready(config, PAIRS, make) == PAIRS
    assert not kept(cache, config, PAIRS)


def test_where_no_stage_makes_anything_nothing_is_kept(cache: PreparedCache) -> None:
    assert not kept(cache, by_links(), PAIRS)
    assert not kept(cache, by_links(), PAIRS)
    assert not cache.folder.exists()


def test_what_is_damaged_is_made_anew(cache: PreparedCache) -> None:
    assert not kept(cache, GOLD, PAIRS)
    (path,) = _files(cache)
    path.write_bytes(path.read_bytes()[:-4])
    assert not kept(cache, GOLD, PAIRS)
    assert kept(cache, GOLD, PAIRS)


def test_where_there_is_no_room_the_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    cache = PreparedCache(tmp_path / "cache")
    assert not kept(cache, GOLD, PAIRS)
    assert not kept(cache, GOLD, PAIRS)


def test_it_lies_in_the_user_s_cache_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepared, "cache_folder", lambda: tmp_path)
    assert PreparedCache().folder == tmp_path / "prepared"
