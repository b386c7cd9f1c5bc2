"""Figures by language: the tables that are shipped, what is wrong with others, standings, runs."""

from __future__ import annotations

import csv
import json
import re
import shlex
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from core.capsule.language_table import render_language_table
from core.cli import build_parser
from core.commands.options import config_from
from core.config import apply_settings
from core.errors import DataError
from core.figures import (
    LANGUAGES_SORTS,
    Figure,
    Group,
    Wanted,
    alignment_figures,
    list_languages,
    listing_columns,
    listing_csv,
    listing_rows,
    measured_figures,
    published_figures,
    question_figures,
    read_figures,
    run_figures,
    standings,
)
from core.figures.listing import EVERY, NOT_MEASURED
from core.figures.tables import ENTITY_COLUMNS
from core.jobs import Plan, Run, create
from core.jobs.folder import write_status
from core.languages import languages, languages_of
from core.methods import method, method_signatures
from tests.runs import root

__all__ = ["root"]  # a runs folder of its own for every test
DOCS = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")
INJECTION = "=cmd|' /C calc'!A0<img src=x onerror=alert(1)>"
GROUP = Group("A 2020", "full pipeline", "pan-x")
GOOD = {
    "source": "A 2020",
    "setting": "full pipeline",
    "corpus": "pan-x",
    "language": "de",
    "method": "ilp",
    "f1": "0.5",
}


def figure(method: str, f1: float, *, language: str = "de", group: Group = GROUP) -> Figure:
    return Figure("published", group, language, method, "", "", f1)


def table(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ENTITY_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


# --- the tables that are shipped


def test_every_target_of_the_two_large_benchmarks_has_a_published_figure_or_none_is_claimed() -> (
    None
):
    covered = {one.language for one in published_figures()}
    targets = {*languages_of("pan-x"), *languages_of("masakhaner2")} - {"en"}
    assert len(targets) == 57
    assert targets - covered == {"bbj", "pcm"}
    assert covered <= set(languages())


def test_languages_of_questions_and_of_our_figures_are_known() -> None:
    assert {one.language for one in question_figures()} <= set(languages_of("mlqa"))
    assert {one.language for one in measured_figures()} <= set(languages())


def test_what_we_measured_stands_in_the_documentation() -> None:
    for one in measured_figures():
        shares = [share for share in (one.f1, one.precision, one.recall) if share is not None]
        for share in shares:
            told = {f"{share:.3f}"[1:], f"{100 * share:.2f}"}
            assert any(re.search(rf"(?<![\d.]){re.escape(text)}(?!\d)", DOCS) for text in told), one
    for own in alignment_figures():
        assert not own.command or re.search(rf"\| {own.error_rate}\b", DOCS), own


def test_the_commands_of_our_figures_are_commands() -> None:
    commands = {one.command for one in measured_figures()}
    commands |= {one.command for one in alignment_figures() if one.command}
    for command in commands:
        python, module, core, name, *words = shlex.split(command)
        assert (python, module, core) == ("python", "-m", "core")
        config_from(build_parser(name).parse_args([name, *words]))
    for one in measured_figures():
        assert f"--target {one.language} " in one.command
        assert f"--corpus {one.group.corpus} " in one.command


# --- tables that are wrong


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"f1": "much"}, "f1 must be a number, got 'much'"),
        ({"f1": "53.2"}, "f1 must be between 0 and 1, got 53.2"),
        ({"f1": "nan"}, "f1 must be between 0 and 1, got nan"),
        ({"recall": "-1"}, "recall must be between 0 and 1"),
        ({"f1": ""}, "must say its f1, got nothing"),
        ({"source": " "}, "must say its source"),
        ({"setting": ""}, "must say its setting"),
        ({"language": "German, new"}, "a language must be a BCP-47 code"),
        ({"corpus": 'a"'}, None),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, changes: dict[str, str], reason: str | None) -> None:
    path = table(tmp_path / "t.csv", GOOD | {"method": "other"}, GOOD | changes)
    if reason is None:  # what a CSV writer quotes is read back as it was
        assert read_figures(path, "published")[1].group.corpus == changes["corpus"]
        return
    with pytest.raises(DataError, match=re.escape(reason)) as caught:
        read_figures(path, "published")
    assert (caught.value.path, caught.value.line) == (str(path), 3)


def test_a_figure_stands_once_and_ours_name_their_command(tmp_path: Path) -> None:
    twice = table(tmp_path / "t.csv", GOOD, GOOD | {"f1": "0.6"})
    with pytest.raises(DataError, match="got that of line 2 again") as caught:
        read_figures(twice, "published")
    assert caught.value.line == 3
    with pytest.raises(DataError, match="must name its command"):
        read_figures(table(tmp_path / "m.csv", GOOD), "measured")
    (read,) = read_figures(table(tmp_path / "o.csv", GOOD | {"command": "x"}), "measured")
    assert (read.f1, read.precision, read.label, read.command) == (0.5, None, "", "x")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 1, "the columns must be"),
        ("source,f1\n", 1, "got source, f1"),
        (",".join(ENTITY_COLUMNS) + "\na,b\n", 2, "must have 12 cells, got 2"),
        (",".join(ENTITY_COLUMNS) + '\n"a"b,c\n', 2, "must be CSV"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, content: str, line: int, reason: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=reason) as caught:
        read_figures(path, "published")
    assert caught.value.line == line


# --- standings


def test_the_best_method_and_its_distance_from_model_transfer() -> None:
    found = standings([figure("ilp", 0.6), figure("model_transfer", 0.55), figure("greedy", 0.6)])
    (one,) = found["de"]
    assert (one.best.method, one.other, one.transfer) == (
        "ilp",  # of equals the first
        figure("ilp", 0.6),
        figure("model_transfer", 0.55),
    )
    assert one.gain == pytest.approx(5)
    (worse,) = standings([figure("ilp", 0.4), figure("model_transfer_x", 0.5)])["de"]
    assert worse.best.method == "model_transfer_x"
    assert worse.gain == pytest.approx(-10)


def test_figures_of_different_groups_and_of_single_classes_are_never_compared() -> None:
    elsewhere = Group("B 2021", "full pipeline", "pan-x")
    label = Figure("published", GROUP, "de", "tagger", "", "PER", 0.99)
    found = standings([figure("ilp", 0.4), figure("model_transfer", 0.9, group=elsewhere), label])
    first, second = found["de"]
    assert (first.group, first.best.f1, first.gain) == (GROUP, 0.4, None)
    assert (second.best.f1, second.other, second.gain) == (0.9, None, None)


# --- the list of languages


def codes(wanted: Wanted, *figures: Figure) -> list[str]:
    return [one.language.code for one in list_languages(wanted, figures, ())]


def test_languages_are_filtered() -> None:
    assert len(codes(Wanted())) == 57
    assert "en" not in codes(Wanted())
    assert codes(Wanted(benchmark=EVERY)) != codes(Wanted())
    assert set(codes(Wanted(benchmark="mlqa"))) == set(languages_of("mlqa"))
    assert codes(Wanted(scripts=["Arab"])) == ["ar", "fa", "ur"]
    assert codes(Wanted(families=["Dravidian"], scripts=["Mlym", "Taml"])) == ["ml", "ta"]
    without = codes(Wanted(spaces=False))
    assert set(without) == {"ja", "my", "th", "zh"}
    assert set(codes(Wanted(spaces=True))) == {*codes(Wanted())} - {*without}


@pytest.mark.parametrize("descending", [False, True])
def test_languages_without_a_figure_are_last_in_either_direction(descending: bool) -> None:
    figures = [
        figure("ilp", 0.4),
        figure("ilp", 0.7, language="sw"),
        figure("ilp", 0.1, language="ar"),
    ]
    found = codes(Wanted(sort="published", descending=descending), *figures)
    assert found[:3] == (["sw", "de", "ar"] if descending else ["ar", "de", "sw"])
    assert found[3] == "af"  # the others by name


@pytest.mark.parametrize("sort", LANGUAGES_SORTS)
def test_every_order_keeps_all_languages(sort: str) -> None:
    found = list_languages(
        Wanted(sort=sort, benchmark=EVERY), published_figures(), measured_figures()
    )
    assert {one.language.code for one in found} == set(languages())


def test_a_study_is_chosen_or_the_first_that_has_the_language() -> None:
    other = Group("B 2021", "full pipeline", "pan-x")
    figures = [
        figure("ilp", 0.4),
        figure("ilp", 0.9, group=other),
        figure("ilp", 0.3, group=other, language="sw"),
    ]

    def best(study: str) -> dict[str, float]:
        found = list_languages(Wanted(published=study), figures, ())
        return {one.language.code: one.published[0].best.f1 for one in found if one.published}

    assert best("") == {"de": 0.4, "sw": 0.3}
    assert best("B 2021: full pipeline") == {"de": 0.9, "sw": 0.3}


def test_a_benchmark_shows_its_own_figures_alone() -> None:
    other = Group("A 2020", "full pipeline", "masakhaner2")
    figures = [figure("ilp", 0.9, group=other, language="sw"), figure("ilp", 0.4, language="sw")]
    ours = [figure("ilp", 0.7, group=Group("us", "human", "masakhaner2-mafand"), language="sw")]

    def shown(benchmark: str) -> tuple[list[float], list[float]]:
        listed = list_languages(Wanted(benchmark=benchmark), figures, ours)
        (one,) = [found for found in listed if found.language.code == "sw"]
        return [each.best.f1 for each in one.published], [each.best.f1 for each in one.measured]

    assert shown("pan-x") == ([0.4], [])
    assert shown("masakhaner2") == ([0.9], [0.7])
    assert shown(EVERY)[0][0] == 0.9


def test_rows_say_what_was_not_measured() -> None:
    listed = list_languages(Wanted(scripts=["Thai"]), [], [])
    row = dict(zip(listing_columns(), listing_rows(listed)[0], strict=True))
    assert (row["code"], row["spaces"], row["direction"]) == ("th", "no", "ltr")
    assert row["published: F1"] == row["measured: F1"] == row["measured: gain"] == NOT_MEASURED


def test_files_do_not_run_what_they_hold() -> None:
    group = Group(INJECTION, "full pipeline", "pan-x")
    figures = [figure(INJECTION, 0.4, group=group), figure("model_transfer", 0.5, group=group)]
    listed = list_languages(Wanted(families=["Indo-European"]), figures, ())
    rows = list(csv.DictReader(StringIO(listing_csv(listed))))
    (german,) = [row for row in rows if row["code"] == "de"]
    assert german["published: source"] == f"'{INJECTION}"
    assert german["published: gain"] == "-10.0"  # a number keeps its sign
    page = render_language_table(listed, title=INJECTION, note=INJECTION, date="2026-01-02")
    assert "<img" not in page
    assert "<script" not in page
    assert '<bdi lang="fa" dir="rtl">فارسی</bdi>' in page


# --- runs on this machine


def ended(root: Path, result: dict[str, Any], *words: str) -> Run:
    run = create(Plan(name="evaluate", words=("evaluate", *words), config={"model": "mine"}), root)
    (run.folder / "artefacts").mkdir(exist_ok=True)
    (run.folder / "artefacts" / "result.json").write_text(json.dumps(result), encoding="utf-8")
    write_status(run, state="done")
    return run


def scored(f1: float, signature: str) -> dict[str, Any]:
    score = {"f1": f1, "precision": f1, "recall": f1}
    return {"signature": signature, "overall": score, "per_label": {"PER": score}}


def test_runs_bring_figures_with_their_setting(root: Path) -> None:
    signature = (
        "corpus:uner/en-zh-Hant/test/first 5|method:ilp|{}aligner:simalign|labels:all|version:1"
    )
    other = scored(0.3, signature.format("translator:apertium|labeller:default|"))
    result = scored(0.4, signature.format(""))
    result["compare"] = {"x": {**other, **other["overall"]}}
    ended(root, scored(0.1, signature.format("")), "--target", "zh-Hant")  # an older one
    run = ended(root, result, "--target", "zh-Hant")
    found = [one for one in run_figures({}).figures if not one.label]
    assert [(one.f1, one.group.setting) for one in found] == [
        (0.4, "isolated projection"),
        (0.3, "full pipeline, apertium and default"),
    ]
    assert {(one.language, one.group.corpus, one.group.split) for one in found} == {
        ("zh-Hant", "uner", "test/first 5")
    }
    assert found[0].command == f"python -m core {shlex.join(run.plan.words)}"
    assert [one.f1 for one in run_figures({}).figures if one.label == "PER"] == [0.4, 0.3]


def test_a_method_with_other_parameters_is_another_method(root: Path) -> None:
    own = method("default")
    tuned = apply_settings(own, {"projector.min_score": "2", "scores.emb.weight": "0.5"})
    for config, f1 in ((own, 0.4), (tuned, 0.3)):
        ended(root, scored(f1, config.signature(corpus="demo/en-de")), "--target", "de")
    found = {one.f1: one.method for one in run_figures(method_signatures()).figures}
    assert found[0.4] == "default"
    assert found[0.3].startswith("default, scores ")
    assert "projector ilp(min_score=2" in found[0.3]


@pytest.mark.parametrize(
    ("parts", "setting"),
    [
        ("labeller:default|labels:PER,LOC", "human de, default, PER LOC"),
        ("tagger:default|route:transfer|labels:all", "tagger default alone"),
        ("labeller:gold|labels:all", "isolated projection"),
    ],
)
def test_the_setting_is_read_from_the_signature(root: Path, parts: str, setting: str) -> None:
    ended(root, scored(0.4, f"corpus:a/b/de-es|method:m|{parts}"), "--source=de", "--target", "es")
    first = run_figures({}).figures[0]
    assert (first.group.setting, first.group.corpus, first.language) == (setting, "a/b", "es")


def test_evaluated_taggers_have_figures_and_damaged_runs_are_told(root: Path) -> None:
    clean = {"clean": scored(0.5, "")}
    ended(
        root,
        {"signature": "", "sets": {"es": clean, "es.2": clean}},
        *("--test", "es=/data/one.conll", "--test", "es=/data/two.conll"),
    )
    bad = ended(root, {"signature": "corpus:x", "overall": {}, "per_label": {}})
    ended(root, {"signature": "questions", "sets": {}}, "--questions")
    found = run_figures({})
    assert [one.group.corpus for one in found.figures if not one.label] == [
        "one.conll",
        "two.conll",
    ]
    assert {(one.language, one.method, one.is_transfer) for one in found.figures} == {
        ("es", "tagger mine", False)
    }
    assert found.unreadable == (f"The result of the run {bad.id} cannot be read.",)
