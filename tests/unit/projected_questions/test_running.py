"""A whole file: resumed where it was killed, written whole, everything accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import ConfigError, DataError, StoreError
from core.projected_questions.journal import open_journal
from core.projected_questions.running import Done, Plan, project_questions
from core.questions.squad import read_squad
from tests.unit.projected_questions.builders import Backwards, carrier, context

CONTEXTS = [
    context(f"Ann saw Bob{place}. Cid left.", **{f"a{place}": "Ann", f"b{place}": f"Bob{place}"})
    for place in range(7)
]


class Killed(BaseException):
    """What a kill looks like from inside: nothing catches it."""


def plan(translator: Backwards, signature: str = "s", batch: int = 3) -> Plan:
    return Plan(CONTEXTS, carrier(), translator, signature, batch)


def project(out: Path, translator: Backwards | None = None, **more: object) -> Done:
    report = out.with_suffix(".report")
    return project_questions(plan(translator or Backwards()), out, report, **more)  # type: ignore[arg-type]


def test_the_result_is_a_squad_file_and_the_report_lists_every_answer(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = project(out, Backwards(renamed={"Bob3": "X"}))
    assert done.finished
    found = read_squad(out)
    ids = [question.id for one in found for question in one.questions]
    assert ids == [name for i in range(7) for name in (f"a{i}", f"b{i}") if name != "b3"]
    records = [json.loads(line) for line in out.with_suffix(".report").read_text().splitlines()]
    assert records[0] | {"signature": ""} == {
        "signature": "",
        "contexts": 7,
        "failed_contexts": 0,
        "questions": 14,
        "projected": 13,
        "part": 0,
        "lost": 1,
        "answers": 14,
        "projected_answers": 13,
        "lost_answers": {"decide/no-link": 1},
        "widened": 0,
    }
    assert [one["status"] for one in records[1:]].count("lost") == 1
    assert not list(tmp_path.glob("*.journal"))


@pytest.mark.parametrize("after", range(8))
def test_a_killed_run_goes_on_behind_the_last_finished_context(tmp_path: Path, after: int) -> None:
    whole, broken = tmp_path / "whole.json", tmp_path / "broken.json"
    project(whole)
    seen = 0

    def kill(stage: str, done: int, total: int) -> None:
        nonlocal seen
        seen = done
        if done == after:
            raise Killed

    if 0 < after < 8:
        with pytest.raises(Killed):
            project(broken, progress=kill)
        assert not broken.exists()
    translator = Backwards()
    done = project(broken, translator)
    assert done.earlier == seen
    assert broken.read_bytes() == whole.read_bytes()
    assert broken.with_suffix(".report").read_bytes() == whole.with_suffix(".report").read_bytes()
    # Translations are kept too: those of a batch that was begun are not made again.
    assert len(translator.calls) == 3 - -(-after // 3)


def test_a_torn_line_is_no_loss(tmp_path: Path) -> None:
    out, whole = tmp_path / "out.json", tmp_path / "whole.json"
    project(whole)
    stops = iter([False] * 5 + [True])
    assert not project(out, should_stop=lambda: next(stops)).finished
    journal = tmp_path / "out.json.journal"
    journal.write_bytes(journal.read_bytes()[:-9])
    assert project(out).finished
    assert out.read_bytes() == whole.read_bytes()


def test_a_journal_of_something_else_is_refused_or_dropped(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    project(out, should_stop=lambda: True)
    other = plan(Backwards(), signature="other")
    with pytest.raises(ConfigError, match="--restart") as raised:
        project_questions(other, out)
    assert raised.value.code == "bad-config"
    assert project_questions(other, out, restart=True).finished


def test_damage_inside_a_journal_names_the_line(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    (tmp_path / "out.json.journal").write_text('{"signature": "s"}\n{"projected": "x"}\n')
    with pytest.raises(DataError, match=r"journal:2: ") as raised:
        project(out)
    assert raised.value.code == "bad-line"


def test_one_process_at_a_time(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with open_journal(out, "s"), pytest.raises(StoreError) as raised:
        project(out)
    assert raised.value.code == "store-busy"


def test_a_file_where_everything_is_lost_is_an_error_with_a_report(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    with pytest.raises(DataError, match="got none") as raised:
        project(out, Backwards(broken=("Ann",)))
    assert raised.value.code == "empty-corpus"
    assert not out.exists()
    assert len(out.with_suffix(".report").read_text().splitlines()) == 15
