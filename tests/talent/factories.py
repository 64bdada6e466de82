"""Facts about people as tests need them."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from talent.models import Education, WorkExperience
from tests.accounts.factories import PersonFactory, UnitFactory
from workflow import clock
from workflow.models import Region

COUNTY = "130902"


def months_ahead(count: int) -> date:
    """The first day of the month so many months from now."""
    today = clock.today()
    years, month = divmod(today.month - 1 + count, 12)
    return date(today.year + years, month + 1, 1)


class EducationFactory(DjangoModelFactory):
    """A master's degree, full-time, of the summer two years ago."""

    class Meta:
        model = Education

    class Params:
        doctor = factory.Trait(level="11", degree="2")
        bachelor = factory.Trait(level="21", degree="4")
        college = factory.Trait(level="31", degree="")
        part_time = factory.Trait(full_time=False)
        foreign = factory.Trait(school="悉尼大学", foreign_certificate="教留服认澳2400001号", chsi_code="")

    person = factory.SubFactory(PersonFactory)
    level = "14"
    degree = "3"
    school = "河北工业大学"
    major = "材料科学与工程"
    graduated_on = factory.LazyFunction(lambda: clock.today().replace(year=clock.today().year - 2, month=6, day=28))
    certificate_number = factory.Sequence(lambda n: f"1008012024{n:08d}")
    chsi_code = "A1B2C3D4E5F6G7H8"


class WorkExperienceFactory(DjangoModelFactory):
    """The present employment at the registered unit, under an open contract for three years."""

    class Meta:
        model = WorkExperience

    class Params:
        past = factory.Trait(
            unit=None,
            unit_name="石家庄某科技有限公司",
            joined_on=factory.LazyFunction(lambda: months_ahead(-48)),
            left_on=factory.LazyFunction(lambda: months_ahead(-30)),
            contract_start=None,
            contract_end=None,
            insured_from=None,
        )

    person = factory.LazyFunction(lambda: PersonFactory(unit=UnitFactory()))
    unit = factory.LazyAttribute(lambda work: work.person.unit)
    unit_name = factory.LazyAttribute(lambda work: work.unit.name if work.unit else "个体")
    uscc = factory.LazyAttribute(lambda work: work.unit.code if work.unit else "")
    unit_kind = "32"
    region = factory.LazyFunction(lambda: Region.objects.get(pk=COUNTY))
    position = "研发工程师"
    employment_form = "1"
    contract_kind = "1"
    contract_start = factory.LazyFunction(lambda: months_ahead(-18))
    contract_end = factory.LazyFunction(lambda: months_ahead(18))
    joined_on = factory.LazyFunction(lambda: months_ahead(-18))
    left_on = None
    insured_in = factory.LazyFunction(lambda: Region.objects.get(pk=COUNTY))
    insured_from = factory.LazyFunction(lambda: months_ahead(-18))
