"""What stages made of a source is found again for the same sentences and stages, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.chunks import prepared
from core.chunks.prepared import PreparedCache
from core.config import ComponentChoice
from core.types import SentencePair, Span
from tests.builders import pair, sentence
from tests.whole_corpora import by_links

GOLD = by_links(labeller=ComponentChoice(name="gold"))
PAIRS = [pair(sentence("Ada saw", "en"), sentence("Ada sah", "de"), "0-0")]
READY = [replace(PAIRS[0], source=replace(PAIRS[0].source, spans=(Span(0, 1, "PER"),)))]


@pytest.fixture
def cache(tmp_path: Path) -> PreparedCache:
    return PreparedCache(tmp_path / "cache")


def _files(cache: PreparedCache) -> list[Path]:
    return [path for path in cache.folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_found_by_the_next_method(cache: PreparedCache) -> None:
    assert cache.get(GOLD, PAIRS) is None
    cache.put(GOLD, PAIRS, READY)
    assert cache.get(GOLD, PAIRS) == READY
    other = GOLD.model_copy(update={"method": "other", "labels": ("LOC",)})
    assert cache.get(other, PAIRS) == READY


def test_other_sentences_stages_or_programs_find_nothing(
    cache: PreparedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.put(GOLD, PAIRS, READY)
    changed: list[SentencePair] = [replace(PAIRS[0], target=sentence("Ada sieht", "de"))]
    assert cache.get(GOLD, changed) is None
    assert cache.get(GOLD, [*PAIRS, *PAIRS]) is None
    for choice in (
        {"labeller": ComponentChoice(name="default")},
        {"labeller": ComponentChoice(name="gold", parameters={"x": 1})},
        {"translator": ComponentChoice(name="apertium")},
    ):
        assert cache.get(GOLD.model_copy(update=choice), PAIRS) is None
    monkeypatch.setattr(prepared, "__version__", "0")
    assert cache.get(GOLD, PAIRS) is None


def test_where_no_stage_makes_anything_nothing_is_kept(cache: PreparedCache) -> None:
    cache.put(by_links(), PAIRS, READY)
    assert cache.get(by_links(), PAIRS) is None
    assert not cache.folder.exists()


def test_what_is_damaged_is_made_anew(cache: PreparedCache) -> None:
    cache.put(GOLD, PAIRS, READY)
    (path,) = _files(cache)
    path.write_bytes(path.read_bytes()[:-4])
    assert cache.get(GOLD, PAIRS) is None
    cache.put(GOLD, PAIRS, READY)
    assert cache.get(GOLD, PAIRS) == READY


def test_where_there_is_no_room_the_work_goes_on(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    cache = PreparedCache(tmp_path / "cache")
    cache.put(GOLD, PAIRS, READY)
    assert cache.get(GOLD, PAIRS) is None


def test_it_lies_in_the_user_s_cache_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepared, "cache_folder", lambda: tmp_path)
    assert PreparedCache().folder == tmp_path / "prepared"
