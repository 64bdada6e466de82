"""``manage.py rotate_keys``: everything that is encrypted, wherever it is, beside writers and after a crash."""

import base64
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.http import urlencode

from accounts.forms.security import SECRET
from accounts.models import Person, User
from accounts.second_factor import check_code, recovery_codes, set_up
from subsidies.models import Payment, RentApplication
from tests.accounts.factories import PersonFactory, UserFactory
from tests.fire.busy import make_busy
from tests.house.tree import modules, name_of
from workflow.encryption import DecryptionError, default_cipher
from workflow.fields import EncryptedField
from workflow.models import Case, Filing, Job, Selection
from workflow.permits import PURGE, REENCRYPT, permitting
from workflow.sealing import seal, unseal
from workflow.services import rotation
from workflow.services.rotation import Columns, encrypted_places, old_values
from workflow.services.verification import verify_events

pytestmark = pytest.mark.django_db

OLD = "1:" + base64.b64encode(b"o" * 32).decode()
NEW = "2:" + base64.b64encode(b"n" * 32).decode()
SM4 = "3:sm4:" + base64.b64encode(b"s" * 16).decode()


@pytest.fixture(autouse=True)
def _old_key(settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]


def run(*options: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *options, stdout=out)
    return out.getvalue()


def keys_in_use() -> set[int]:
    return set(sum((place.count() for place in encrypted_places()), Counter[int]()))


def left() -> int:
    return sum(old_values(place.count()) for place in encrypted_places())


def plain_texts() -> dict[str, list[Any]]:
    """{column: what stands in it, read with the keys of the moment}."""
    found = {}
    for place in encrypted_places():
        if isinstance(place, Columns):
            for one in place.fields:
                rows = place.model._base_manager.order_by("pk")
                found[one.context] = list(rows.values_list(one.name, flat=True))
    return found


def test_no_encrypted_column_of_any_model_is_left_out() -> None:
    columns = {
        (model._meta.db_table, one.column)
        for model in apps.get_models(include_auto_created=True)
        for one in model._meta.concrete_fields
        if isinstance(one, EncryptedField)
    }

    covered = [place for place in encrypted_places() if isinstance(place, Columns)]

    assert {(place.model._meta.db_table, one.column) for place in covered for one in place.fields} == columns
    assert ("accounts_user", "phone") in columns
    assert ("workflow_filing", "content") in columns


# Where the cipher is asked for by name: a new place must be rotated too (``register_hidden``), or pass away by itself.
USES = {
    "accounts/second_factor.py",
    "accounts/services/kept_forms.py",
    "portal/checks.py",
    "workflow/encryption.py",
    "workflow/fields.py",
    "workflow/management/commands/rotate_keys.py",
    "workflow/sealing.py",
    "workflow/services/rotation.py",
    "workflow/services/sealed_texts.py",
}


def test_no_other_place_encrypts_anything() -> None:
    found = {name_of(path) for path in modules() if "default_cipher" in path.read_text()}

    assert found <= USES


def test_everything_is_under_the_new_key_and_the_old_one_may_go(settings) -> None:
    settings.DEMO_CLOCK = True
    make_busy()
    before = plain_texts()
    assert keys_in_use() == {1}

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    said = run()
    settings.ENCRYPTION_KEYS = [NEW]

    assert keys_in_use() == {2}
    assert plain_texts() == before
    assert "accounts.user (phone, document_number): " in said
    assert "Every value is under the newest key." in run("--check")
    # Frozen forms are part of the record, and the record still fits.
    assert verify_events().faults == []
    assert Filing.objects.exists()
    assert Payment.objects.exists()


def test_sm4_takes_the_place_of_aes_by_a_rotation(settings) -> None:
    person = PersonFactory()
    settings.ENCRYPTION_KEYS = [SM4, OLD]

    run()
    settings.ENCRYPTION_KEYS = [SM4]

    assert keys_in_use() == {3}
    assert Person.objects.get(pk=person.pk).number == person.number


def test_second_factors_and_the_one_being_set_up_come_along(client: Client, settings) -> None:
    user = UserFactory(officer=True)
    secret = generate_totp_secret()
    set_up(user, secret=secret, counter=1)
    spare = recovery_codes(user)
    client.force_login(UserFactory())
    page = client.get("/account/security/second-factor/")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert "1 re-encrypted" in run().partition("mfa.authenticator")[2]

    settings.ENCRYPTION_KEYS = [NEW]

    assert spare is not None
    assert check_code(user, spare[0])
    assert Authenticator.objects.filter(user=user).count() == 2
    assert client.get("/account/security/second-factor/").context["form"].secret == page.context["form"].secret
    assert SECRET in Session.objects.get(pk=client.session.session_key).get_decoded()


def test_numbers_in_kept_filters_come_along(settings) -> None:
    user = UserFactory()
    criteria = urlencode({"tab": "waiting", "id_number": seal("130902199903070011")})
    job = Job.objects.create(
        kind="x", title="x", params={"criteria": criteria}, asked_by=user, created_at=user.date_joined
    )
    broken = f"id_number=~{'A' * 40}"
    other = Job.objects.create(
        kind="x", title="x", params={"criteria": broken}, asked_by=user, created_at=user.date_joined
    )
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    run()
    settings.ENCRYPTION_KEYS = [NEW]
    job.refresh_from_db()
    other.refresh_from_db()

    sealed = job.params["criteria"].partition("id_number=")[2].replace("%3D", "=")
    assert unseal(sealed) == "130902199903070011"
    assert other.params == {"criteria": broken}
    assert Selection.objects.count() == 0


def test_a_run_that_was_killed_is_finished_by_the_next(settings, monkeypatch) -> None:
    for _n in range(5):
        PersonFactory()
    monkeypatch.setattr(rotation, "CHUNK", 2)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    chunk = Columns.renew_chunk
    whole = left()

    def dies_after_the_first(place: Columns, after: Any) -> Any:
        has_begun = left() < whole
        with transaction.atomic():
            answer = chunk(place, after)
            if has_begun:
                raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Columns, "renew_chunk", dies_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(Columns, "renew_chunk", chunk)
    assert 0 < left() < whole

    run()

    assert left() == 0
    assert keys_in_use() == {2}


def test_a_writer_in_the_middle_is_never_undone(settings, monkeypatch) -> None:
    """What somebody changes between two chunks stays as they wrote it, under whichever key they wrote it."""
    people = [PersonFactory() for _n in range(4)]
    monkeypatch.setattr(rotation, "CHUNK", 1)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    chunk = Columns.renew_chunk

    def with_a_writer(place: Columns, after: Any) -> Any:
        answer = chunk(place, after)
        if place.model is User and answer is not None:
            # A process that does not have the new key yet.
            settings.ENCRYPTION_KEYS = [OLD]
            User.objects.filter(person=people[0]).update(phone="13700000001")
            User.objects.filter(person=people[3]).update(phone="13700000004")
            settings.ENCRYPTION_KEYS = [NEW, OLD]
        return answer

    monkeypatch.setattr(Columns, "renew_chunk", with_a_writer)
    run()
    monkeypatch.setattr(Columns, "renew_chunk", chunk)
    with pytest.raises(CommandError, match="values are under older keys"):
        run("--check")
    run()
    settings.ENCRYPTION_KEYS = [NEW]

    assert [person.users.get().phone for person in people] == [
        "13700000001", people[1].phone, people[2].phone, "13700000004"
    ]  # fmt: skip


def test_check_and_dry_run_change_nothing(settings) -> None:
    PersonFactory()
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    assert "accounts.person (number, phone): key 1: 2" in run("--dry-run")
    assert " values would be re-encrypted." in run("--dry-run")
    with pytest.raises(CommandError, match="these keys must stay"):
        run("--check")

    assert keys_in_use() == {1}


def test_what_no_key_opens_is_named_and_stops_nothing_else(settings) -> None:
    damaged, whole = PersonFactory(), PersonFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET number = phone WHERE id = %s", [damaged.pk])
    settings.ENCRYPTION_KEYS = [NEW, OLD]

    with pytest.raises(CommandError, match=rf"No key opens 1 values: accounts\.person\.number, {damaged.pk}"):
        run()
    settings.ENCRYPTION_KEYS = [NEW]

    assert Person.objects.get(pk=whole.pk).number == whole.number
    with pytest.raises(DecryptionError):
        Person.objects.get(pk=damaged.pk)


@pytest.fixture
def filing() -> Filing:
    person = PersonFactory()
    user = person.users.get()
    region = apps.get_model("workflow", "Region").objects.get(pk="130902")
    chain = apps.get_model("workflow", "ChainVersion").objects.filter(case_type="graduate_rent").first()
    case = Case.objects.create(
        case_type="graduate_rent", chain=chain, applicant=user, region=region, created_at=user.date_joined
    )
    return Filing.objects.create(case=case, number=1, content={"a": 1}, filed_by=user, filed_at=user.date_joined)


def sealed(text: str) -> bytes:
    return default_cipher().encrypt(text.encode(), "workflow.filing.content")


def change(filing: Filing, sets: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE workflow_filing SET {sets} WHERE id = %s", [*values, filing.pk])


def test_frozen_forms_take_another_key_in_a_rotation_and_nothing_else(filing: Filing, settings) -> None:
    same_key = sealed('{"a":2}')
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    other_key = sealed('{"a":1}')

    with pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s", other_key)
    with permitting(REENCRYPT), pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s", same_key)
    with permitting(REENCRYPT), pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s, amount = 1", other_key)
    with permitting(PURGE), pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s", other_key)
    with permitting(REENCRYPT):
        change(filing, "content = %s", other_key)

    assert Filing.objects.get(pk=filing.pk).content == {"a": 1}
    with pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s", sealed("{}"))


def test_a_permit_ends_with_its_transaction(filing: Filing, settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(ZeroDivisionError), permitting(REENCRYPT):
        _ = 1 / 0

    with pytest.raises(DatabaseError, match="append-only"):
        change(filing, "content = %s", sealed('{"a":1}'))
    assert not RentApplication.objects.exists()
