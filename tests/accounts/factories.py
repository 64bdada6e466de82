"""People, units and officers as tests need them. Regions come from the seed (every test database has it)."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.enums import RealNameLevel, TermsKind, UserKind
from accounts.hashes import identifier_keys, phone_key
from accounts.models import Identifier, Person, Terms, UnitProfile, User
from accounts.services.consents import ASKED, give_consents
from workflow import clock
from workflow.enums import OrganisationKind, Role
from workflow.identifiers import USCC_ALPHABET, id_check_character, uscc_check_character
from workflow.lookup_keys import identity_key
from workflow.models import Duty, Organisation, Region

PASSWORD = "Tongban-2026"
COUNTY = "130902"
CITY = "130900"


def id_number(n: int, born: str = "19990307", region: str = COUNTY) -> str:
    """A valid synthetic number; the n-th person born on that day."""
    body = f"{region}{born}{n % 1000:03d}"
    return body + id_check_character(body)


def phone_number(n: int) -> str:
    return f"139{n:08d}"


def credit_code(n: int) -> str:
    """A valid unified social credit code."""
    letters = ""
    for _place in range(4):
        n, rest = divmod(n, len(USCC_ALPHABET))
        letters = USCC_ALPHABET[rest] + letters
    body = f"91130900MA0{letters}0Q"
    return body + uscc_check_character(body)


def chinese(n: int) -> str:
    """Digits as characters that a name may have."""
    return str(n).translate(str.maketrans("0123456789", "零一二三四五六七八九"))


class RegionFactory(DjangoModelFactory):
    """The seeded rows of 沧州 (130902 unless named); made anew only where a test runs without the seed."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = COUNTY
    name = factory.LazyAttribute(lambda region: f"区划{region.code}")
    level = 3
    lineage = factory.LazyAttribute(lambda region: f"/130000/{CITY}/{region.code}/")


class UserFactory(DjangoModelFactory):
    """An approved person's account without a person behind it; ``pending=True`` is not approved yet."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        pending = factory.Trait(is_approved=False)
        stated = factory.Trait(real_name_level=RealNameLevel.BASIC)
        unit = factory.Trait(kind=UserKind.UNIT)
        officer = factory.Trait(kind=UserKind.OFFICER)
        administrator = factory.Trait(kind=UserKind.OFFICER, is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"用户{chinese(n)}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    kind = UserKind.PERSON
    is_approved = True
    # Whom an office or an employer approved has shown papers; ``stated=True`` has only said who it is.
    real_name_level = factory.LazyAttribute(
        lambda user: RealNameLevel.MIDDLE if user.is_approved and user.kind != UserKind.OFFICER else RealNameLevel.NONE
    )
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def texts(self: User, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """What is in force has been agreed to; ``texts=False``: nothing has."""
        if create and extracted is not False and self.kind in ASKED:
            give_consents(self, Terms.objects.of_kinds([TermsKind.AGREEMENT, TermsKind.SENSITIVE]))


class PersonFactory(DjangoModelFactory):
    """A person with an approved account (``person.users.get()``), whose numbers are taken; ``user=False``: without."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        serial = factory.Sequence(lambda n: n + 1)
        born = "19980201"

    number = factory.LazyAttribute(lambda o: id_number(o.serial, o.born))
    number_hash = factory.LazyAttribute(lambda o: identity_key(o.number))
    name = factory.Sequence(lambda n: f"毕业生{chinese(n)}")
    # Another range than what the registration forms of tests are filled in with.
    phone = factory.LazyAttribute(lambda o: phone_number(o.serial + 10_000_000))
    phone_hash = factory.LazyAttribute(lambda o: phone_key(o.phone))
    birth_date = factory.LazyAttribute(lambda o: date.fromisoformat(o.born))
    sex = factory.LazyAttribute(lambda o: "1" if int(o.number[16]) % 2 else "2")
    ethnic = "01"
    political = "03"
    email = factory.LazyAttribute(lambda o: f"p{o.serial}@example.com")
    unit = None
    created_at = factory.LazyFunction(clock.now)

    @factory.post_generation
    def user(self: Person, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if extracted is not False:
            account = UserFactory(name=self.name, phone=self.phone, person=self, **kwargs)
            claim(account, number=self.number, phone=self.phone)


def claim(user: User, *, number: str = "", phone: str = "") -> None:
    """Take the numbers as a registration would."""
    for kind, key in identifier_keys(number=number, phone=phone).items():
        Identifier.objects.create(kind=kind, hash=key, user=user)


class OfficeFactory(DjangoModelFactory):
    """An office of any kind; one per kind and region. City kinds stand in 130900, all others in 130902."""

    class Meta:
        model = Organisation
        django_get_or_create = ("code",)

    kind = OrganisationKind.COUNTY_HR
    region = factory.LazyAttribute(
        lambda o: Region.objects.get(pk=CITY) if o.kind.startswith("city_") else Region.objects.get(pk=COUNTY)
    )
    code = factory.LazyAttribute(lambda o: f"{o.region.code}-{o.kind}")
    name = factory.LazyAttribute(lambda o: f"{o.region.name}{OrganisationKind(o.kind).value}")


class OfficerFactory(UserFactory):
    """An officer with one duty: ``OfficerFactory(office="city_fin", office__role="leader")``; or an organisation."""

    class Meta:
        skip_postgeneration_save = True

    kind = UserKind.OFFICER
    name = factory.Sequence(lambda n: f"经办人{chinese(n)}")

    @factory.post_generation
    def office(self: User, create: bool, extracted: Organisation | str | None, **kwargs: Any) -> None:
        office = extracted or OrganisationKind.COUNTY_HR
        if isinstance(office, str):
            office = OfficeFactory(kind=office)
        facts = {"role": Role.HANDLER, "starts_on": date(2020, 1, 1)} | kwargs
        Duty.objects.create(user=self, organisation=office, **facts)


class UnitFactory(DjangoModelFactory):
    """An approved employer with its details and a handler (``unit.duties.get().user``); ``inactive=True``: not yet."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    class Params:
        serial = factory.Sequence(lambda n: n)
        inactive = factory.Trait(active=False)

    kind = OrganisationKind.UNIT
    code = factory.LazyAttribute(lambda o: credit_code(o.serial + 100_000))
    name = factory.LazyAttribute(lambda o: f"沧州测试单位{o.serial}有限公司")
    region = factory.LazyFunction(lambda: Region.objects.get(pk=COUNTY))
    parent = factory.LazyAttribute(lambda o: OfficeFactory(kind=OrganisationKind.COUNTY_HR, region=o.region))
    active = True

    @factory.post_generation
    def profile(self: Organisation, create: bool, extracted: Any, **kwargs: Any) -> None:
        facts = {
            "uscc": self.code,
            "principal": "王建国",
            "principal_phone": "0317-1234567",
            "unit_kind": "32",
            "industry": "C",
            "address": "河北省沧州市新华区建设北街街道一号",
        }
        UnitProfile.objects.create(organisation=self, **(facts | kwargs))

    @factory.post_generation
    def handler(self: Organisation, create: bool, extracted: User | bool | None, **kwargs: Any) -> None:
        if extracted is False:
            return
        user = extracted or UserFactory(unit=True, name=f"单位经办人{chinese(self.pk)}", **kwargs)
        Duty.objects.create(user=user, organisation=self, role=Role.HANDLER, starts_on=date(2020, 1, 1))
