from django.test import RequestFactory, override_settings

from portal.context import identity, site


@override_settings(SITE={"name": "沧州通办", "host": "沧州市人力资源和社会保障局"})
def test_identity_is_overridden_key_by_key() -> None:
    found = identity()

    assert found["name"] == "沧州通办"
    assert found["host"] == "沧州市人力资源和社会保障局"
    assert found["hotline"] == "12333"


def test_site_reads_the_large_type_setting_from_the_cookie(rf: RequestFactory) -> None:
    plain, large = rf.get("/"), rf.get("/")
    large.COOKIES["large_type"] = "1"

    assert site(plain)["site"]["large_type"] is False
    assert site(large)["site"]["large_type"] is True


def test_site_offers_the_clock_to_nobody_who_is_not_signed_in(rf: RequestFactory) -> None:
    with override_settings(DEMO_CLOCK=True):
        found = site(rf.get("/"))["site"]

    assert found["may_move_clock"] is False
