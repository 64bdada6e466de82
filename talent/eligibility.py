"""From rows to facts: what the rules of the card are asked about."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Person
from talent.completeness import find_gaps, labels_of
from talent.enums import OPEN_ENDED, CardState
from talent.models import Card, CardApplication, CardCategory, CardScheme, Proof, TalentProfile, WorkExperience
from talent.rules.application import check_all
from talent.rules.facts import Facts, Held, Study, Terms
from talent.rules.levels import suggest
from workflow import clock
from workflow.findings import Check


@dataclass(frozen=True, slots=True)
class Assessment:
    """All rules over one application, and which categories the facts point to (the best first)."""

    checks: list[Check]
    # Fields of the form that are still empty or cannot be read.
    gaps: list[str]
    suggestions: list[Terms]

    @property
    def failed(self) -> list[Check]:
        return [check for check in self.checks if not check.passed]

    @property
    def reasons(self) -> list[str]:
        """Why it cannot be filed yet; empty when it can."""
        empty = [_("Not filled in completely: %(fields)s") % {"fields": labels_of(self.gaps)}] if self.gaps else []
        return [*empty, *(check.reason for check in self.failed if check.field not in self.gaps)]


def assess(application: CardApplication) -> Assessment:
    """``application`` comes from ``.whole()``; three further queries."""
    facts = _facts(application)
    categories = [terms_of(row) for row in application.scheme.categories.all() if row.active]
    return Assessment(check_all(facts), find_gaps(application), suggest(facts, categories))


def terms_of(row: CardCategory) -> Terms:
    return Terms(
        code=row.code,
        level=row.level,
        name=str(row),
        age_limit=row.age_limit,
        min_degree=row.min_degree,
        full_time=row.full_time,
        double_first_class=row.double_first_class,
        abroad=row.abroad,
        min_title=row.min_title,
        min_skill=row.min_skill,
        needs_evidence=row.needs_evidence,
    )


def profile_of(person: Person) -> TalentProfile:
    """An empty one where nothing was written yet."""
    profile: TalentProfile | None = getattr(person, "talent_profile", None)
    return profile or TalentProfile(person=person, name_latin=person.foreign_name)


def current_work(application: CardApplication) -> WorkExperience | None:
    works: list[WorkExperience] = list(application.person.work_experiences.all())
    return next((work for work in works if work.is_current), None)


def _facts(application: CardApplication) -> Facts:
    person, work = application.person, current_work(application)
    profile = profile_of(person)
    return Facts(
        today=clock.today(),
        birth_date=person.birth_date,
        studies=tuple(
            Study(row.degree, row.full_time, row.double_first_class, row.is_foreign) for row in person.educations.all()
        ),
        title_level=profile.title_level,
        skill_level=profile.skill_level,
        evidence=application.evidence,
        has_photo=Proof.objects.of(person).photos().exists(),
        space_gaps=_space_gaps(profile),
        has_current_work=work is not None,
        works_at_registered_unit=_at_registered_unit(application, work),
        is_with_former_unit=_is_with_former_unit(application),
        arrived_on=application.arrived_on,
        insured_from=application.insured_from,
        contract_start=application.contract_start,
        contract_end=application.contract_end,
        is_open_ended=application.contract_kind == OPEN_ENDED,
        category=terms_of(application.category) if application.category is not None else None,
        is_granted=_is_granted(application),
        is_offered=application.category is not None and is_offered(application.category, application.scheme),
        under_way=_under_way(application),
        held=held_card(application.person, application.scheme),
    )


def _space_gaps(profile: TalentProfile) -> tuple[str, ...]:
    needed = {"nationality": _("Nationality or region"), "address": _("Present address")}
    return tuple(label for name, label in needed.items() if not getattr(profile, name))


def _at_registered_unit(application: CardApplication, work: WorkExperience | None) -> bool:
    registered = application.person.unit_id
    return work is not None and registered is not None and work.unit_id == registered


def _is_with_former_unit(application: CardApplication) -> bool:
    """Once filed, the case stays with the unit that it was filed through."""
    return bool(application.case.number) and application.case.unit_id != application.person.unit_id


def _under_way(application: CardApplication) -> str:
    other = CardApplication.objects.under_way(application.person).exclude(pk=application.pk).first()
    return str(other.case) if other is not None else ""


def _is_granted(application: CardApplication) -> bool:
    """A draft may wait until its scheme has ended, or until its person works elsewhere; what is filed stays with it."""
    scheme, unit = application.scheme, application.person.unit
    if application.case.number or unit is None:
        return True
    today = clock.today()
    is_in_force = scheme.valid_from <= today and (scheme.valid_until is None or today <= scheme.valid_until)
    return is_in_force and scheme.region_id in unit.region.ancestors


def is_offered(category: CardCategory, scheme: CardScheme) -> bool:
    return category.active and category.scheme_id == scheme.pk


def held_card(person: Person, scheme: CardScheme) -> Held | None:
    today = clock.today()
    for card in Card.objects.of(person).living().filter(scheme=scheme):
        state = card.state_on(today)
        if state != CardState.EXPIRED:
            return Held(card.number, card.level, is_frozen=state == CardState.FROZEN)
    return None
