"""Papers of a case: what is accepted, who may change them, who may see them, and that none is lost as evidence."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.workflow import files
from tests.workflow.factories import UserFactory
from tests.workflow.toy import Town
from workflow.actors import Actor
from workflow.enums import Action, ScanStatus
from workflow.models import Case, Material
from workflow.presentation.materials import panel_of
from workflow.registry import MaterialRule
from workflow.services import Seen, perform, sweeping
from workflow.services.materials import (
    add_material,
    describe,
    describe_materials,
    find_missing,
    materials_complete,
    missing_materials,
    remove_material,
    replace_material,
    store_act_file,
)
from workflow.services.sweeping import sweep_files

KIND = "id_card"


def upload(content: bytes | None = None, name: str = "身份证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.pdf() if content is None else content)


def add(town: Town, case: Case, **options: object) -> Material:
    return add_material(case, **{"kind": KIND, "upload": upload(), "actor": town.applicant, **options})


def test_material_is_kept_under_a_random_name(town: Town) -> None:
    material = add(town, town.draft(), upload=upload(name="../../身份证.pdf"))

    assert material.name == "身份证.pdf"
    assert material.file.name == f"materials/{material.token.hex[:2]}/{material.token.hex}"
    assert (material.content_type, material.size) == ("application/pdf", len(files.pdf()))


def test_photo_loses_its_place_but_not_its_orientation(town: Town) -> None:
    exif = files.picture().getexif()
    exif[0x0112], exif[0x010F] = 6, "Phone"
    photo = files.jpeg(exif=exif)

    material = add(town, town.draft(), upload=upload(photo, "photo.jpg"))

    with material.file.open("rb") as file:
        stored = file.read()
    assert b"Phone" in photo
    assert b"Phone" not in stored
    assert material.size == len(stored)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (files.xlsx(), "contract.pdf"),
        (b"", "contract.pdf"),
        (files.locked_pdf(), "contract.pdf"),
        (b"MZ" * 90, "a.exe"),
    ],
    ids=["lies about its type", "empty", "password", "program"],
)
def test_what_is_not_in_order_is_refused_and_nothing_is_kept(town: Town, content: bytes, name: str) -> None:
    case = town.draft()

    with pytest.raises(ValidationError):
        add(town, case, upload=upload(content, name))

    assert not case.materials.exists()


def test_unknown_line_is_refused(town: Town) -> None:
    with pytest.raises(ValidationError):
        add(town, town.draft(), kind="passport")


def test_too_many_files_are_refused(town: Town, settings: object) -> None:
    settings.UPLOAD_MAX_PER_MATERIAL = 1
    case = town.draft()
    add(town, case)

    with pytest.raises(ValidationError, match="1"):
        add(town, case)


@pytest.mark.parametrize("who", ["unit", "county"])
def test_offices_change_no_materials(town: Town, who: str) -> None:
    case = town.draft()

    with pytest.raises(PermissionDenied):
        add(town, case, actor=town.actor(who))


def test_stranger_changes_no_materials(town: Town) -> None:
    with pytest.raises(PermissionDenied):
        add(town, town.draft(), actor=Actor(UserFactory()))


def test_submitted_case_keeps_its_materials(town: Town) -> None:
    case = town.draft()
    material = add(town, case)
    town.submit(case)

    with pytest.raises(PermissionDenied):
        remove_material(material, actor=town.applicant)
    with pytest.raises(PermissionDenied):
        add(town, case)


def test_removed_material_goes_with_its_file(town: Town, django_capture_on_commit_callbacks: object) -> None:
    material = add(town, town.draft())
    name = material.file.name

    with django_capture_on_commit_callbacks(execute=True):
        remove_material(material, actor=town.applicant)
        assert default_storage.exists(name)

    assert not Material.objects.filter(pk=material.pk).exists()
    assert not default_storage.exists(name)


def test_material_named_by_a_filing_stays_as_evidence(town: Town) -> None:
    case = town.draft()
    material = add(town, case)
    case = town.submit(case, content={"sections": [], "materials": describe_materials(case)})
    case = town.move(case, Action.SEND_BACK)

    remove_material(material, actor=town.applicant)

    kept = Material.objects.get(pk=material.pk)
    assert kept.removed_at is not None
    assert default_storage.exists(kept.file.name)
    assert not case.materials.current().exists()


def test_replacing_keeps_the_old_file_when_the_new_one_is_refused(town: Town) -> None:
    case = town.draft()
    old = add(town, case)

    with pytest.raises(ValidationError), transaction.atomic():
        replace_material(old, upload=upload(b""), actor=town.applicant)
    assert case.materials.current().get() == old

    new = replace_material(old, upload=upload(files.png(), "新.png"), actor=town.applicant)
    assert case.materials.current().get() == new


def finds_nothing(content: bytes) -> bool:
    return True


def finds_a_virus(content: bytes) -> bool:
    return False


def gives_no_answer(content: bytes) -> bool:
    raise ConnectionRefusedError


@pytest.mark.parametrize(("scanner", "code"), [(finds_a_virus, "virus"), (gives_no_answer, "unscanned")])
def test_file_that_is_infected_or_cannot_be_scanned_is_refused(
    town: Town, settings: object, scanner: object, code: str
) -> None:
    settings.VIRUS_SCANNER = f"{__name__}.{scanner.__name__}"
    case = town.draft()

    with pytest.raises(ValidationError) as error:
        add(town, case)

    assert error.value.code == code
    assert not case.materials.exists()


def test_scanned_file_says_so(town: Town, settings: object) -> None:
    unscanned = add(town, town.draft())
    settings.VIRUS_SCANNER = f"{__name__}.finds_nothing"
    scanned = add(town, town.draft())

    assert (unscanned.scan, scanned.scan) == (ScanStatus.NOT_SCANNED, ScanStatus.CLEAN)


RULES = (
    MaterialRule("id_card", "身份证", required=True),
    MaterialRule("register", "学历备案表", required=True, one_of="degree"),
    MaterialRule("foreign", "境外学历认证", required=True, one_of="degree"),
    MaterialRule("marriage", "结婚证"),
)


@pytest.mark.parametrize(
    ("present", "missing"),
    [
        (set(), ["id_card", "register"]),
        ({"id_card"}, ["register"]),
        ({"id_card", "foreign"}, []),
        ({"register", "marriage"}, ["id_card"]),
    ],
)
def test_missing_materials_count_alternatives_once(present: set[str], missing: list[str]) -> None:
    assert [line.kind for line in find_missing(RULES, present)] == missing


@pytest.mark.parametrize(
    ("kinds", "required"),
    [((), ["id_card", "register", "foreign"]), (("register",), ["id_card", "register"])],
)
def test_list_asks_for_no_alternative_of_what_is_there(town: Town, kinds: Sequence[str], required: list[str]) -> None:
    there = [(add(town, town.draft()), "") for _kind in kinds]
    for (material, _remove_url), kind in zip(there, kinds, strict=True):
        material.kind = kind

    panel = panel_of(RULES, there, title="", add_url="", back="")

    assert [line.kind for line in panel.lines if line.required] == required


def test_types_stand_with_each_line_where_they_differ() -> None:
    alike = [MaterialRule("a", "甲", kinds=("pdf", "jpg")), MaterialRule("b", "乙", kinds=("jpg", "pdf"))]
    mixed = [*alike, MaterialRule("c", "丙", kinds=("xlsx",))]

    one, other = (panel_of(rules, [], title="", add_url="", back="") for rules in (alike, mixed))

    assert ("PDF" in one.limits, [line.types for line in one.lines]) == (True, ["", ""])
    assert ("PDF" in other.limits, [line.types for line in other.lines]) == (
        False,
        ["PDF 或 JPG", "PDF 或 JPG", "XLSX"],
    )


def test_gate_names_what_is_missing(town: Town) -> None:
    empty, complete = town.draft(), town.draft()
    add(town, complete)

    closed = materials_complete([empty, complete])

    assert list(closed) == [empty.pk]
    assert "身份证" in str(closed[empty.pk])
    assert missing_materials(complete) == []


def test_file_of_an_act_is_found_again_by_its_token(town: Town) -> None:
    case, token, actor = town.at("city"), uuid.uuid4(), town.actor("city")

    with transaction.atomic():
        first = store_act_file(token, upload(), "minutes", actor)
        perform(
            Action.APPROVE, [Seen(case.pk, case.revision)], actor, token=token, payload={"minutes": describe(first)}
        )
    with transaction.atomic():
        second = store_act_file(token, upload(), "minutes", actor)

    assert second == first
    assert first.act.events.get().payload["minutes"]["sha256"] == first.sha256


def test_file_of_an_act_needs_its_transaction(town: Town, transactional_db: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        store_act_file(uuid.uuid4(), upload(), "minutes", town.actor("city"))


def test_file_that_nothing_names_is_swept_away_after_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "SHARES", 1)
    monkeypatch.setattr(sweeping, "_swept_on", [])
    kept, lost = add(town, town.draft()), add(town, town.draft())
    Material.objects.filter(pk=lost.pk).delete()
    with time_machine.travel("2026-11-16T10:00:00+08:00"):
        sweep_files()
    assert default_storage.exists(lost.file.name)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=(7 - datetime.now(UTC).weekday()) % 7 + 7)):
        assert sweep_files() >= 1
        assert sweep_files() == 0

    assert default_storage.exists(kept.file.name)
    assert not default_storage.exists(lost.file.name)


def test_picture_without_its_end_is_named_and_not_kept(town: Town) -> None:
    case = town.draft()

    with pytest.raises(ValidationError, match="无法打开"):
        add(town, case, upload=upload(files.png()[:-12], "a.png"))

    assert not case.materials.exists()
