"""The wallet as services reach for it: which papers may stand in their lists, and how an upload is put aside too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from accounts.models import Person
from talent.enums import ProofKind
from talent.models import Education, Proof, WorkExperience
from talent.paper_kinds import OF_EDUCATION, OF_WORK, kind_for, lines_of
from talent.services.wallet import Facts, add_paper, proof_label
from workflow.actors import Actor
from workflow.models import Material
from workflow.registry import MaterialRule, OwnPaper

# A filing is always in Chinese, whatever language the page has that shows the paper.
_label = lazy(proof_label, str)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a form states of its person: the present employment and one study, or with ``whole`` all of them."""

    person_id: int
    education_id: int | None = None
    whole: bool = False

    def fits(self, proof: Proof) -> bool:
        """No paper of another employment or study goes with the form."""
        if self.whole:
            return True
        is_of_past_work = proof.work is not None and not proof.work.is_current
        return not is_of_past_work and proof.education_id in (None, self.education_id)


def papers_of(forms: Mapping[int, Stated]) -> dict[int, list[OwnPaper]]:
    """``forms``: {case: what its form states}. One statement for all of them."""
    kept: dict[int, list[Proof]] = {}
    for proof in Proof.objects.of_persons({form.person_id for form in forms.values()}) if forms else ():
        kept.setdefault(proof.person_id, []).append(proof)
    return {
        case: [_own_paper(proof) for proof in kept.get(form.person_id, ()) if form.fits(proof)]
        for case, form in forms.items()
    }


def _own_paper(proof: Proof) -> OwnPaper:
    is_photo = proof.kind == ProofKind.PHOTO
    # The contract of a former employment goes beside the list: it is not the one that is asked for.
    is_former = proof.work is not None and not proof.work.is_current
    return OwnPaper(
        material=proof.material,
        label=_label(proof),
        lines=() if is_former else lines_of(proof.kind),
        change_url=reverse("talent:profile") if is_photo else reverse("talent:wallet_change", args=[proof.pk]),
        stated=is_photo or proof.work_id is not None or proof.education_id is not None,
        until=proof.valid_until,
        expired=proof.is_expired,
    )


def lines_kept(person: Person, rules: Iterable[MaterialRule]) -> list[str]:
    """The lines whose uploads may go into the wallet too; proofs of work need an employment that they prove."""
    known = {rule.kind: kind for rule in rules if (kind := kind_for(rule.kind)) is not None}
    if not WorkExperience.objects.of(person).current().exists():
        known = {line: kind for line, kind in known.items() if kind not in OF_WORK}
    return list(known)


def keep_upload(person: Person, material: Material, actor: Actor, *, education: Education | None = None) -> None:
    """A copy of an upload to a case; the same file is kept once. Raises ValidationError where the wallet is full."""
    kind = kind_for(material.kind)
    if kind is None:
        return
    work = WorkExperience.objects.of(person).current().first() if kind in OF_WORK else None
    facts = Facts(work=work, education=education if kind in OF_EDUCATION else None)
    with material.file.open("rb") as file:
        copy = ContentFile(file.read(), name=material.name)
    try:
        add_paper(person, kind=kind, upload=copy, actor=actor, facts=facts)
    except ValidationError as error:
        if error.code == "count":
            message = _("It is with this application, but your document wallet takes no more papers of this kind.")
            raise ValidationError(message, "wallet_full") from error
        if error.code != "twice":
            raise
