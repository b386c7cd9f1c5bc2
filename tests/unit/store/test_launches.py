"""Long runs in the store: a row for each, kept up with its folder, and taggers that are pinned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BackendError, StoreError
from core.jobs import Run, list_runs, start
from core.jobs.folder import read_run
from core.labellers import LABELLERS
from core.store.database import Store
from core.store.launches import launches, pin, pinned_taggers, record_runs
from tests.command_line import run_json
from tests.runs import comes_to, counting, root, trained
from tests.stores import ADMIN

__all__ = ["root"]


def test_a_run_has_its_row_and_the_row_follows_it(store: Store, root: Path) -> None:
    run = counting(3, name="to three")
    record_runs(store, list_runs(), by="Ada")
    (row,) = launches(store, root)
    assert (row.run, row.name, row.state, row.by) == (run.id, "to three", "queued", "Ada")
    assert (row.words, row.config, row.data) == (("3",), {"total": 3}, {"train": "abc"})
    assert (row.seed, row.version, row.result) == (3, run.version, None)
    start()
    done = comes_to(run, "done")
    record_runs(store, list_runs(), by="somebody who only looks")
    (row,) = launches(store)
    assert (row.state, row.at, row.by) == ("done", done.status.at, "Ada")
    assert row.folder == run.folder


def test_a_row_outlives_its_folder_and_a_new_folder_of_that_name_is_another_run(
    store: Store,
) -> None:
    record_runs(store, [trained()], by="Ada")
    record_runs(store, [])
    assert [one.run for one in launches(store)] == ["0001-tagger"]
    later = replace(trained(), created="2027-01-01T00:00:00.000+00:00")
    later = replace(later, status=replace(later.status, at=later.created))
    record_runs(store, [later], by="Bo")
    assert [(one.asked[:4], one.by) for one in launches(store)] == [("2027", "Bo")]


def test_runs_of_two_folders_do_not_mix(store: Store) -> None:
    for name in ("/one", "/two"):
        record_runs(store, [trained(root=Path(name))], by=name)
    assert [one.by for one in launches(store, Path("/two"))] == ["/two"]


def test_nothing_is_written_where_nothing_changed(store: Store) -> None:
    record_runs(store, [trained()], by="Ada")
    with store.write():  # whoever wanted to write now would wait, and then fail
        record_runs(store, [trained()])


def _made(root: Path) -> Run:
    run = trained(root=root)
    (run.folder / "artefacts" / "model").mkdir(parents=True)
    return run


def test_a_tagger_is_offered_until_it_is_unpinned_or_gone(store: Store, tmp_path: Path) -> None:
    run = _made(tmp_path)
    pin(store, ADMIN, run)
    (offered,) = pinned_taggers(store, tmp_path)
    assert (offered.model, offered.pinned_by) == ("run:0001-tagger", "Ada")
    assert pinned_taggers(store, tmp_path / "elsewhere") == []
    pin(store, ADMIN, run, pinned=False)
    assert pinned_taggers(store, tmp_path) == []
    pin(store, ADMIN, run)
    (run.folder / "artefacts" / "model").rmdir()
    assert pinned_taggers(store, tmp_path) == []


@pytest.mark.parametrize("what", [{"state": "failed"}, {"task": "qa"}])
def test_only_a_finished_tagger_can_be_pinned(store: Store, what: dict[str, str]) -> None:
    with pytest.raises(StoreError, match="must have trained a tagger") as caught:
        pin(store, ADMIN, trained(**what))  # type: ignore[arg-type]
    assert caught.value.code == "bad-value"
    assert launches(store) == []


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("key", ["nothing", "1"])
def test_a_model_of_a_run_that_has_none_is_told(key: str) -> None:
    counting(3)
    labeller = LABELLERS.create("token_classifier", {"model": f"run:{key}"})
    with pytest.raises(BackendError, match=f"run:{key}") as caught:
        labeller.classes()
    assert caught.value.code == "model-not-found"


def test_trained_detached_pinned_and_used_from_the_command_line(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.unit.training.conftest import save_base, write_data

    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    monkeypatch.setenv("SPANBRIDGE_DATABASE_URL", url)
    (tmp_path / "base").mkdir()
    base, (file, _) = save_base(tmp_path / "base"), write_data(tmp_path)
    words = ["train", "ner", "--data", file, "--dev", "none", "--base", str(base), "--detach"]
    told = run_json(capsys, *words, "--updates", "2")
    run = comes_to(read_run(Path(told["folder"])), "done", 60)
    told = run_json(capsys, "runs", "pin", run.id, "--as", "Ada")
    assert told["pinned"] == [{"model": f"run:{run.id}", "run": run.id, "by": "Ada"}]
    told = run_json(capsys, "evaluate", "--test", f"en={file}", "--tagger", f"run:{run.id}")
    assert told["sets"]["en"]["clean"]["sentences"] == 24
    assert run_json(capsys, "runs", "pin", run.id, "--off")["pinned"] == []
    store = Store.open(url)
    (row,) = launches(store)
    store.close()
    assert (row.task, row.state) == ("ner", "done")
    assert row.result is not None
    assert row.result["updates"] == 2
