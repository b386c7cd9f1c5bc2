"""Files as the tools themselves write them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.corpora import FORMATS, BadLines, guess_format
from core.errors import DataError
from core.types import Sentence


def entities(one: Sentence) -> list[tuple[str, str]]:
    return [(one.text_of(span), span.label) for span in one.spans]


def read(
    path: Path, content: str | bytes, name: str, *, guessed: bool = True, **options: Any
) -> tuple[list[Sentence], BadLines]:
    """Write a file, check that it is recognised, and read it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if guessed and not options:
        assert guess_format(path).name == name
    bad = BadLines()
    return FORMATS.create(name, options).read(path, "en", skip_bad=bad), bad


def archive(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_conll2003_as_it_was_published(tmp_path: Path) -> None:
    content = (
        "-DOCSTART- -X- -X- O\n\nEU NNP B-NP I-ORG\nrejects VBZ B-VP O\nGerman JJ B-NP I-MISC\n"
        "call NN I-NP O\n. . O O\n\nPeter NNP B-NP I-PER\nBlackburn NNP I-NP I-PER\n\n"
        "-DOCSTART- -X- -X- O\n\nUK NNP I-NP I-LOC\nUS NNP I-NP B-LOC\n"
    )
    found, bad = read(tmp_path / "eng.testa", content, "conll2003")
    assert not bad
    assert [entities(one) for one in found] == [
        [("EU", "ORG"), ("German", "MISC")],
        [("Peter Blackburn", "PER")],
        [("UK", "LOC"), ("US", "LOC")],
    ]
    assert [one.line for one in found] == [3, 9, 14]


def test_conll2002_as_it_was_published(tmp_path: Path) -> None:
    content = "Melbourne B-LOC\n( O\nAustralia B-LOC\n) O\n\nEFE B-LOC x\n\n# O\nEFE B-ORG\n"
    found, bad = read(tmp_path / "esp.train", content, "conll2002", guessed=False)
    assert [one.words for one in found] == [("Melbourne", "(", "Australia", ")"), ("#", "EFE")]
    assert [(one.line, one.lines) for one in bad.sentences] == [(6, (6, 6))]


def test_doccano_as_it_exports(tmp_path: Path) -> None:
    content = (
        '{"id": 1, "text": "EU rejects German call", "label": [[0, 2, "ORG"], [11, 17, "MISC"]]}\n'
        '{"id": 2, "text": "😂 Ada left", "label": [[3, 6, "PER"]], "Comments": []}\n'
        '{"id": 3, "text": "Bo left", "entities": [{"id": 9, "label": "PER", "start_offset": 0, '
        '"end_offset": 2}], "relations": [{"id": 1, "from_id": 9, "to_id": 9, "type": "x"}]}\n'
        '{"id": 4, "text": "Bo left", "label": [[0, 1, "PER"]]}\n'
        '{"id": 5, "text": "Bo left", "label": [[0, 2, "PER"], [0, 2, "LOC"]]}\n'
        '{"id": 6, "text": "Bo left", "label": ["PER"]}\n'
    )
    found, bad = read(tmp_path / "all.jsonl", content, "doccano")
    assert [(one.id, entities(one)) for one in found] == [
        ("1", [("EU", "ORG"), ("German", "MISC")]),
        ("2", [("Ada", "PER")]),
        ("3", [("Bo", "PER")]),
    ]
    assert bad.ignored["relation"] == 1
    reasons = [one.reason for one in bad.sentences]
    assert ["word border" in reasons[0], "overlap" in reasons[1], "[start" in reasons[2]]
    assert [one.line for one in bad.sentences] == [4, 5, 6]


def test_doccano_in_code_points_is_told_by_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "😂😂 Ada left", "label": [[3, 6, "PER"]]}\n')
    guess = guess_format(path)
    assert str(guess) == "doccano(offsets=code-points)"
    found = FORMATS.create(guess.name, guess.parameters).read(path, "en")
    assert entities(found[0]) == [("Ada", "PER")]
    with pytest.raises(DataError, match="UTF-16 code units"):
        FORMATS.create("doccano").read(path, "en")


def test_prodigy_as_db_out_writes(tmp_path: Path) -> None:
    tokens = [("Ada", 0, 3), (" ", 4, 5), ("left", 5, 9)]
    task = {
        "text": "Ada  left",
        "_input_hash": -1,
        "tokens": [
            {"text": text, "start": start, "end": end, "id": place, "ws": start == 0}
            for place, (text, start, end) in enumerate(tokens)
        ],
        "spans": [{"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "PER"}],
        "_view_id": "ner_manual",
    }
    rows = [{**task, "answer": answer} for answer in ("accept", "reject", "ignore")]
    shifted = {**task, "spans": [{**task["spans"][0], "token_end": 2}]}  # type: ignore[index]
    bare = {
        "text": "Bo left",
        "spans": [{"start": 0, "end": 2, "label": "PER"}],
        "answer": "accept",
    }
    content = "".join(json.dumps(row) + "\n" for row in (*rows, shifted, bare))
    found, bad = read(tmp_path / "out.jsonl", content, "prodigy")
    assert [one.words for one in found] == [("Ada", "left"), ("Bo", "left")]
    assert entities(found[0]) == [("Ada", "PER")]
    assert ["got 'reject'" in bad.sentences[0].reason, bad.sentences[2].line] == [True, 4]
    assert len(bad) == 3


def label_studio_task(text: str, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    annotation = {"id": 9, "completed_by": 1, "was_cancelled": False, "result": list(results)}
    return {"id": 7, "data": {"text": text}, "annotations": [annotation], **more}


def result(start: int, end: int, label: str, text: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    if text is not None:
        value["text"] = text
    return {
        "id": "a",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
        "value": value,
    }


def test_label_studio_as_it_exports(tmp_path: Path) -> None:
    choice = {"type": "choices", "value": {"choices": ["x"]}, "from_name": "c", "to_name": "text"}
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    tasks = [
        label_studio_task("Ada left", result(0, 3, "PER", "Ada"), choice, relation),
        label_studio_task("💩 Ada", result(3, 6, "PER", "Ada")),  # before 1.4: UTF-16 code units
        label_studio_task("💩 Ada", result(2, 5, "PER", "Ada")),  # since: code points
        label_studio_task("💩 Ada", result(2, 5, "PER", "Bob")),
        {"id": 1, "data": {"text": "Bo"}, "annotations": [], "predictions": [
            {"model_version": "1", "score": 0.5, "result": [result(0, 2, "PER")]}
        ]},
        {"id": 2, "data": {"text": "Bo"}, "annotations": [{"was_cancelled": True, "result": []}]},
    ]  # fmt: skip
    for indent in (None, 2):
        content = json.dumps(tasks, indent=indent, ensure_ascii=False)
        found, bad = read(tmp_path / "project.json", content, "label_studio")
        assert [entities(one) for one in found] == [[("Ada", "PER")]] * 3 + [[("Bo", "PER")]]
        assert [one.id for one in found] == ["7", "7", "7", "1"]
        assert dict(bad.ignored) == {"choices": 1, "relation": 1}
        assert [one.position for one in bad.sentences] == [3, 5]
        assert b"Bob" in bad.sentences[0].raw


def test_label_studio_in_short(tmp_path: Path) -> None:
    content = json.dumps(
        [{"id": 1, "text": "Ada left", "label": [{"start": 0, "end": 3, "labels": ["PER"]}]}]
    )
    found, bad = read(tmp_path / "min.json", content, "label_studio")
    assert [entities(one) for one in found] == [[("Ada", "PER")]]
    assert not bad


def test_label_studio_that_disagrees_is_set_aside(tmp_path: Path) -> None:
    one = {"result": [result(0, 3, "PER")]}
    other = {"result": [result(0, 3, "LOC")]}
    tasks = [
        {"data": {"text": "Ada left"}, "annotations": [one, other]},
        {"data": {"text": "Ada left"}, "annotations": [one, {**other, "ground_truth": True}]},
    ]
    found, bad = read(tmp_path / "a.json", json.dumps(tasks), "label_studio")
    assert [entities(sentence) for sentence in found] == [[("Ada", "LOC")]]
    assert "must agree" in bad.sentences[0].reason


def test_argilla_as_its_sdk_exports(tmp_path: Path) -> None:
    span = {"label": "PER", "start": 0, "end": 3}
    base = {"fields": {"text": "Ada left"}, "metadata": {}, "vectors": {}, "_server_id": "x"}
    suggested = {"ner": {"value": [span], "score": [0.9], "agent": "model"}}
    answers = {"ner": [{"value": [], "user_id": "u", "status": "submitted"}]}
    discarded = {"ner": [{"value": [span], "user_id": "u", "status": "discarded"}]}
    split = {"ner": [*answers["ner"], {"value": [span], "user_id": "v"}]}
    records = [
        {**base, "id": "1", "suggestions": suggested, "responses": {}},
        {**base, "id": "2", "suggestions": suggested, "responses": answers},
        {**base, "id": "3", "suggestions": suggested, "responses": discarded},
        {**base, "id": "4", "suggestions": {}, "responses": split},
        {**base, "id": "5", "suggestions": {"other": {"value": "yes"}}, "responses": {}},
    ]
    as_list = json.dumps(records)
    as_lines = "".join(json.dumps(record) + "\n" for record in records)
    for content in (as_list, as_lines):
        found, bad = read(tmp_path / "records.json", content, "argilla")
        assert [(one.id, entities(one)) for one in found] == [
            ("1", [("Ada", "PER")]),
            ("2", []),
            ("5", []),
        ]
        assert ["discarded" in bad.sentences[0].reason, len(bad)] == [True, 2]


def test_brat_in_an_archive_and_alone(tmp_path: Path) -> None:
    text = "💩 Ada left Turin\nBo and\nCy Lee\n"
    rows = (
        "T1\tPER 2 5\tAda\nT2\tLOC 11 16\tTurin\nR1\tlives Arg1:T1 Arg2:T2\n#1\tNote T1\tx\n"
        "T3\tPER 17 19\tXX\nT4\tPER 24 26;27 30\tCy Lee\n"
    )
    content = archive(a__txt=text, a__ann=rows, b__txt="", annotation__conf="[entities]")
    found, bad = read(tmp_path / "brat.zip", content, "brat")
    assert [entities(one) for one in found] == [[("Ada", "PER"), ("Turin", "LOC")]]
    assert dict(bad.ignored) == {"relation": 1, "note": 1}
    assert ["'XX'" in bad.sentences[0].reason, "one stretch" in bad.sentences[1].reason] == [
        True
    ] * 2
    assert [(one.line, one.position) for one in bad.sentences] == [(5, 1), (6, 2)]
    (tmp_path / "b.txt").write_text("Ada left")
    found, bad = read(tmp_path / "b.ann", "T1\tPER 0 3\tAda\n", "brat")
    assert [entities(one) for one in found] == [[("Ada", "PER")]]
    with pytest.raises(DataError, match="must lie beside"):
        read(tmp_path / "c.ann", "T1\tPER 0 3\tAda\n", "brat")


def test_docbin_as_spacy_trains(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    nlp = spacy.blank("en")
    doc = nlp("Ada Lovelace left\n  Turin quickly.")
    doc.ents = [doc.char_span(0, 12, "PERSON"), doc.char_span(20, 25, "GPE")]
    path = tmp_path / "train.spacy"
    DocBin(docs=[doc, nlp("")]).to_disk(path)
    found, bad = read(path, path.read_bytes(), "docbin")
    assert [entities(one) for one in found] == [[("Ada Lovelace", "PERSON"), ("Turin", "GPE")], []]
    assert found[0].text == doc.text
    assert found[0].words == ("Ada", "Lovelace", "left", "Turin", "quickly", ".")
    assert not bad


def test_parquet_as_datasets_writes(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    features = datasets.Features(
        {
            "id": datasets.Value("string"),
            "tokens": datasets.Sequence(datasets.Value("string")),
            "ner_tags": datasets.Sequence(datasets.ClassLabel(names=names)),
        }
    )
    rows = {"id": ["0", "1"], "tokens": [["Ada", "B"], []], "ner_tags": [[1, 2], []]}
    path = tmp_path / "train.parquet"
    datasets.Dataset.from_dict(rows, features=features).to_parquet(str(path))
    found, bad = read(path, path.read_bytes(), "parquet")
    assert [(one.id, entities(one)) for one in found] == [("0", [("Ada B", "PER")]), ("1", [])]
    assert not bad


def test_parquet_without_names_asks_for_them(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"tokens": [["Ada"], ["Bo"]], "ner_tags": [[1], [7]]}), path)
    with pytest.raises(DataError, match="numbers below 0"):
        FORMATS.create("parquet").read(path, "en")
    found, bad = read(path, path.read_bytes(), "parquet", tag_names="O,B-PER")
    assert [entities(one) for one in found] == [[("Ada", "PER")]]
    assert bad.sentences[0].raw.startswith(b'{"tokens": ["Bo"]')


XMI = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"
 xmlns:type4="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
 xmlns:type3="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
 xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
<cas:NULL xmi:id="0"/>
<type4:Sentence xmi:id="2" sofa="1" begin="0" end="11"/>
<type4:Sentence xmi:id="3" sofa="1" begin="12" end="19"/>
<type4:Token xmi:id="4" sofa="1" begin="0" end="2"/>
<type4:Token xmi:id="5" sofa="1" begin="3" end="6"/>
<type4:Token xmi:id="6" sofa="1" begin="7" end="11"/>
<type4:Token xmi:id="7" sofa="1" begin="12" end="14"/>
<type4:Token xmi:id="8" sofa="1" begin="15" end="19"/>
<type3:NamedEntity xmi:id="9" sofa="1" begin="3" end="6" value="PER"/>
<type3:NamedEntity xmi:id="10" sofa="1" begin="12" end="14"/>
<custom:Mood xmi:id="11" sofa="1" begin="7" end="11" value="sad"/>
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text/plain"
 sofaString="😂 Ada left&#10;Bo left"/>
<cas:View sofa="1" members="2 3 4 5 6 7 8 9 10 11"/>
</xmi:XMI>
"""


def test_inception_as_it_exports(tmp_path: Path) -> None:
    content = archive(TypeSystem__xml="<typeSystemDescription/>", demo__xmi=XMI)
    for data in (content, XMI):
        found, bad = read(
            tmp_path / "a.zip" if data == content else tmp_path / "a.xmi", data, "inception"
        )
        assert [(one.words, entities(one)) for one in found] == [
            (("😂", "Ada", "left"), [("Ada", "PER")])
        ]
        assert [(one.line, one.raw) for one in bad.sentences] == [(8, b"Bo left\n")]
    found, bad = read(tmp_path / "a.xmi", XMI, "inception", layer="Mood")
    assert [entities(one) for one in found] == [[("left", "sad")], []]


def test_an_unfinished_list_is_told_and_read_as_far_as_it_goes(tmp_path: Path) -> None:
    tasks = [label_studio_task(text) for text in ("a", "b", "c")]
    lines = ",\n".join(json.dumps(task) for task in tasks)
    found, bad = read(tmp_path / "a.json", f"[\n{lines[:-20]}", "label_studio")
    assert [one.text for one in found] == ["a", "b"]
    assert [one.line for one in bad.sentences] == [4, 4]
    found, bad = read(tmp_path / "b.json", f"[\n{lines.replace('{', '}{', 1)}\n]", "label_studio")
    assert [one.text for one in found] == ["b", "c"]
    assert [one.line for one in bad.sentences] == [2]
