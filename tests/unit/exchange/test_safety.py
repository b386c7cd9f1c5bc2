"""Files built to do harm: refused with a DataError, soon, and without unpacking them."""

from __future__ import annotations

import io
import json
import pickle
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.corpora import FORMATS, BadLines
from core.errors import DataError
from core.exchange import MAX_FILE_BYTES, preview_import, preview_pairs
from core.exchange.parallel import PARALLEL_FORMATS
from tests.unit.exchange.test_tools import XMI, archive

LAUGHS = "".join(
    f'<!ENTITY lol{level} "{f"&lol{level - 1};" * 10}">' if level else '<!ENTITY lol0 "lol">'
    for level in range(10)
)
DOCTYPES = {
    "billion-laughs": f"<!DOCTYPE x [{LAUGHS}]>",
    "external-file": '<!DOCTYPE x [<!ENTITY lol9 SYSTEM "file:///etc/passwd">]>',
    "external-address": '<!DOCTYPE x [<!ENTITY lol9 SYSTEM "http://127.0.0.1:9/x">]>',
    "parameter": '<!DOCTYPE x [<!ENTITY % lol9 SYSTEM "file:///etc/passwd"> %lol9;]>',
}


@pytest.fixture(autouse=True)
def _soon() -> object:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 10


def refused(content: bytes, name: str) -> str:
    """Return the code with which a file is refused."""
    languages = ("en", "de") if name.endswith(".tmx") else ("en",)
    preview: Callable[..., object] = preview_pairs if len(languages) == 2 else preview_import
    with pytest.raises(DataError) as caught:
        preview(content, *languages, name=name)
    assert caught.value.path == name
    return caught.value.code


@pytest.mark.parametrize("case", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_defines_no_entities(case: str, encoding: str) -> None:
    tmx = f"{DOCTYPES[case]}<tmx><body><tu><seg>&lol9;</seg></tu></body></tmx>"
    assert refused(tmx.encode(encoding), "a.tmx") == "unsafe-file"
    xmi = XMI.replace("<xmi:XMI", f"{DOCTYPES[case]}<xmi:XMI", 1).replace("Ada", "&lol9;")
    zipped = archive(a__xmi=xmi)
    assert refused(zipped, "a.zip") == "unsafe-file"


def test_xml_does_not_nest_without_end() -> None:
    deep = "<tmx>" + "<a>" * 100_000
    assert refused(deep.encode(), "a.tmx") == "unsafe-file"


def test_xml_in_an_encoding_that_hides_things_is_refused() -> None:
    content = '<?xml version="1.0" encoding="utf-7"?><tmx/>'
    assert refused(content.encode(), "a.tmx") == "not-utf8"


@pytest.mark.parametrize(
    "name", ["../a.ann", "/etc/a.ann", "x/../../a.ann", "C:\\a.ann", "..\\a.ann", "\\\\h\\a.ann"]
)
def test_no_archive_leaves_its_folder(name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(name, "")
        file.writestr("a.txt", "x")
    assert refused(buffer.getvalue(), "a.zip") == "unsafe-file"


def test_no_archive_unpacks_to_more_than_the_limit() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.ann", "")
        for name in ("a.txt", "b.txt"):
            file.writestr(name, b"\n" * (70 * 2**20))
    assert len(buffer.getvalue()) < 2**20
    assert refused(buffer.getvalue(), "a.zip") == "too-large"


def test_no_archive_has_more_files_than_the_limit() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(2_100):
            file.writestr(f"{number}.ann", "")
    assert refused(buffer.getvalue(), "a.zip") == "too-large"


def test_no_docbin_unpacks_to_more_than_the_limit() -> None:
    head = b"\x85\xa5attrs\xc6\x7f\xff\xff\xff"
    bomb = zlib.compress(head + bytes(140 * 2**20))
    assert len(bomb) < 2**20
    assert refused(bomb, "a.spacy") == "too-large"


def test_no_docbin_is_unpickled() -> None:
    """The numpy hook of MessagePack in srsly would unpickle an array of objects."""
    import srsly.msgpack

    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("a pickle was loaded",))

    array = {
        b"nd": True,
        b"type": "|O",
        b"kind": b"O",
        b"shape": [1],
        b"data": pickle.dumps(Harm()),
    }
    stored = srsly.msgpack.packb({"sentence_id": array}, use_bin_type=True)
    doc = {"attrs": [65], "lengths": bytes(4), "tokens": b"", "spaces": b"", "strings": []}
    harmful = {**doc, "tokens": array}
    content = zlib.compress(srsly.msgpack.packb(harmful, use_bin_type=True))
    assert refused(content, "a.spacy") == "bad-line"
    content = zlib.compress(srsly.msgpack.packb({**doc, "user_data": [stored]}, use_bin_type=True))
    seen = preview_import(content, "en", name="a.spacy")
    assert [one.id for one in seen.sentences] == [""]


def test_no_table_unpacks_to_more_than_the_limit(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000), pa.array(["x" * 10_000]))
    parquet.write_table(pa.table({"text": words}), path)
    assert path.stat().st_size < 2**20
    assert refused(path.read_bytes(), "a.parquet") == "too-large"


def test_no_docbin_repeats_a_long_word_for_ever() -> None:
    import srsly.msgpack
    from spacy.strings import get_string_id

    word, tokens = "x" * 2**20, 1_000
    content = {
        "attrs": [65],
        "lengths": tokens.to_bytes(4, "little"),
        "tokens": get_string_id(word).to_bytes(8, "little") * tokens,
        "spaces": bytes(tokens),
        "strings": [word],
    }
    assert (
        refused(zlib.compress(srsly.msgpack.packb(content, use_bin_type=True)), "a.spacy")
        == "too-large"
    )


@pytest.mark.parametrize("name", ["jsonl", "doccano", "prodigy", "argilla", "label_studio"])
@pytest.mark.parametrize("mark", ["[", '{"a":', '{"text": "a", "label": ['])
def test_deep_json_is_a_fault_of_its_line(name: str, mark: str, tmp_path: Path) -> None:
    path, bad = tmp_path / "a.json", BadLines()
    path.write_text("{" + '"text":' + mark * 100_000 + "\n")
    FORMATS.create(name).read(path, "en", skip_bad=bad)
    assert {one.code for one in bad.sentences} == {"bad-line"}


def test_many_broken_objects_do_not_take_for_ever(tmp_path: Path) -> None:
    path, bad = tmp_path / "a.json", BadLines()
    path.write_text("[\n" + '{"data": [\n{"text": "x"},\n' * 20_000)
    FORMATS.create("label_studio").read(path, "en", skip_bad=bad)
    assert len(bad) == 1001  # the rest as one, and that the list is not closed


def test_many_labels_in_a_long_text_do_not_take_for_ever(tmp_path: Path) -> None:
    text = "é 😂 " * 20_000
    labels = [[start, start + 1, "X"] for start in range(0, 5 * 20_000, 5)]
    words = [[start, start + 1] for start in range(0, 4 * 20_000, 2)]
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": text, "label": labels, "words": words}))
    found = FORMATS.create("doccano").read(path, "en")
    assert len(found[0].spans) == 20_000


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(DataError) as caught:
        preview_import(path, "en")
    assert caught.value.code == "too-large"
    assert refused(b" " * (MAX_FILE_BYTES + 1), "b.jsonl") == "too-large"


def test_the_name_of_an_upload_is_no_path(tmp_path: Path) -> None:
    seen = preview_import(b"Ada\tB-PER\n", "en", name="../../etc/a.conll")
    assert (seen.name, seen.form.name) == ("a.conll", "conll")
    seen = preview_import(b"Ada\tB-PER\n", "en", name="x\0/../..\\b.con\0ll")
    assert seen.form.name == "conll"


def test_html_and_sql_are_words(tmp_path: Path) -> None:
    form, path = PARALLEL_FORMATS.create("csv"), tmp_path / "a.csv"
    path.write_text("source,target\n<script>alert(1)</script>,'; DROP TABLE runs; --\n")
    found = form.read(path, "en", "de")[0]
    assert found.source.text == "<script>alert(1)</script>"
    assert found.target.text == "'; DROP TABLE runs; --"
