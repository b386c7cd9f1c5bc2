"""Parallel text as other programs write it."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from core.corpora import BadLines
from core.errors import DataError
from core.exchange import export_pairs
from core.exchange.parallel import PARALLEL_FORMATS, guess_parallel_format
from core.exchange.parallel._cells import cell_text, safe_cell
from core.types import Link
from tests.builders import pair, sentence

TMX = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="EN-US" datatype="xml"/>
<body>
<tu tuid="1"><tuv xml:lang="EN-US"><seg>Press <bpt i="1">&lt;b&gt;</bpt>Save<ept i="1"/>\
 <hi>now</hi><ph>{1}</ph>.</seg></tuv>
<tuv xml:lang="pt-BR"><seg>Salvar</seg></tuv><tuv xml:lang="pt-PT"><seg>Guardar</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Alone</seg></tuv></tu>
<tu><prop type="x">y</prop><tuv lang="en_GB"><seg/></tuv><tuv lang="pt"><seg>Sim</seg></tuv></tu>
</body></tmx>
"""


def test_tmx_with_markup_and_regions(tmp_path: Path) -> None:
    path, bad = tmp_path / "a.tmx", BadLines()
    form = PARALLEL_FORMATS.create("tmx")
    for encoding in ("utf-8", "utf-16"):
        path.write_text(TMX.replace("utf-8", encoding), encoding=encoding)
        assert guess_parallel_format(path).name == "tmx"
        found = form.read(path, "en", "pt-BR", skip_bad=bad)
        assert [(one.source.text, one.target.text) for one in found] == [
            ("Press Save now.", "Salvar"),
            ("", "Sim"),
        ]
        assert [one.id for one in found] == ["1", ""]
    assert [(one.line, one.position) for one in bad.sentences] == [(7, 1)] * 2
    assert b"Alone" in bad.sentences[0].raw
    assert b"spanbridge" not in bad.sentences[0].raw
    with pytest.raises(DataError, match="one segment in 'pt', got 2"):
        form.read(path, "en", "pt")
    with pytest.raises(DataError, match="one segment in 'fr', got 0"):
        form.read(path, "en", "fr")


def test_tmx_needs_two_languages(tmp_path: Path) -> None:
    exported = export_pairs([pair(sentence("a", "en"), sentence("b", "en-GB"))], "tmx")
    assert (exported.written, "must differ" in exported.left_out[0].reason) == (0, True)
    (tmp_path / "a.tmx").write_text("<html/>")
    with pytest.raises(DataError, match="root of TMX"):
        PARALLEL_FORMATS.create("tmx").read(tmp_path / "a.tmx", "en", "de")


@pytest.mark.parametrize(
    ("content", "guess"),
    [
        ("source,target,id\nAda,Ada,x\n", "csv"),
        ("id;de;en\nx;Ada ging;Ada\n", "csv(separator=semicolon)"),
        ("Ada\tAda ging\n", "csv(separator=tab)"),
        ('"target","source"\n"Ada ging","Ada"\n', "csv"),
    ],
)
def test_columns_are_found_by_name(content: str, guess: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    choice = guess_parallel_format(path)
    assert str(choice) == guess
    found = PARALLEL_FORMATS.create(choice.name, choice.parameters).read(path, "en", "de")
    assert found[0].source.text == "Ada"
    assert found[0].id == ("x" if "x" in content else "")


def test_csv_faults_have_their_lines(tmp_path: Path) -> None:
    path, bad = tmp_path / "a.csv", BadLines()
    path.write_text('source,target\n"a\nb",c\nalone\n"x"y,z\nlast,row\n')
    found = PARALLEL_FORMATS.create("csv").read(path, "en", "de", skip_bad=bad)
    assert [one.source.text for one in found] == ["a\nb", "last"]
    assert [one.line for one in bad.sentences] == [4, 5]
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match="must name the columns"):
        PARALLEL_FORMATS.create("csv").read(path, "en", "de")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "'=1", "''-1", "=", "'"],
)
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    assert cell_text(safe_cell(text)) == text
    exported = export_pairs([pair(sentence("x", "en"), sentence("y", "de"), pair_id=text)], "csv")
    rows = list(csv.reader(io.StringIO(exported.content.decode(), newline="")))
    cell = rows[1][2]
    assert cell.startswith("'")
    (tmp_path / "a.csv").write_bytes(exported.content)
    assert PARALLEL_FORMATS.create("csv").read(tmp_path / "a.csv", "en", "de")[0].id == text


def test_an_apostrophe_is_no_formula() -> None:
    assert [safe_cell(text) for text in ("'t huis", "it's", "a=b", "", "1-2")] == [
        *("'t huis", "it's", "a=b", "", "1-2")
    ]


def test_what_a_spreadsheet_shows_otherwise_is_listed() -> None:
    exported = export_pairs([pair(sentence("=1+1", "en"), sentence("y", "de"))], "csv")
    assert [(one.part, one.before, one.after) for one in exported.changes] == [
        ("text", "=1+1", "'=1+1")
    ]


def test_pharaoh_writes_the_alignment_that_was_chosen() -> None:
    one = pair(sentence("a b", "en"), sentence("c d", "de"), "0-1 1-0")
    exported = export_pairs([one], "pharaoh", {"alignment": "given"})
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert archive.read("links.txt") == b"0-1 1-0\n"
    refused = export_pairs([one], "pharaoh", {"alignment": "other"})
    assert "must have the alignment 'other'" in refused.left_out[0].reason


def test_pharaoh_faults(tmp_path: Path) -> None:
    def packed(**files: str) -> Path:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(f"folder/{name}.txt", content)
        return tmp_path / "a.zip"

    form, bad = PARALLEL_FORMATS.create("pharaoh"), BadLines()
    path = packed(source="a\nb\n", target="c\nd\n", links="0-0\n0-7\n")
    found = form.read(path, "en", "de", skip_bad=bad)
    assert [one.links for one in found] == [{"file": (Link(0, 0),)}]
    assert [(one.line, one.raw) for one in bad.sentences] == [(2, b"b\nd\n0-7\n")]
    with pytest.raises(DataError, match="same number of lines") as caught:
        form.read(packed(source="a\n", target="c\nd\n"), "en", "de")
    assert caught.value.code == "not-parallel"
    with pytest.raises(DataError, match=r"source\.txt and target\.txt"):
        form.read(packed(source="a\n"), "en", "de")


def test_what_is_no_parallel_text_is_refused(tmp_path: Path) -> None:
    for content in (b"{}", b"<html>", b"\0\0", b"one column\n", b""):
        (tmp_path / "a.txt").write_bytes(content)
        with pytest.raises(DataError) as caught:
            guess_parallel_format(tmp_path / "a.txt")
        assert caught.value.code == "unknown-format"
