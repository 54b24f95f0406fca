"""Is a job whose process is gone known to be gone, and one at a time kept in a project?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import IntegrityError, connection, transaction
from workshop import DATE, Shop

from terril.web.atelier import jobs, work
from terril.web.atelier.models import Job, Kind, State
from terril.web.people.models import Journal


def running(shop: Shop) -> Job:
    return Job(project="essai", kind=Kind.CHECK, state=State.RUNNING, person=shop.person)


def test_a_killed_process_is_seen(shop: Shop) -> None:
    job = running(shop)
    handle = jobs._claim(job)
    job.save()
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(handle,)
    )
    os.close(handle)
    try:
        assert jobs.look_after(job).state == State.RUNNING
    finally:
        child.kill()
        child.wait()
    assert jobs.look_after(job).state == State.LOST
    assert "relancez-le" in shop.said(f"/atelier/travaux/{job.key}/")
    assert shop.run("controler").state == State.DONE, "the next one is not kept waiting"


def test_the_base_itself_keeps_to_one_job_a_project(shop: Shop) -> None:
    running(shop).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        running(shop).save()
    Job.objects.create(project="autre", kind=Kind.CHECK, state=State.RUNNING)
    Job.objects.create(project="essai", kind=Kind.READ, alone=False, state=State.RUNNING)


def test_a_failure_of_ours_is_told_as_such(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(work, "check", fails)
    job = shop.run("controler")
    assert job.state == State.FAILED and job.ended is not None
    text = shop.said(f"/atelier/travaux/{job.key}/")
    assert "Le logiciel a échoué" in text and "secret detail" not in text
    assert "secret detail" in caplog.text


def test_a_page_that_follows_needs_no_script(shop: Shop) -> None:
    job = running(shop)
    handle = jobs._claim(job)
    job.stages = ["Fichiers lus"]
    job.save()
    text = shop.said(f"/atelier/travaux/{job.key}/")
    os.close(handle)
    assert '<noscript><meta http-equiv="refresh"' in text and "Fichiers lus" in text


def test_nothing_is_left_of_a_job_that_could_not_be_added(shop: Shop) -> None:
    other = running(shop)
    handle = jobs._claim(other)
    other.save()
    answer = shop.analyst.post(shop.page + "lancer/", {"travail": "brouillon", "date": DATE})
    os.close(handle)
    assert answer["Location"] == shop.page
    assert [p.name for p in (shop.root / "site" / "travaux").iterdir()] == [other.key]


def test_the_journal_is_only_added_to(shop: Shop) -> None:
    shop.run("controler")
    line = Journal.objects.get()
    line.verb = "autre chose"
    for change in (
        line.save,
        line.delete,
        lambda: Journal.objects.all().delete(),
        lambda: Journal.objects.update(verb="x"),
    ):
        with pytest.raises(PermissionError):
            change()
    for text in ("UPDATE people_journal SET verb = 'x'", "DELETE FROM people_journal"):
        with pytest.raises(IntegrityError), transaction.atomic():
            connection.cursor().execute(text)
    assert Journal.objects.get().who == "ana"
