import pytest
from django.template import Context, engines
from django.template.base import Origin, Template

from tests.house.tree import TEMPLATES


def template(name: str, source: str) -> Template:
    return Template(source, origin=Origin(name), engine=engines["django"].engine)


def test_misspelt_variable_of_ours_fails() -> None:
    page = template(str(TEMPLATES / "portal/hall.html"), "{% if 1 %}{{ tilte }}{% endif %}")

    with pytest.raises(pytest.fail.Exception, match=r"portal/hall\.html uses tilte"):
        page.render(Context())


def test_question_whether_a_variable_is_there_may_be_asked() -> None:
    page = template(str(TEMPLATES / "portal/hall.html"), "{% if missing %}there{% else %}not there{% endif %}")

    assert page.render(Context()) == "not there"


def test_packages_may_be_loose() -> None:
    page = template("/usr/lib/package/templates/page.html", "[{{ missing }}]")

    assert page.render(Context()) == "[]"
