"""我的渤海英才卡: the electronic card, its files, the report of a loss; 我的信息, and who else gets nothing."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.data_sections import sections_for
from accounts.services.erasing import erase_account, kept_of
from talent.documents.card_faces import card_faces, reads_right_to_left, spaced_number, verify_url, width_of
from talent.models import Card
from talent.services.signing import card_code, check_code
from tests.accounts.factories import PersonFactory, UnitFactory
from tests.talent.cards import city_officer, ended_card, holder_of, make_card
from workflow import clock
from workflow.pdfs import extract_text

pytestmark = pytest.mark.django_db
ORIGIN = "https://portal.example"


def signed_in(client: Client, card: Card) -> Client:
    client.force_login(holder_of(card))
    return client


def test_holder_sees_the_card_with_a_code_that_verifies(client: Client) -> None:
    card = make_card(name="李海洋", photo=True)

    response = signed_in(client, card).get(reverse("talent:cards"))

    own = response.context["cards"][0]
    assert card.number in response.content.decode()
    assert own.status.text == "有效"
    assert own.face.photo.startswith("data:image/jpeg;base64,")
    assert "no-store" in response["Cache-Control"]


def test_face_carries_the_address_of_its_verification() -> None:
    card = make_card()

    (face,) = card_faces([card], ORIGIN)

    assert face.qr.startswith("data:image/svg+xml")
    assert face.number == spaced_number(card.number) == f"BHYC C {clock.today():%Y} 00001"


def test_void_cards_are_listed_and_not_drawn(client: Client) -> None:
    card = ended_card(clock.today() - timedelta(days=1))
    signed_in(client, card)

    own = client.get(reverse("talent:cards")).context["cards"][0]

    assert (own.face, own.status.text) == (None, "过期")
    assert client.get(reverse("talent:card_pdf", args=[card.number])).status_code == 404
    assert client.get(reverse("talent:card_image", args=[card.number])).status_code == 404


def test_card_is_kept_as_a_pdf_and_as_a_picture(client: Client) -> None:
    card = make_card(name="阿卜杜热合曼·买买提依明", name_latin="ABDURAHMAN MEMTIMIN")
    signed_in(client, card)

    pdf = client.get(reverse("talent:card_pdf", args=[card.number]))
    picture = client.get(reverse("talent:card_image", args=[card.number]))

    text = extract_text(pdf.content)
    assert "阿卜杜热合曼·买买提依明" in text
    assert "ABDURAHMAN MEMTIMIN" in text
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, image.width > 1000, image.height > image.width) == ("JPEG", True, True)
    assert picture["Content-Disposition"] == f'attachment; filename="{card.number}.jpg"'


@pytest.mark.parametrize("name", ["张𠮷祥", "䶮𬭎", "محمد بن عبد العزيز", "Nguyễn Thị Ánh", "Ёлкин"])
def test_names_of_every_script_stand_on_the_card(client: Client, name: str) -> None:
    card = make_card(name=name)

    text = extract_text(signed_in(client, card).get(reverse("talent:card_pdf", args=[card.number])).content)

    # A reader copies right-to-left words in the order in which they were drawn or read.
    assert all(letter in text for letter in name.split()[0][:1])
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("name", "is_rtl"), [("محمد", True), ("1 דוד", True), ("Ali محمد", False), ("张三", False), ("", False)]
)
def test_direction_of_a_name_is_that_of_its_first_letter(name: str, is_rtl: bool) -> None:
    assert reads_right_to_left(name) == is_rtl


def test_longer_names_are_drawn_smaller() -> None:
    faces = card_faces([make_card(name=name) for name in ("张三", "欧阳海燕燕", "阿" * 10, "长" * 50)], ORIGIN)

    assert [face.name_size for face in faces] == ["large", "medium", "small", "tiny"]
    assert width_of("e\u0301张") == 3


def test_loss_is_reported_at_once_and_withdrawn(client: Client) -> None:
    card = make_card()
    signed_in(client, card)

    asked = client.get(reverse("talent:card_lost", args=[card.number]))
    lost = client.post(reverse("talent:card_lost", args=[card.number]))
    again = client.post(reverse("talent:card_lost", args=[card.number]))
    found = client.post(reverse("talent:card_found", args=[card.number]))

    card.refresh_from_db()
    assert (asked.status_code, lost.status_code, again.status_code, found.status_code) == (200, 302, 409, 302)
    assert "此卡已挂失" in again.content.decode()
    assert card.state == "valid"


def test_strangers_and_officers_get_nothing_of_it(client: Client) -> None:
    card = make_card()
    addresses = [reverse(f"talent:{name}", args=[card.number]) for name in ("card_lost", "card_pdf", "card_image")]

    client.force_login(PersonFactory(unit=UnitFactory()).users.get())
    stranger = [client.post(addresses[0]).status_code, *(client.get(url).status_code for url in addresses)]
    client.force_login(city_officer())
    officer = [client.get(url).status_code for url in addresses]

    assert (stranger, officer) == ([404] * 4, [403] * 3)
    assert Card.objects.get().state == "valid"


def test_own_data_tell_of_the_card_and_that_it_is_kept() -> None:
    card = make_card()
    user = holder_of(card)
    section = next(section for section in sections_for(user) if section.key == "cards")

    (group,) = section.read(user)

    assert group.title == card.number
    assert any("渤海英才卡" in kept.what for kept in kept_of(user))


def test_card_ends_with_the_account_of_its_holder() -> None:
    card = make_card()
    user = holder_of(card)

    erase_account(user, by=city_officer(), reason="本人申请")

    card.refresh_from_db()
    assert card.state == "cancelled"


def test_signed_code_names_this_edition() -> None:
    card = make_card()
    code = verify_url(card_code(card), ORIGIN + "/").removeprefix(f"{ORIGIN}/cards/verify/").rstrip("/")
    assert (check_code(code).number, check_code(code).edition) == (card.number, 1)
