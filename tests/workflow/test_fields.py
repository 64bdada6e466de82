import base64
from datetime import date
from decimal import Decimal

import pytest
from django.apps.registry import Apps
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models

from workflow.encryption import DecryptionError
from workflow.fields import EncryptedJSONField, EncryptedTextField


class Sealed(models.Model):
    number = EncryptedTextField(max_length=20)
    phone = EncryptedTextField(null=True, blank=True)
    filing = EncryptedJSONField(null=True, blank=True)

    class Meta:
        app_label = "sample"
        apps = Apps()


@pytest.fixture
def table(db):
    columns = ", ".join(
        f"{field.column} {field.db_type(connection)}" for field in Sealed._meta.local_fields if not field.primary_key
    )
    key = "bigserial" if connection.vendor == "postgresql" else "integer"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE sample_sealed (id {key} PRIMARY KEY, {columns})")
        yield
        cursor.execute("DROP TABLE sample_sealed")


def stored(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM sample_sealed")
        return bytes(cursor.fetchone()[0])


def test_fields_come_back_as_they_were_saved(table):
    Sealed.objects.create(number="130902199003070015", phone="", filing={"b": ["䶮", None, True], "a": {"x": 1}})

    sealed = Sealed.objects.get()

    assert (sealed.number, sealed.phone) == ("130902199003070015", "")
    assert sealed.filing == {"b": ["䶮", None, True], "a": {"x": 1}}
    assert list(sealed.filing) == ["b", "a"]


def test_nothing_readable_reaches_the_database(table):
    Sealed.objects.create(number="130902199003070015", filing={"name": "ZHANG"})

    assert b"1309" not in stored("number")
    assert b"ZHANG" not in stored("filing")


def test_null_stays_null_and_can_be_searched(table):
    Sealed.objects.create(number="1")
    Sealed.objects.create(number="2", phone="13800001234", filing=[])

    assert Sealed.objects.get(phone__isnull=True).number == "1"
    assert Sealed.objects.get(phone__isnull=False).filing == []


def test_bulk_writes_encrypt_too(table):
    rows = Sealed.objects.bulk_create([Sealed(pk=1, number="1"), Sealed(pk=2, number="2")])
    rows[0].number = "3"
    Sealed.objects.bulk_update(rows, ["number"])
    Sealed.objects.filter(pk=2).update(number="4")

    assert sorted(Sealed.objects.values_list("number", flat=True)) == ["3", "4"]


def test_json_keeps_the_places_of_decimals_and_iso_dates(table):
    Sealed.objects.create(number="1", filing={"sum": Decimal("18000.00"), "from": date(2026, 1, 31)})

    assert Sealed.objects.get().filing == {"sum": "18000.00", "from": "2026-01-31"}


def test_json_refuses_what_it_cannot_give_back():
    with pytest.raises(TypeError, match="object cannot be stored"):
        Sealed._meta.get_field("filing").get_prep_value({"x": object()})


def test_a_value_copied_into_another_column_does_not_open(table):
    Sealed.objects.create(number="1", phone="13800001234")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sample_sealed SET number = phone")

    with pytest.raises(DecryptionError, match=r"sample\.sealed\.number"):
        Sealed.objects.get()


def test_values_survive_a_rotation_of_keys(table, settings):
    Sealed.objects.create(number="130902199003070015")

    new = "9:" + base64.b64encode(b"n" * 32).decode()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    sealed = Sealed.objects.get()
    sealed.save()

    assert sealed.number == "130902199003070015"
    assert stored("number")[0] == 9


@pytest.mark.parametrize("lookup", ["number", "number__contains", "number__in", "filing__name", "number__lower"])
def test_searching_inside_an_encrypted_column_is_refused(lookup):
    with pytest.raises(FieldError, match="is encrypted"):
        Sealed.objects.filter(**{lookup: "1"})


def test_max_length_counts_plain_characters():
    with pytest.raises(ValidationError) as caught:
        Sealed(number="1" * 21).clean_fields()

    assert list(caught.value.message_dict) == ["number"]
    Sealed(number="1" * 20).clean_fields()


def test_form_fields_are_those_of_the_content():
    assert Sealed._meta.get_field("number").formfield().max_length == 20
    assert Sealed._meta.get_field("filing").formfield().__class__.__name__ == "JSONField"


def test_migrations_can_rebuild_the_field():
    _name, path, args, kwargs = EncryptedTextField(max_length=20, null=True).deconstruct()

    assert (path, args, kwargs) == ("workflow.fields.EncryptedTextField", [], {"max_length": 20, "null": True})
