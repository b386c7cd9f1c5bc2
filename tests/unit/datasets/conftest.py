"""A data folder with tiny corpora in the layouts of the real ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.datasets._folder import VARIABLE

ALIGNERS = ("awesome", "simalign", "fast_align")


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Fill a folder with two hand-made sentences a corpus and make it the data folder."""
    folder = tmp_path / "data"
    for language in ("de", "en", "es", "it"):
        name = f"europarl-ner/{language}-europarl.test.conll02"
        put(folder, name, f"Bonn\tB-LOC\n{language}\tO\n\nAda\tB-PER\n\n")
    for language, corpus in (("de", "German"), ("en", "English"), ("pt", "Portuguese")):
        first = f"# sent_id = n1\n# text = Ada!\n1\tAda\tB-PER\t-\t{language}\n2\t!\tO\t-\t-\n"
        second = "# sent_id = n2\n# text = Bonn\n1\tBonn\tB-LOC\t-\t-\n"
        blocks = [second, first] if language == "pt" else [first, second]
        put(folder, f"uner/{corpus}-PUD/{language}_pud-ud-test.iob2", "\n".join(blocks))
    for split, word in (("dev", "Zagreb"), ("test", "Split")):
        rows = f"1\t{word}\tB-LOC\t-\t-\n2\tBL\tB-OTH\t-\t-\n"
        block = f"# sent_id = {split}1\n# text = {word} BL\n{rows}"
        put(folder, f"uner/Croatian-SET/hr_set-ud-{split}.iob2", f"{block}\n1\tx\tO\t-\t-\n")
    put_absa(folder)
    for pair in ("en-lug", "en-pcm", "fr-ewe"):
        for split in ("train", "dev", "test"):
            put_mafand(folder, pair, split)
    put_mafand(folder, "en-yor", "train")
    for split in ("train", "dev", "test"):
        put(folder, f"pan-x/sw/{split}", "sw:Ada\tB-PER\nsw:a:b\tO\n\nsw:Bonn\tI-LOC\n")
        put(folder, f"masakhaner2/lug/{split}.txt", "Ada B-PER\nleero B-DATE\n\nBonn B-LOC\n")
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def put(folder: Path, name: str, content: str) -> None:
    """Write a file and its folders."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def put_absa(folder: Path) -> None:
    """Write English sentences with spaces, gold with a third column, and links."""
    for split in ("train", "test"):
        put(
            folder,
            f"absa-projection/en/en.absa.{split}.tsv",
            "good O\nsoup B-TARGET\n\nbad O\n\n\n",
        )
        for language in ("es", "fr"):
            gold = "sopa\tB-TARGET\tHighQuality\nbuena\tO\t-\n\nmal\tO\t-\n"
            put(folder, f"absa-projection/{language}/gold.{split}.tsv", gold)
            for aligner in ALIGNERS:
                name = f"absa-projection/{language}/{aligner}.{split}.talp"
                put(folder, name, "1-0 0-1\n0-0\n")


def put_mafand(folder: Path, pair: str, split: str) -> None:
    """Write one sentence whose text has its words, and one whose text has not."""
    first = {"tokens": ["Ada", "!"], "tags": ["B-PER", "O"], "src_text": "It is Ada!"}
    second = {"tokens": ["1", "x"], "tags": ["O", "I-LOC"], "src_text": "--- one"}
    lines = [{**first, "tgt_text": "Ada!"}, {**second, "tgt_text": "one x"}]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    put(folder, f"masakhaner2-mafand/{pair}/{split}.jsonl", content)
