"""Text of one language alone, pasted or from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import raw_text
from core.corpora import BadLines
from core.errors import ConfigError, DataError
from core.raw_text import RawText, read_bytes, read_file, read_text
from core.text.brackets import to_brackets
from core.text.languages import describe_language, find_language
from core.text.paragraphs import split_sentences

CONLL = "Ada B-PER\nvive O\nen O\nRoma B-LOC\n\nNada O\n"


def spanish(text: str, split_by: raw_text.SplitBy = "lines") -> RawText:
    return read_text(text, language="es", source_language="en", split_by=split_by)


def test_a_line_is_a_sentence_named_by_its_number() -> None:
    pairs = spanish("Uno.\r\n\n  \t\n  Dos y tres.  ").pairs
    assert [(pair.id, pair.target.text) for pair in pairs] == [("1", "Uno."), ("4", "Dos y tres.")]
    assert [pair.target.line for pair in pairs] == [1, 4]
    for pair in pairs:
        assert (pair.source.words, pair.source.language, pair.source.id) == ((), "en", pair.id)
        assert not pair.has_gold
        assert not pair.source_labelled


def test_a_line_can_be_a_paragraph() -> None:
    pairs = spanish("Uno. Dos.\n\nEl Sr. García duerme.", "sentences").pairs
    assert [(pair.id, pair.target.text) for pair in pairs] == [
        ("1.1", "Uno."),
        ("1.2", "Dos."),
        ("3.1", "El Sr. García duerme."),
    ]


@pytest.mark.parametrize(
    ("language", "paragraph", "sentences"),
    [
        ("ar", "أعيش في القاهرة. هل تعرفه؟ نعم!", ["أعيش في القاهرة.", "هل تعرفه؟", "نعم!"]),
        ("zh", "我在北京。他说：“好！”走吧？", ["我在北京。", "他说：“好！”", "走吧？"]),
        ("ja", "東京にいます。大阪へ行く！", ["東京にいます。", "大阪へ行く！"]),
        ("hi", "मैं दिल्ली में हूँ। वह गया।", ["मैं दिल्ली में हूँ।", "वह गया।"]),
        ("es", "¿Quién? (Yo.) “No.” ¡Sí!", ["¿Quién?", "(Yo.)", "“No.”", "¡Sí!"]),
        ("de", "„Ja.“ „Nein!“ sagte er.", ["„Ja.“", "„Nein!“", "sagte er."]),
        ("th", "ฉันอยู่กรุงเทพ", ["ฉันอยู่กรุงเทพ"]),
        ("xx", "  ", []),
    ],
)
def test_sentences_end_at_the_marks_of_their_script(
    language: str, paragraph: str, sentences: list[str]
) -> None:
    assert split_sentences(paragraph, language) == sentences


def test_brackets_in_running_text_are_text() -> None:
    (pair,) = spanish("Roma [1] y [PER Ada]").pairs
    assert pair.target.text == "Roma [1] y [PER Ada]"
    assert pair.target.spans == ()


@pytest.mark.parametrize("text", ["", " \n\t\n", "\n" * 50])
def test_no_words_are_told(text: str) -> None:
    with pytest.raises(DataError, match="at least one sentence") as raised:
        spanish(text)
    assert raised.value.code == "empty-corpus"


def test_broken_characters_are_told() -> None:
    with pytest.raises(DataError) as raised:
        spanish("a\udce9b")
    assert raised.value.code == "not-utf8"


@pytest.mark.parametrize("code", ["", "Klingon!", "e", "english", "es en"])
def test_a_language_must_be_a_code(code: str) -> None:
    with pytest.raises(ConfigError, match="BCP-47") as raised:
        read_text("a", language=code, source_language="en")
    assert raised.value.code == "unknown-language"


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="at most 2000 words, got 2001") as raised:
        spanish("Hola.\n" + "a " * 2001)
    assert (raised.value.code, raised.value.line) == ("bad-value", 2)
    with pytest.raises(DataError, match="at most 1 sentences at once, got 2"):
        spanish("a\nb").check_number(1)
    monkeypatch.setattr(raw_text, "MOST_MEGABYTES", 0)
    path = tmp_path / "a.txt"
    path.write_text("a", encoding="utf-8")
    with pytest.raises(DataError, match="at most 0 MB"):
        read_file(path, language="es", source_language="en")


@pytest.mark.parametrize(
    ("name", "content", "form", "texts", "gold"),
    [
        ("a.txt", "Uno.\n\nDos.", "text", ["Uno.", "Dos."], 0),
        ("a.conll", CONLL, "conll2002", ["Ada vive en Roma", "Nada"], 2),
        ("a.txt", "[PER Ada] vive.\nNada.", "brackets", ["Ada vive.", "Nada."], 1),
        ("a.jsonl", '{"text": "Ada vive", "spans": [[0, 3, "PER"]]}', "jsonl", ["Ada vive"], 1),
        (
            "a.iob2",
            "# sent_id = s7\n# text = Ada vive\n1\tAda\tB-PER\t-\t-\n2\tvive\tO\t-\t-\n",
            "uner",
            ["Ada vive"],
            1,
        ),
    ],
)
def test_files_keep_their_entities_aside(
    name: str, content: str, form: str, texts: list[str], gold: int
) -> None:
    raw = read_bytes(content.encode(), name, language="es", source_language="en")
    assert (raw.form, raw.gold_entities) == (form, gold)
    assert [pair.target.text for pair in raw.pairs] == texts
    assert {pair.has_gold for pair in raw.pairs} == {gold > 0}
    assert all(not pair.source.spans for pair in raw.pairs)
    assert len({pair.id for pair in raw.pairs}) == len(texts)


def test_a_files_own_names_are_kept_where_they_differ() -> None:
    content = "\n".join(f'{{"text": "Ada", "id": "{name}"}}' for name in ("x", "y"))
    raw = read_bytes(content.encode(), "a.jsonl", language="es", source_language="en")
    assert [pair.id for pair in raw.pairs] == ["x", "y"]
    same = read_bytes(
        content.replace("y", "x").encode(), "a.jsonl", language="es", source_language="en"
    )
    assert [pair.id for pair in same.pairs] == ["1", "2"]


def test_a_wrong_guess_can_be_overruled() -> None:
    data = b"Vean [Roma 1990] y [Madrid 1991].\n"
    guessed = read_bytes(data, "a.txt", language="es", source_language="en")
    assert guessed.form == "brackets"
    told = read_bytes(data, "a.txt", language="es", source_language="en", form="text")
    assert told.pairs[0].target.text == "Vean [Roma 1990] y [Madrid 1991]."
    assert to_brackets(told.pairs[0].target).count("\\[") == 2


@pytest.mark.parametrize(
    ("name", "data", "code", "line"),
    [
        ("mío.txt", b"bien\n" + b"mal \xe9\n", "not-utf8", 2),
        ("mío.txt", "bien".encode("utf-16"), "not-utf8", 1),
        ("mío.conll", b"Ada B-PER\nvive O\n\nRoma X-LOC\n", "bad-annotation", 4),
        ("mío.jsonl", b'{"text": "a"}\n{"text": \n', "bad-line", 2),
        ("mío.csv", b"a,b\n", "unknown-format", None),
        ("mío.txt", b"", "empty-corpus", None),
    ],
)
def test_errors_name_the_file_as_its_owner_does(
    name: str, data: bytes, code: str, line: int | None
) -> None:
    with pytest.raises(DataError) as raised:
        read_bytes(data, name, language="es", source_language="en")
    assert (raised.value.code, raised.value.line, raised.value.path) == (code, line, name)
    assert raised.value.message.startswith(name)
    assert "/tmp" not in raised.value.message  # noqa: S108


def test_malformed_sentences_can_be_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("Ada B-PER\n\nRoma X-LOC\n\nNada O\n", encoding="utf-8")
    bad = BadLines()
    raw = read_file(path, language="es", source_language="en", form="conll", skip_bad=bad)
    assert ([pair.target.text for pair in raw.pairs], len(bad)) == (["Ada", "Nada"], 1)


def test_an_unknown_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ada", encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_file(path, language="es", source_language="en", form="excel")
    assert raised.value.code == "unknown-name"


def test_languages_are_found_by_name() -> None:
    assert find_language("Arabic") == "ar"
    assert find_language("kmr") == "kmr"
    assert describe_language("zh-Hant") == "Chinese (zh-Hant)"
