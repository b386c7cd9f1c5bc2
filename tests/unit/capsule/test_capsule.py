"""The capsule as a document: nothing in it may run, and everything must be in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from core.capsule import About, CapsuleItem, render_capsule
from core.capsule.packing import pack
from core.linked_text import linked_text_data
from tests.unit.capsule.builders import ABOUT, failed, items, projection

EVIL = "<img/src=x/onerror=alert(1)></script><script>alert(2)</script>"
# Elements that a capsule has by itself; whatever else appears came out of a text.
OWN_SCRIPTS = 2


class Reader(HTMLParser):
    """Collects elements with attributes, and the text of each kind of element."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is not nested"

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def render(*projections: object, title: str = "Title", note: str = "", about: About = ABOUT) -> str:
    return render_capsule(items(*projections), title=title, note=note, about=about)  # type: ignore[arg-type]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert render(projection(), failed()) == render(projection(), failed())


def test_an_empty_capsule_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        render()


def test_elements_are_nested_and_closed() -> None:
    assert Reader(render(projection(), failed())).open == []


def test_markup_in_any_text_stays_text() -> None:
    word = projection(f"[LOC {EVIL}] is old", f"[LOC {EVIL}] ist alt")
    evil_label = replace(
        projection(), spans=(replace(projection().spans[0], label=EVIL),), method=EVIL
    )
    evil_failure = replace(failed(), failure=replace(failed().failure, message=EVIL, stage=EVIL))
    about = replace(ABOUT, signature=EVIL, address=f"https://x/{EVIL}", versions={EVIL: EVIL})
    pair = replace(projection().pair, id=EVIL)
    document = render_capsule(
        [
            CapsuleItem(word, note=EVIL, address=f"https://x/{EVIL}"),
            *items(evil_label, evil_failure, replace(projection(), pair=pair)),
        ],
        title=EVIL,
        note=EVIL,
        about=about,
    )
    read = Reader(document)
    assert read.all("img") == []
    assert len(read.all("script")) == OWN_SCRIPTS
    assert not [name for _, given in read.elements for name in given if name.startswith("on")]
    assert read.texts["title"] == [EVIL]
    assert read.texts["h1"] == [EVIL]
    assert "alert" not in read.texts["script"][1]


def test_data_cannot_end_its_script() -> None:
    document = render(projection(f"[LOC {EVIL}\u2028] is old"))
    inside = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', document, re.DOTALL)
    assert inside is not None
    assert not set("<>&\u2028\u2029") & set(inside[1])
    word = json.loads(inside[1])["items"][0]["source"]["words"][0]["text"]
    assert word.startswith("<")


def test_packed_words_can_be_unpacked() -> None:
    data = [linked_text_data(one) for one in (projection(), failed())]
    packed = pack(data)
    for item, one in zip(packed["items"], data, strict=True):
        for side in ("source", "target"):
            words = [{**packed["word"], **word} for word in item[side]["words"]]
            assert words == one[side]["words"]
    assert len(json.dumps(packed)) < len(json.dumps(data))


def test_the_policy_allows_our_scripts_and_styles_and_nothing_else() -> None:
    document = render(projection())
    read = Reader(document)
    policy = next(
        meta["content"] or ""
        for meta in read.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for element in ("script", "style"):
        found = re.findall(rf"<{element}>(.*?)</{element}>", document, re.DOTALL)
        hashes = {
            f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
            for one in found
        }
        assert set(rules[f"{element}-src"].split()) == hashes


def test_nothing_is_fetched_and_no_style_is_inline() -> None:
    read = Reader(render(projection(), projection()))
    assert not [given for _, given in read.elements if "src" in given or "style" in given]
    assert read.all("link") == []
    hrefs = [link["href"] or "" for link in read.all("a")]
    assert set(hrefs) == {"#s1", "#s2", ABOUT.address}


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x", ""])
def test_an_address_that_is_none_is_no_link(address: str) -> None:
    read = Reader(render(projection(), about=replace(ABOUT, address=address)))
    assert read.all("a") == []


def test_every_step_is_told() -> None:
    text = Reader(render(projection(), note="Look here.\n\nAnd there.")).texts["body"][0]
    for told in (
        "Look here.",
        "“Berlin” [0, 1) was chosen for LOC “Berlin”",
        "score 2.00 = content 1.00 + 2 × emb 0.50",
        "emb × 2",
        "Word links (2)",
        "possible",
        "is as in gold",
        "corpus:c|method:m",
        "CC0",
        "2026-11-25",
    ):
        assert told in text


def test_bars_are_as_long_as_weighted_terms() -> None:
    rects = Reader(render(projection())).all("rect")
    assert [(one["x"], one["width"]) for one in rects] == [
        ("0", "500"),
        ("500", "500"),
        ("0", "250"),
        ("250", "250"),
    ]


def test_a_failed_sentence_is_shown_as_failed_and_without_decisions() -> None:
    document = render(failed())
    text = Reader(document).texts["body"][0]
    assert "This sentence failed in the stage align" in text
    assert "That does not mean that it has no entities" in text
    assert "Decisions" not in text
    assert 'data-outcome="failed"' in document


def test_each_sentence_has_its_language_and_direction() -> None:
    arabic = projection("[LOC Cairo] is old", "[LOC القاهرة] قديمة", "ar")
    read = Reader(render(arabic))
    sides = [given for given in read.all("p") if given.get("class") == "sentence"]
    assert [(one["lang"], one["dir"]) for one in sides] == [("en", "auto"), ("ar", "rtl")]
    words = [given for given in read.all("bdi") if given.get("lang") == "ar"]
    assert words
    assert {one["dir"] for one in words} == {"rtl"}


def test_foreign_text_has_a_reading_and_uroman_its_thanks() -> None:
    arabic = projection("[LOC Cairo] is old", "[LOC القاهرة] قديمة", "ar")
    read = Reader(render(arabic))
    readings = [given for given in read.all("p") if given.get("class") == "reading"]
    assert readings == [{"class": "reading", "lang": "ar-Latn", "dir": "ltr"}]
    assert "alqahra qdyma" in read.texts["body"][0]
    assert "universal romanizer software" in read.texts["footer"][0]
    assert "uroman" not in Reader(render(projection())).texts["footer"][0]


def test_entities_are_marked_without_scripts() -> None:
    read = Reader(render(projection("[LOC New York] is old", "[LOC Nueva York] es vieja", "es")))
    assert read.texts["mark"][0] == "A LOCNew York"


def test_several_sentences_have_contents_and_one_has_none() -> None:
    assert Reader(render(projection())).all("nav") == []
    read = Reader(render(projection(), failed()))
    assert len(read.all("nav")) == 1
    assert [given["id"] for given in read.all("section")] == ["s1", "s2"]


def test_half_a_surrogate_pair_can_be_written() -> None:
    written = render(projection(), title="Ber\ud83dlin", note="\ude00").encode("utf-8")
    assert b"Ber?lin" in written


def test_a_hundred_long_sentences_stay_below_three_megabytes() -> None:
    long = projection("[LOC Berlin] " + "is old " * 20, "[LOC Berlin] " + "ist alt " * 20)
    assert len(render(*[long] * 100).encode("utf-8")) < 3_000_000
