"""导出: everything that is held about an account, readable and machine-readable, with its own papers, for its owner."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.data_sections import DataSection, Group, groups_of, sections_for
from accounts.looks import looks_at
from accounts.models import User
from accounts.own_data import own_papers
from workflow import clock, registry
from workflow.actors import Actor
from workflow.models import Job, Material
from workflow.presentation.times import minute_text
from workflow.services.jobs import report_progress, save_result, start_job

JOB_KIND = "accounts.export_my_data"
# In this copy of the file.
BLOCK = 1 << 20

Held = list[tuple[DataSection, list[Group]]]


def start_data_export(user: User) -> Job:
    return start_job(JOB_KIND, _("My data"), {}, Actor(user=user))


@registry.job(JOB_KIND)
def export_my_data(job: Job) -> None:
    """For who asked and nobody else; the file expires as every result does."""
    user = User.objects.select_related("person__unit").get(pk=job.asked_by_id)
    papers = list(own_papers(user))
    report_progress(job, done=0, total=len(papers) + 1)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_facts(archive, user)
            for done, paper in enumerate(papers, start=1):
                _write_paper(archive, paper)
                report_progress(job, done=done, total=len(papers) + 1)
        file.seek(0)
        save_result(job, _("My data %(day)s.zip") % {"day": clock.today().isoformat()}, file)
    report_progress(job, done=len(papers) + 1, total=len(papers) + 1)


def _write_facts(archive: zipfile.ZipFile, user: User) -> None:
    held: Held = [(section, list(groups_of(section, user))) for section in sections_for(user)]
    looks = list(_looks(user))
    content = {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "sections": {section.key: _as_json(section, groups) for section, groups in held},
        "looked_at_by": looks,
    }
    archive.writestr("data.json", json.dumps(content, ensure_ascii=False, indent=2))
    context = {"user": user, "held": held, "looks": looks, "made_at": minute_text(clock.now())}
    archive.writestr(_("My data.html"), render_to_string("accounts/my_data_export.html", context))


def _as_json(section: DataSection, groups: list[Group]) -> dict[str, object]:
    rows = [
        {"title": group.title, "facts": [{"label": str(fact.label), "value": fact.value} for fact in group.facts]}
        for group in groups
    ]
    return {"title": str(section.title), "rows": rows}


def _looks(user: User) -> Iterator[dict[str, str]]:
    for line in looks_at(user):
        yield {
            "at": minute_text(line.at), "who": line.who, "what": line.what, "case": line.case, "reason": line.reason
        }  # fmt: skip


def _write_paper(archive: zipfile.ZipFile, paper: Material) -> None:
    """Under a name of its own: people call many files the same."""
    name = f"papers/{paper.pk}-{PurePosixPath(paper.name).name}"
    try:
        source: IO[bytes] = paper.file.open("rb")
    except FileNotFoundError:
        archive.writestr(f"{name}.txt", _("This file is missing in the storage."))
        return
    with source, archive.open(name, "w") as target:
        while block := source.read(BLOCK):
            target.write(block)
