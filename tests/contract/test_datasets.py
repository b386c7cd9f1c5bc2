"""Laws of every named corpus, on tiny data for those that are not bundled."""

from __future__ import annotations

import pytest

from core.datasets import DATASETS, Dataset, describe_corpora
from core.datasets._benchmark import Benchmark, OneSided, ready_languages
from core.datasets._folder import find_file

NAMED = tuple(name for name in DATASETS.names() if name != "files")


def test_the_corpora_are_these() -> None:
    assert DATASETS.names() == (
        "absa_projection",
        "demo",
        "europarl_ner",
        "files",
        "masakhaner2",
        "masakhaner2_mafand",
        "pan_x",
        "uner_hr",
        "uner_pud",
        "uner_treebanks",
    )


@pytest.mark.parametrize("name", DATASETS.names())
def test_it_follows_the_protocol(name: str) -> None:
    corpus = DATASETS.create(name)
    assert isinstance(corpus, Dataset)
    assert corpus.title
    assert corpus.licence
    assert corpus.description.endswith(".")


@pytest.mark.parametrize("name", NAMED)
def test_its_pairs_are_of_its_languages(name: str) -> None:
    corpus = DATASETS.create(name)
    assert corpus.pairs()
    assert len(set(corpus.pairs())) == len(corpus.pairs())
    assert {language for pair in corpus.pairs() for language in pair} == set(corpus.languages())
    assert all(source != target for source, target in corpus.pairs())


def first_split(corpus: Dataset, language: str) -> str:
    """Return a split that is here, of a benchmark; the usual one, of another corpus."""
    if not isinstance(corpus, Benchmark):
        return ""
    splits = corpus.splits_of(language)
    return next(one for one in splits if find_file(corpus.files(language, one)) is not None)


@pytest.mark.real_data
@pytest.mark.parametrize("name", NAMED)
def test_every_pair_listed_can_be_loaded(name: str) -> None:
    corpus = DATASETS.create(name)
    here = ready_languages(corpus) if isinstance(corpus, OneSided) else None
    if corpus.missing() and not here:
        pytest.skip(f"{name} lacks {corpus.missing()[0]}: set SPANBRIDGE_DATA")
    prefix = name.replace("_", "-")
    wanted = [pair for pair in corpus.pairs() if here is None or pair[1] in here]
    for source, target in wanted[:6]:
        split = first_split(corpus, target)
        pairs = corpus.load(source=source, target=target, split=split)
        ids = [pair.id for pair in pairs]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith(f"{prefix}:") for one in ids)
        assert {(pair.source.language, pair.target.language) for pair in pairs} == {
            (source, target)
        }
        for pair in pairs:
            for links in pair.links.values():
                assert list(links) == sorted(set(links))
                assert all(link.source < len(pair.source.words) for link in links)
                assert all(link.target < len(pair.target.words) for link in links)


def test_descriptions_use_dashes() -> None:
    names = [corpus.name for corpus in describe_corpora()]
    assert names == [name.replace("_", "-") for name in NAMED]
