from workflow.picture_letters import four_letters


def test_no_letter_of_a_picture_is_taken_for_another() -> None:
    shown = [four_letters() for _n in range(500)]

    assert not set("".join(letters for letters, _answer in shown)) & set("OQ0I1LS5Z2B8")
    assert all(len(letters) == 4 and answer == letters.lower() for letters, answer in shown)
    assert len({letters for letters, _answer in shown}) > 400


def test_pictures_of_the_portal_show_them(settings: object) -> None:
    assert getattr(settings, "CAPTCHA_CHALLENGE_FUNCT", "") == "workflow.picture_letters.four_letters"
