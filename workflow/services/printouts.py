"""Printed papers of cases: one while the person waits, a thousand as a job into one zip."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.actors import Actor
from workflow.models import Case, Job
from workflow.printers import Printers
from workflow.printing import html_to_pdf
from workflow.registry import Document, Look
from workflow.services.jobs import actor_of, save_result, start_job
from workflow.services.progress import counted

JOB_KIND = "workflow.print_papers"
# So many fit on a disk beside everything else: about 200 KB each.
MOST = 2_000
# Of a file's name, under Windows too.
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')
LONGEST_NAME = 100


def print_paper(case: Case, document: Document, actor: Actor) -> bytes:
    (page,) = document.pages([case], Look(actor, _("Printed: %(paper)s") % {"paper": document.label}))
    return html_to_pdf(page)


def start_printing(document: Document, case_type: str, cases: Sequence[int], actor: Actor) -> Job:
    """The papers of these cases, as far as the actor may see them, as one zip."""
    title = _("Print in one go: %(paper)s") % {"paper": document.label}
    params = {"case_type": case_type, "document": document.key, "cases": list(cases[:MOST])}
    return start_job(JOB_KIND, title, params, actor, total=len(params["cases"]))


@registry.job(JOB_KIND)
def print_papers(job: Job) -> None:
    """Begun again after a crash it prints all of them anew: a half zip is nobody's, and the looks stand already."""
    actor, params = actor_of(job), job.params
    document = registry.case_types[params["case_type"]].document(params["document"])
    if document is None:
        raise LookupError(f"No document {params['document']!r}.")
    found = Case.objects.visible_to(actor).exclude(number="").in_bulk(params["cases"])
    of_type = [found[pk] for pk in params["cases"] if pk in found and found[pk].case_type == params["case_type"]]
    cases = [case for case in of_type if document.is_ready(case)]
    refused = len(params["cases"]) - len(cases)
    reason = _("Task %(job)s: %(title)s") % {"job": job.pk, "title": job.title}
    with tempfile.TemporaryFile() as target:
        with Printers() as printers, zipfile.ZipFile(target, "w") as archive:
            pdfs = printers.print(document.pages(cases, Look(actor, reason, once=True)))
            papers = zip(file_names(cases), pdfs, strict=True)
            for name, pdf in counted(job, papers, total=len(params["cases"]), refused=refused):
                archive.writestr(_entry(name), pdf)
        if cases:
            target.seek(0)
            save_result(job, f"{job.title}.zip", target)


def file_names(cases: Sequence[Case]) -> Iterator[str]:
    """编号_姓名.pdf, without what file systems refuse; no two are the same, even where capitals do not count."""
    taken: set[str] = set()
    for case in cases:
        plain = FORBIDDEN.sub("_", f"{case.number}_{case.subject}").strip(" .")[:LONGEST_NAME]
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name.casefold())
        yield f"{name}.pdf"


def _entry(name: str) -> zipfile.ZipInfo:
    """Stored as it is: a PDF is packed already. For its owner alone once it is unpacked."""
    entry = zipfile.ZipInfo(name, timezone.localtime(clock.now()).timetuple()[:6])
    entry.external_attr = 0o600 << 16
    return entry
