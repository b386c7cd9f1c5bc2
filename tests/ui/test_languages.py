"""The page Languages, driven through app.py without a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.jobs import Plan, create
from core.jobs.folder import write_status
from tests.runs import root
from tests.ui.driving import APP, INJECTION, has, healthy, open_app, shown

__all__ = ["root"]  # a runs folder of its own for every test
pytestmark = pytest.mark.usefixtures("root")
HEAVY = ("torch", "transformers", "spacy", "simalign", "scipy", "pandas", "sklearn")


open_page = partial(open_app, "languages")


def rows(app: AppTest, key: str = "languages.table") -> list[str]:
    """Return the rows of a table as text."""
    html = "".join(part.value for part in app.get_by_key(key).get("html"))
    body = html.partition("<tbody>")[2]
    return [re.sub(r"<[^>]*>", " ", row) for row in body.split("</tr>")[:-1]]


def names(app: AppTest) -> list[str]:
    return [row.split()[0] for row in rows(app)]


def test_all_targets_are_listed_and_what_is_missing_is_said() -> None:
    app = open_page()
    assert len(rows(app)) == 57
    assert names(app)[:3] == ["Afrikaans", "Arabic", "Bambara"]
    (ghomala,) = [row for row in rows(app) if "bbj" in row]
    assert ghomala.count("not measured") == 4
    (german,) = [row for row in rows(app) if "Deutsch" in row]
    assert "europarl-ner; isolated projection" in " ".join(german.split())
    assert "57 of 68" in shown(app, "languages.count")


def test_the_first_picture_needs_no_heavy_package(root: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        f"app = AppTest.from_file({str(APP)!r}, default_timeout=60);"
        "app.switch_page('pages/languages.py'); app.run();"
        "assert app.get_by_key('languages.table');"
        f"print([one for one in {HEAVY} if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_languages_are_filtered_and_sorted_and_the_address_says_so() -> None:
    app = open_page()
    app.multiselect(key="languages.script").set_value(["Arab", "Deva"])
    app.selectbox(key="languages.sort").set_value("published")
    app.selectbox(key="languages.order").set_value("down")
    healthy(app.run())
    assert names(app) == ["Hindi", "Marathi", "Urdu", "Persian", "Arabic"]
    assert app.query_params["script"] == "Arab,Deva"
    assert (app.query_params["sort"], app.query_params["order"]) == ("published", "down")
    assert "published" not in app.query_params
    assert not has(app, "languages.given_all")
    app.selectbox(key="languages.published").set_value("any")
    app.selectbox(key="languages.spaces").set_value("none")
    healthy(app.run())
    assert not has(app, "languages.table")
    assert "0 of" in shown(app, "languages.count")
    assert app.query_params["published"] == "any"


def test_the_address_opens_a_language_with_its_filter() -> None:
    app = open_page(language="sw", family="Niger-Congo", benchmark="pan-x", sort="nothing")
    assert names(app) == ["Swahili", "Yoruba"]
    assert "“ nothing ”" in " ".join(shown(app, "languages.address.sort").split())
    facts = " ".join(shown(app, "languages.facts").split())
    assert "Kiswahili" in facts
    assert "swh_Latn" in facts
    standing = [" ".join(row.split()) for row in rows(app, "languages.standings")]
    assert len(standing) == len({row.rsplit("%")[0] for row in standing}) >= 4
    assert all("(published)" in row or "(measured by us)" in row for row in standing)
    best = [row for row in rows(app, "languages.figures_table") if " best " in row]
    assert len(best) == len(standing)  # one in each study, never one over all
    assert "must not be ranked" not in shown(app, "languages.figures_table")
    app.selectbox(key="languages.figures").set_value("f1")
    assert "must not be ranked" in shown(healthy(app.run()), "languages.figures_table")
    app.selectbox(key="languages.language").set_value(None)
    assert not has(healthy(app.run()), "languages.facts")
    assert "language" not in app.query_params


def test_single_classes_questions_links_and_commands_are_shown_where_they_are_known() -> None:
    app = open_page(language="de")
    assert "LOC ORG PER" in " ".join(shown(app, "languages.classes").split())
    assert "mBERT" in shown(app, "languages.questions")
    assert "lower is better" in shown(app, "languages.alignment")
    assert "python -m core evaluate --corpus europarl-ner" in shown(app, "languages.commands")
    assert "no comparison" in shown(app, "languages.given")
    app = open_page(language="bbj")
    assert "not measured" in shown(app, "languages.none")
    assert not has(app, "languages.figures_table")


def test_runs_on_this_machine_stand_beside_the_tables_and_stay_text(root: Path) -> None:
    score = {"f1": 0.5, "precision": 0.25, "recall": 0.75}
    result = {
        "signature": f"corpus:{INJECTION}/en-pcm|method:ilp|labels:all|version:1",
        "overall": score,
        "per_label": {"PER": score},
    }
    for content in (json.dumps(result), "{}"):
        run = create(Plan(name="evaluate", words=("evaluate", "--target", "pcm")), root)
        (run.folder / "artefacts").mkdir(exist_ok=True)
        (run.folder / "artefacts" / "result.json").write_text(content, encoding="utf-8")
        write_status(run, state="done")
    app = open_page(language="pcm")
    assert run.id in shown(app, "languages.unreadable")
    assert INJECTION in shown(app, "languages.figures_table", between="")
    assert "run on this machine" in shown(app, "languages.figures_table")
    assert INJECTION in shown(app, "languages.classes", between="")


@pytest.mark.encoder
def test_examples_and_errors_are_projected_when_their_tab_is_opened() -> None:
    app = open_page(language="bbj", tab="Examples and capsule")
    assert "No corpus" in shown(app, "languages.no_corpus")
    app.selectbox(key="languages.language").set_value("ar")
    healthy(app.run())
    app.selectbox(key="languages.corpus").set_value("demo/en-ar")
    app.number_input(key="languages.demo.en.ar.count").set_value(1)
    healthy(app.run())
    assert "this sentence" in shown(app, "languages.capsule_help")
    assert not has(app, "languages.tracer.count")
    app.session_state["languages.tab"] = "Typical errors"
    healthy(app.run())
    assert "of 60" not in shown(app, "languages.tracer.count")
    assert "in 60 sentences" in shown(app, "languages.tracer.count")
    assert app.query_params["corpus"] == "demo/en-ar"
    assert "Stage to blame" in shown(app, "languages.tracer.table")
    app.button(key="languages.tracer.open.0").click()
    healthy(app.run())
    assert app.title[0].value == "Inspector"
