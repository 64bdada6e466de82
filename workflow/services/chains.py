"""New versions of approval chains: copied from a published one, edited as a draft, proved and published."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from workflow import clock, registry
from workflow.enums import PERSON, ChainStatus, OrganisationKind
from workflow.models import ChainVersion, Organisation, Stage

# Held by the case's own employer and by the bureau that it chose: they exist wherever there is a case.
FIXED = (PERSON, OrganisationKind.UNIT, OrganisationKind.COUNTY_HR)


class ChainNotReady(Exception):
    """A draft that cannot be published; ``problems`` says all that is wrong at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def copy_chain(chain: ChainVersion) -> ChainVersion:
    """A new draft with the same stages, numbered after the newest version."""
    versions = ChainVersion.objects.select_for_update().filter(case_type=chain.case_type).order_by("-version")
    newest = versions[0]
    draft = ChainVersion.objects.create(case_type=chain.case_type, version=newest.version + 1)
    stages = list(chain.stages.all())
    for stage in stages:
        stage.pk, stage.chain = None, draft
    Stage.objects.bulk_create(stages)
    return draft


@transaction.atomic
def publish_chain(chain: ChainVersion) -> ChainVersion:
    """New cases take this version from now on; running ones finish on theirs. Raises ChainNotReady."""
    chain = ChainVersion.objects.select_for_update().get(pk=chain.pk)
    problems = list(chain_problems(chain))
    if problems:
        raise ChainNotReady(problems)
    ChainVersion.objects.filter(case_type=chain.case_type, status=ChainStatus.PUBLISHED).update(
        status=ChainStatus.RETIRED
    )
    chain.status, chain.published_at = ChainStatus.PUBLISHED, clock.now()
    chain.save(update_fields=["status", "published_at"])
    return chain


def chain_problems(chain: ChainVersion) -> Iterator[str]:
    """Everything that keeps a draft from being published."""
    stages = list(chain.stages.all())
    if chain.status != ChainStatus.DRAFT:
        yield _("Only a draft can be published.")
    if chain.case_type not in registry.case_types:
        yield _("No service registers cases of the type “%(type)s”.") % {"type": chain.case_type}
    if not stages:
        yield _("The chain has no stages.")
    for number, stage in enumerate(stages):
        yield from stage_problems(stage, {earlier.slug for earlier in stages[:number]})
    yield from _missing_offices(stages)


def stage_problems(stage: Stage, earlier: set[str]) -> Iterator[str]:
    """Unknown keys, and slugs of stages that do not come before this one."""
    unknown = [key for key in stage.gates if key not in registry.gates]
    unknown += [key for key in stage.effects if key not in registry.effects]
    unknown += [stage.form] if stage.form and stage.form not in registry.stage_forms else []
    for key in unknown:
        yield _("Stage “%(stage)s”: nothing is registered as “%(key)s”.") % {"stage": stage, "key": key}
    for slug in {*stage.returns_to, *stage.barred} - earlier - {PERSON}:
        yield _("Stage “%(stage)s”: no earlier stage is called “%(slug)s”.") % {"stage": stage, "slug": slug}


def _missing_offices(stages: list[Stage]) -> Iterator[str]:
    """Every bureau that units may choose must find an office for every stage that is not optional."""
    wanted = [stage for stage in stages if stage.actor_kind not in FIXED and not stage.optional]
    offices = set(
        Organisation.objects.active()
        .filter(kind__in={stage.actor_kind for stage in wanted})
        .values_list("kind", "region")
    )
    bureaus = Organisation.objects.active().filter(kind=OrganisationKind.COUNTY_HR).select_related("region")
    for bureau in bureaus:
        for stage in wanted:
            if not any((stage.actor_kind, code) in offices for code in bureau.region.ancestors):
                kind = OrganisationKind(stage.actor_kind).label
                yield _("%(region)s has no %(kind)s for the stage “%(stage)s”.") % {
                    "region": bureau.region,
                    "kind": kind,
                    "stage": stage,
                }
