"""照片 in 基本信息: what is taken, how it is kept, and what is said about the others."""

import io
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from accounts.models import Person
from talent.models import Proof
from talent.portraits import SIZE, Crop, looks_white
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.workflow import files
from workflow.models import Material

pytestmark = pytest.mark.django_db

TALL = (300, 420)
GPS = 0x8825


def picture(size: tuple[int, int] = TALL, kind: str = "JPEG", **options: Any) -> bytes:
    return files.saved(files.picture(*size), kind, **options)


def phone_picture() -> bytes:
    """Lies on its side: the flag says that its left edge is the top. It knows where it was taken."""
    image = files.picture(420, 300)
    exif = image.getexif()
    exif[0x0112], exif[0x010F] = 6, "Phone"
    exif.get_ifd(GPS)[1] = "N"
    return files.saved(image, "JPEG", quality=95, exif=exif)


@pytest.fixture
def person(client: Client) -> Person:
    person = PersonFactory(unit=UnitFactory())
    client.force_login(person.users.get())
    return person


def send(client: Client, content: bytes, name: str = "证件照.jpg") -> Any:
    return client.post(reverse("talent:photo_add"), {"photo": SimpleUploadedFile(name, content)})


def kept() -> Image.Image:
    with Material.objects.get().file.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


def test_photo_is_kept_and_shown(client: Client, person: Person) -> None:
    response = send(client, picture())

    photo = Proof.objects.get()
    page = client.get(reverse("talent:profile")).content.decode()
    shown = client.get(address := reverse("workflow:material_page", args=[photo.material.token, 0]))
    assert response["Location"] == reverse("talent:profile")
    assert (photo.person, photo.kind, photo.work) == (person, "photo", None)
    assert f'src="{address}"' in page
    assert shown["Content-Type"] == "image/jpeg"


def test_phone_photo_stands_upright_and_tells_nothing_else(client: Client, person: Person) -> None:
    send(client, phone_picture())

    image = kept()
    assert image.size == SIZE
    assert dict(image.getexif()) == {}
    # What was on the left is on top.
    red, blue = image.getpixel((179, 40)), image.getpixel((179, 400))
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


def test_png_becomes_a_small_jpeg(client: Client, person: Person) -> None:
    send(client, picture((1500, 2100), "PNG"), "证件照.png")

    material = Material.objects.get()
    assert (material.name, material.content_type) == ("证件照.jpg", "image/jpeg")
    assert kept().size == SIZE


def with_chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    """The same PNG with one more chunk after its header."""
    chunk = len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "空.jpg", "空"),
        (files.pdf(), "照片.pdf", "JPG"),
        (files.pdf(), "照片.jpg", "JPG"),
        (picture(kind="PNG"), "照片.jpg", "PNG"),
        (picture((150, 210)), "小.jpg", "只有 150 × 185 像素"),
        (picture()[:-200], "断.jpg", "无法打开"),
        (with_chunk(picture(kind="PNG"), b"eXIf", b"garbage!!"), "坏.png", "无法打开"),
        (picture() + b"0" * (11 * 1024 * 1024), "大.jpg", "10MB"),
    ],
)
def test_refused_photo_is_told_beside_its_field(
    client: Client, person: Person, content: bytes, name: str, words: str
) -> None:
    response = send(client, content, name)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in response.context["photo_form"].errors["photo"][0]
    assert 'href="#id_photo"' in page
    assert not Proof.objects.exists()


def test_nothing_chosen_is_told(client: Client, person: Person) -> None:
    response = client.post(reverse("talent:photo_add"))

    assert response.context["photo_form"].errors["photo"] == ["请先选择照片。"]


def test_huge_picture_is_refused_before_it_unfolds(client: Client, person: Person) -> None:
    response = send(client, files.saved(Image.new("1", (9000, 9001)), "PNG"), "巨.png")

    assert "像素" in response.context["photo_form"].errors["photo"][0]


def test_new_photo_takes_the_place_of_the_old_one(client: Client, person: Person) -> None:
    send(client, picture())
    before = Material.objects.get().sha256
    send(client, picture((400, 560)))

    assert Proof.objects.count() == 1
    assert Material.objects.get().sha256 != before


def test_wide_photo_is_cut_where_its_owner_says(client: Client, person: Person) -> None:
    """The left half is red, the right one blue."""
    upload = SimpleUploadedFile("横.jpg", picture((1200, 600)))

    client.post(reverse("talent:photo_add"), {"photo": upload, "size": "100", "left": "100", "top": "0"})

    image = kept()
    assert image.size == SIZE
    red, _green, blue = image.getpixel((179, 200))
    assert blue > 200 > red


def test_part_that_is_too_small_is_refused(client: Client, person: Person) -> None:
    upload = SimpleUploadedFile("a.jpg", picture((600, 800)))

    response = client.post(reverse("talent:photo_add"), {"photo": upload, "size": "20"})

    assert "120 × 148 像素" in response.context["photo_form"].errors["photo"][0]


def test_lower_part_of_a_tall_photo_is_kept_where_its_owner_says(client: Client, person: Person) -> None:
    """Turned, what was on the left half is the upper one: red above, blue below."""
    tall = files.saved(files.picture(1600, 600).rotate(270, expand=True), "JPEG")

    for top, is_red in (("0", True), ("100", False)):
        client.post(reverse("talent:photo_add"), {"photo": SimpleUploadedFile("竖.jpg", tall), "top": top})

        red, _green, blue = kept().getpixel((179, 200))
        assert (red > 200 > blue) is is_red


def test_photo_that_lies_on_its_side_is_measured_as_people_see_it(client: Client, person: Person) -> None:
    """210 × 260 pixels once it stands upright; as it lies, less than what is needed could be cut out."""
    image = files.picture(260, 210)
    exif = image.getexif()
    exif[0x0112] = 6

    response = send(client, files.saved(image, "JPEG", exif=exif))

    assert response.status_code == 302
    assert kept().size == SIZE


@pytest.mark.parametrize(
    ("field", "number"), [("size", "101"), ("size", "19"), ("left", "-1"), ("top", "101"), ("top", "x")]
)
def test_part_beyond_the_slides_is_told(client: Client, person: Person, field: str, number: str) -> None:
    upload = SimpleUploadedFile("a.jpg", picture())

    response = client.post(reverse("talent:photo_add"), {"photo": upload, field: number})

    assert field in response.context["photo_form"].errors
    assert not Proof.objects.exists()


def test_nobody_removes_the_photo_of_somebody_else(client: Client, person: Person) -> None:
    send(client, picture())
    client.force_login(PersonFactory(unit=person.unit).users.get())

    client.post(reverse("talent:photo_remove"))

    assert Proof.objects.get().person == person


def test_photo_of_forty_megapixels_is_cut_like_any_other(client: Client, person: Person) -> None:
    send(client, picture((5200, 7800)))

    assert kept().size == SIZE


@given(
    width=st.integers(200, 9000),
    height=st.integers(246, 9000),
    size=st.integers(20, 100),
    left=st.integers(0, 100),
    top=st.integers(0, 100),
)
def test_part_lies_within_the_picture_in_its_shape(width: int, height: int, size: int, left: int, top: int) -> None:
    x, y, right, bottom = Crop(size, left, top).box(width, height)

    assert 0 <= x < right <= width
    assert 0 <= y < bottom <= height
    assert abs((right - x) * SIZE[1] - (bottom - y) * SIZE[0]) <= SIZE[0] + SIZE[1]


@pytest.mark.parametrize(("background", "answer"), [("white", True), ((90, 140, 220), False), ((120, 110, 100), False)])
def test_background_is_told_by_the_upper_corners(background: Any, answer: bool) -> None:
    image = Image.new("RGB", SIZE, background)
    image.paste("black", (80, 60, 280, 441))

    assert looks_white(files.saved(image, "JPEG")) is answer


@pytest.mark.parametrize("left", [0, 258])
def test_one_coloured_corner_is_a_doubt_too(left: int) -> None:
    image = Image.new("RGB", SIZE, "white")
    image.paste((90, 140, 220), (left, 0, left + 100, 441))

    assert not looks_white(files.saved(image, "JPEG"))


def test_coloured_background_is_a_doubt_and_no_refusal(client: Client, person: Person) -> None:
    upload = SimpleUploadedFile("a.jpg", picture())

    page = client.post(reverse("talent:photo_add"), {"photo": upload}, follow=True)

    assert "背景" in page.content.decode()
    assert Proof.objects.count() == 1


def test_refused_photo_leaves_the_old_one(client: Client, person: Person) -> None:
    send(client, picture())

    page = send(client, b"", "空.jpg").content.decode()

    assert kept().size == SIZE
    assert reverse("workflow:material_page", args=[Material.objects.get().token, 0]) in page


def test_photo_is_removed(client: Client, person: Person) -> None:
    send(client, picture())

    client.post(reverse("talent:photo_remove"))
    again = client.post(reverse("talent:photo_remove"))

    assert again.status_code == 302
    assert not Proof.objects.exists()
    assert "尚无照片" in client.get(reverse("talent:profile")).content.decode()


def test_database_knows_one_photo_of_a_person(client: Client, person: Person) -> None:
    send(client, picture())
    photo = Proof.objects.get()
    other = PersonFactory(unit=person.unit)
    client.force_login(other.users.get())
    send(client, picture((400, 560)))

    with pytest.raises(IntegrityError), transaction.atomic():
        Proof.objects.exclude(pk=photo.pk).update(person=person)


def test_profile_masks_the_numbers(client: Client, person: Person) -> None:
    page = client.get(reverse("talent:profile")).content.decode()

    assert person.name in page
    assert person.number not in page
    assert person.phone not in page


def test_photo_stays_on_its_page_which_leads_back_to_the_application(client: Client, person: Person) -> None:
    response = client.post(
        reverse("talent:photo_add"), {"photo": SimpleUploadedFile("a.jpg", picture()), "next": "/rent/"}
    )

    assert response["Location"] == f"{reverse('talent:profile')}?next=%2Frent%2F"
    assert 'href="/rent/"' in client.get(response["Location"]).text
