"""People, offices and duties as the tests of the floor need them."""

from datetime import date
from typing import Any

import factory
from django.conf import settings
from factory.django import DjangoModelFactory

from accounts.models import Terms
from accounts.services.consents import give_consents
from workflow.actors import Actor
from workflow.enums import OrganisationKind, Role
from workflow.models import Duty, Organisation

COUNTY = "130902"
OTHER_COUNTY = "130903"
CITY = "130900"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = settings.AUTH_USER_MODEL
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"floor{n}")
    name = factory.Sequence(lambda n: f"张三{n}")
    is_approved = True

    @factory.post_generation
    def texts(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Pages of this floor open to whoever has agreed to what the floor above asks."""
        if create:
            give_consents(self, list(Terms.objects.due_to(self.pk)))


class OrganisationFactory(DjangoModelFactory):
    """An employer in 新华区; traits make the offices."""

    class Meta:
        model = Organisation

    class Params:
        county_hr = factory.Trait(kind=OrganisationKind.COUNTY_HR, name=factory.Sequence(lambda n: f"县人社局{n}"))
        county_org = factory.Trait(kind=OrganisationKind.COUNTY_ORG, name=factory.Sequence(lambda n: f"县组织部{n}"))
        city_hr = factory.Trait(
            kind=OrganisationKind.CITY_HR, region_id=CITY, name=factory.Sequence(lambda n: f"市人社局{n}")
        )

    code = factory.Sequence(lambda n: f"ORG{n:06d}")
    name = factory.Sequence(lambda n: f"某某科技有限公司{n}")
    kind = OrganisationKind.UNIT
    region_id = COUNTY


class DutyFactory(DjangoModelFactory):
    class Meta:
        model = Duty

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.HANDLER
    starts_on = date(2020, 1, 1)


def acting(duty: Duty) -> Actor:
    return Actor.in_duty(duty, duty.user)
