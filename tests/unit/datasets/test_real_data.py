"""The real corpora have the sizes their descriptions give; skipped where they are not here."""

from __future__ import annotations

from collections import Counter

import pytest

from core.corpora.conll import Conll
from core.corpora.uner import Uner
from core.datasets import load_corpus
from core.datasets._folder import missing_files, require_file
from core.text.pharaoh import read_links, read_reference_links
from core.types import Sentence, SentencePair

pytestmark = pytest.mark.real_data


def need(*files: str) -> None:
    missing = missing_files(files)
    if missing:
        pytest.skip(f"the data folder lacks {missing[0]}: set SPANBRIDGE_DATA")


def load(name: str, file: str, source: str, target: str, split: str = "") -> list[SentencePair]:
    need(file)
    return load_corpus(name, source=source, target=target, split=split)


def entities(sentences: list[Sentence]) -> int:
    return sum(len(sentence.spans) for sentence in sentences)


@pytest.mark.parametrize(("language", "count"), [("de", 693), ("es", 697), ("it", 693)])
def test_europarl(language: str, count: int) -> None:
    file = f"europarl-ner/{language}-europarl.test.conll02"
    pairs = load("europarl-ner", file, "en", language)
    assert len(pairs) == 799
    assert entities([pair.source for pair in pairs]) == 702
    assert entities([pair.target for pair in pairs]) == count


@pytest.mark.parametrize(
    ("language", "count", "same_classes"), [("de", 1039, 768), ("pt", 1099, 819)]
)
def test_parallel_ud(language: str, count: int, same_classes: int) -> None:
    folder = {"de": "German", "pt": "Portuguese"}[language]
    file = f"uner/{folder}-PUD/{language}_pud-ud-test.iob2"
    pairs = load("uner-pud", file, "en", language)
    assert len(pairs) == 1000
    assert entities([pair.source for pair in pairs]) == 1075
    assert entities([pair.target for pair in pairs]) == count
    assert sum(labels(pair.source) == labels(pair.target) for pair in pairs) == same_classes


def labels(sentence: Sentence) -> Counter[str]:
    return Counter(span.label for span in sentence.spans)


@pytest.mark.parametrize(
    ("target", "split", "sentences", "source_count", "target_count", "links"),
    [
        ("es", "train", 2000, 1743, 1724, (24325, 26817, 28221)),
        ("es", "test", 676, 612, 605, (8427, 9253, 9704)),
        ("fr", "train", 2000, 1743, 1720, (25471, 28132, 29731)),
        ("fr", "test", 676, 612, 605, (8764, 9636, 10228)),
    ],
)
def test_opinion_targets(
    target: str,
    split: str,
    sentences: int,
    source_count: int,
    target_count: int,
    links: tuple[int, int, int],
) -> None:
    file = f"absa-projection/{target}/gold.{split}.tsv"
    pairs = load("absa-projection", file, "en", target, split)
    assert len(pairs) == sentences
    assert entities([pair.source for pair in pairs]) == source_count
    assert entities([pair.target for pair in pairs]) == target_count
    names = ("awesome", "simalign", "fast_align")
    assert tuple(sum(len(pair.links[name]) for pair in pairs) for name in names) == links


@pytest.mark.parametrize(
    ("target", "split", "sentences", "count"),
    [("lg", "test", 1411, 2262), ("pcm", "test", 1556, 2285), ("yo", "train", 2520, 6309)],
)
def test_mafand(target: str, split: str, sentences: int, count: int) -> None:
    folder = {"lg": "en-lug", "pcm": "en-pcm", "yo": "en-yor"}[target]
    file = f"masakhaner2-mafand/{folder}/{split}.jsonl"
    pairs = load("masakhaner2-mafand", file, "en", target, split)
    assert len(pairs) == sentences
    assert entities([pair.source for pair in pairs]) == 0
    assert entities([pair.target for pair in pairs]) == count


@pytest.mark.parametrize(
    ("split", "sentences", "counts"),
    [
        ("dev", 960, {"PER": 400, "LOC": 395, "ORG": 424, "OTH": 154}),
        ("test", 1136, {"PER": 392, "LOC": 597, "ORG": 414, "OTH": 133}),
    ],
)
def test_croatian(split: str, sentences: int, counts: dict[str, int]) -> None:
    pairs = load("uner-hr", f"uner/Croatian-SET/hr_set-ud-{split}.iob2", "en", "hr", split)
    assert len({pair.id for pair in pairs}) == sentences
    assert Counter(span.label for pair in pairs for span in pair.target.spans) == counts
    assert not any(pair.source.words or pair.source_labelled for pair in pairs)


def test_words_make_up_every_text_of_universal_ner() -> None:
    file = "uner/English-EWT/en_ewt-ud-test.iob2"
    need(file)
    found = Uner().read(require_file(file), "en")
    assert len(found) == 2077
    assert entities(found) == 317 + 449 + 322
    assert all(one.text[a:b] == w for one in found for w, (a, b) in _places(one))
    assert sum(" ".join(one.words) != one.text for one in found) > 1000


def _places(sentence: Sentence) -> list[tuple[str, tuple[int, int]]]:
    return list(zip(sentence.words, sentence.char_offsets, strict=True))


def test_hash_words_of_noisy_text_are_kept() -> None:
    file = "wnut17/emerging.test.annotated"
    need(file)
    found = Conll().read(require_file(file), "en")
    assert len(found) == 1287
    assert sum(len(one.words) for one in found) == 23394
    assert sum(word.startswith("#") for one in found for word in one.words) == 247


@pytest.mark.parametrize(
    ("name", "sentences", "sure", "possible"),
    [("enfr", 447, 4038, 13400), ("roen", 248, 6198, 0)],
)
def test_gold_links_count_from_one(name: str, sentences: int, sure: int, possible: int) -> None:
    file = f"word-alignment/{name}.gold"
    need(file)
    found = read_links(require_file(file), one_based=True)
    kinds = Counter(link.sure for links in found for link in links)
    assert len(found) == sentences
    assert (kinds[True], kinds[False]) == (sure, possible)


def test_the_reference_holds_the_links_of_the_pharaoh_file() -> None:
    need("word-alignment/de-en/de-en.ref.wa", "word-alignment/de-en/de-en.wa")
    reference = read_reference_links(require_file("word-alignment/de-en/de-en.ref.wa"), 100)
    assert reference == read_links(require_file("word-alignment/de-en/de-en.wa"))
