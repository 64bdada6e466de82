"""Papers for the demonstration: small PDFs that say what they stand for, kept the way uploads are."""

from __future__ import annotations

from functools import cache

from django.core.files.base import ContentFile

from workflow import registry
from workflow.actors import Actor
from workflow.models import Case
from workflow.printing import html_to_pdf
from workflow.services.materials import add_material, missing_materials

PAGE = (
    '<html lang="zh-CN"><body style="font-family:Noto Sans CJK SC"><h1 style="text-align:center">{label}</h1>'
    '<p style="text-align:center;margin-top:40mm;color:#8a5a00">演示材料，非真实证件</p>{more}</body></html>'
)
SEAL = (
    '<p style="margin:20mm 0 0 90mm;width:42mm;height:42mm;border:1mm solid #c33;border-radius:50%;color:#c33;'
    'text-align:center;line-height:42mm">样章</p>'
)


@cache
def paper(label: str) -> bytes:
    return html_to_pdf(PAGE.format(label=label, more=""))


def sealed_paper(label: str) -> bytes:
    """As it comes back from the printer and the stamp: each is scanned once."""
    return html_to_pdf(PAGE.format(label=label, more=SEAL))


def upload_of(label: str) -> ContentFile[bytes]:
    return ContentFile(paper(label), name=f"{label}.pdf")


def hand_in(case: Case, actor: Actor) -> None:
    """Upload every paper that is still asked for, one of each group of alternatives."""
    labels = {rule.kind: str(rule.label) for rule in registry.case_type_of(case).materials(case)}
    for line in missing_materials(case):
        add_material(case, kind=line.kind, upload=upload_of(labels[line.kind]), actor=actor)
