"""An atelier for the tests: a small project, three people, jobs that run at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import small_project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from terril.web.atelier import work
from terril.web.atelier.models import Job
from terril.web.atelier.projects import Held
from terril.web.people.models import Journal, Person

DATE = "2020-07-01"
GOOD = small_project.HEAD + f"qpv;QP000001;{small_project.POVERTY};2016;43,0;insee_filosofi\n"
BAD = (
    small_project.HEAD
    + f"qpv;QP999999;{small_project.POVERTY};2016;43,0;insee_filosofi\n"
    + f"qpv;QP000001;{small_project.POVERTY};2016;quarante;insee_filosofi\n"
)


@dataclass
class Shop:
    """The atelier as tests hold it."""

    root: Path
    item: Held
    person: Person
    analyst: Client
    reader: Client
    stranger: Client

    @property
    def editions(self) -> Path:
        """The editions that the public sees."""
        return self.root / "editions"

    @property
    def page(self) -> str:
        """Address of the page of the project."""
        return f"/atelier/projets/{self.item.name}/"

    def send(self, content: str | bytes, name: str = "valeurs.csv", **form: str) -> Job:
        """Send a file through the form; return the job that read it."""
        data = content if isinstance(content, bytes) else content.encode()
        answer = self.analyst.post(
            self.page + "deposer/", {"fichier": SimpleUploadedFile(name, data), **form}
        )
        return self.job_of(answer["Location"])

    def run(self, kind: str, date: str = DATE) -> Job:
        """Start the checks or a draft through the form."""
        answer = self.analyst.post(self.page + "lancer/", {"travail": kind, "date": date})
        return self.job_of(answer["Location"])

    def seal(self, date: str = DATE) -> Job:
        """Seal the draft of a date as its page proposes."""
        page = self.analyst.get(f"{self.page}sceller/{date}/")
        mark = page.context["look"].mark
        answer = self.analyst.post(f"{self.page}sceller/{date}/", {"vu": mark})
        return self.job_of(answer["Location"])

    def publish(self, date: str = DATE) -> Job:
        """Publish a sealed edition."""
        return self.job_of(self.analyst.post(f"{self.page}publier/{date}/")["Location"])

    def job_of(self, address: str) -> Job:
        """Return the job of an address."""
        assert "/travaux/" in address, address
        return Job.objects.get(key=address.rstrip("/").rsplit("/", 1)[-1])

    def said(self, address: str) -> str:
        """Return the text of a page."""
        return self.analyst.get(address).content.decode()

    def verbs(self) -> list[str]:
        """Return what the journal says was done, the oldest first."""
        return [line.verb for line in Journal.objects.order_by("pk")]


def open_shop(root: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Write the project, open the accounts; a job is done before its page is answered."""

    def at_once(job: Job, handle: int) -> None:
        work.execute(job)
        os.close(handle)

    monkeypatch.setattr("terril.web.atelier.jobs.spawn", at_once)
    folder = small_project.write(root / "site" / "projets" / "essai")
    people = [
        Person.objects.create_user("ana@exemple.fr", "mot-secret-1", is_analyst=True),
        Person.objects.create_user("lea@exemple.fr", "mot-secret-2"),
    ]
    clients = [Client(), Client()]
    for person, client in zip(people, clients, strict=True):
        client.force_login(person)
    return Shop(root, Held("essai", folder), people[0], clients[0], clients[1], Client())
