import gc
import threading
from pathlib import Path
from typing import Any

from core.encoders.reading import Reader, shared_reader
from tests.tiny_models import save_tokenizer

WORDS = ["the", "cat", "sat", "mat"]


class _Counting:
    """A tokenizer that notes what it was given to read, and refuses two threads at once."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.read: list[list[str]] = []
        self.busy = threading.Lock()

    def __call__(self, texts: list[list[str]], **options: Any) -> Any:
        assert self.busy.acquire(blocking=False)
        self.read += texts
        try:
            return self.tokenizer(texts, **options)
        finally:
            self.busy.release()


def _counting(folder: Path) -> tuple[Reader, _Counting]:
    save_tokenizer(folder, WORDS)
    reader = shared_reader(str(folder))
    counting = _Counting(reader.tokenizer)
    reader.tokenizer = counting  # type: ignore[assignment]
    return reader, counting


def test_models_with_one_tokenizer_share_what_was_read_last(tmp_path: Path) -> None:
    encoder, counting = _counting(tmp_path)
    tagger = shared_reader(str(tmp_path))
    assert tagger is encoder
    source, target = (encoder.prepare(text.split()) for text in ("the cat", "cat sat"))
    first = encoder.tokenize([source, target, source])
    second = tagger.tokenize([target])
    assert counting.read == [["the", "cat"], ["cat", "sat"]]
    assert first[0].ids == first[2].ids
    assert second[0].ids == first[1].ids
    encoder.tokenize([source])  # not among the last any more
    assert counting.read[2:] == [["the", "cat"]]


def test_a_reader_goes_when_no_model_holds_it(tmp_path: Path) -> None:
    save_tokenizer(tmp_path, WORDS)
    reader = shared_reader(str(tmp_path))
    assert reader.tokenize([reader.prepare(["cat"])])
    del reader
    gc.collect()
    save_tokenizer(tmp_path, [*WORDS, "hat"])
    changed = shared_reader(str(tmp_path))
    assert changed.tokenize([changed.prepare(["hat"])])[0].ids != [changed.tokenizer.unk_token_id]


def test_threads_read_one_after_the_other(tmp_path: Path) -> None:
    reader, counting = _counting(tmp_path)
    found: list[list[int]] = []

    def read(word: str) -> None:
        found.extend(reader.tokenize([reader.prepare([word])])[0].ids for _ in range(50))

    threads = [threading.Thread(target=read, args=(word,)) for word in WORDS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 200
    assert {tuple(ids) for ids in found} == {
        tuple(reader.tokenize([reader.prepare([word])])[0].ids) for word in WORDS
    }
    assert len(counting.read) >= len(WORDS)
