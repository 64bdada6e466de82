from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import messages


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house of its own with one module and one template on the ground floor."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "FLOORS", ("workflow", "portal"))
    for folder in ("workflow", "portal", "templates/workflow", "templates/errors"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "workflow/views.py").write_text('title = _("Queue")\nrows = ngettext("%(n)s case", "%(n)s cases", n)\n')
    (tmp_path / "templates/workflow/queue.html").write_text(
        "<p>\n    {% translate 'Next page' %}\n{% blocktranslate with n=1 %}Page {{ n }}{% endblocktranslate %}"
    )
    (tmp_path / "templates/errors/404.html").write_text("{% translate 'Not found' %}")
    return tmp_path


def write(floor: str, **translations: str) -> None:
    """Write the floor's catalogue; `translations` go by the first word of the English."""
    catalogue = Catalog(locale=messages.LOCALE, fuzzy=False)
    for message in messages.messages_of(messages.extract_floor(floor)).values():
        singular = messages.key_of(message)[1]
        chinese = translations.get(singular.split()[0], "译文 %(n)s" if "%(n)s" in singular else "译文")
        catalogue.add(message.id, (chinese,) if message.pluralizable else chinese, flags=message.flags)
    messages.write_catalogue(floor, catalogue)


def test_extraction_reads_python_and_templates(house: Path) -> None:
    found = {key[1] for key in messages.messages_of(messages.extract_floor("workflow"))}

    assert found == {"Queue", "%(n)s case", "Next page", "Page %(n)s"}


def test_templates_of_no_floor_belong_to_the_portal(house: Path) -> None:
    assert [key[1] for key in messages.messages_of(messages.extract_floor("portal"))] == ["Not found"]


def test_check_accepts_complete_catalogues(house: Path) -> None:
    write("workflow")
    write("portal")

    assert [*messages.find_faults("workflow"), *messages.find_faults("portal")] == []


def test_check_names_what_the_catalogue_lacks(house: Path) -> None:
    assert list(messages.find_faults("portal")) == [
        "portal: not in the catalogue: 'Not found' (templates/errors/404.html:1)"
    ]


def test_check_names_what_has_no_chinese(house: Path) -> None:
    write("portal", Not="")

    assert list(messages.find_faults("portal")) == ["portal: no Chinese for 'Not found' (templates/errors/404.html:1)"]


def test_check_names_a_lost_placeholder(house: Path) -> None:
    write("workflow", Page="第 %(m)s 页")

    assert [fault.split(": ")[1] for fault in messages.find_faults("workflow")] == ["'Page %(n)s'"]


def test_check_names_what_nothing_uses(house: Path) -> None:
    write("portal")
    (house / "templates/errors/404.html").write_text("")

    assert list(messages.find_faults("portal")) == ["portal: nothing uses 'Not found'"]


def test_check_names_two_translations_of_one_string(house: Path) -> None:
    (house / "templates/errors/404.html").write_text("{% translate 'Queue' %}")
    write("workflow", Queue="队列")
    write("portal", Queue="排队")

    assert [fault.split(";")[0] for fault in messages.find_contradictions()] == [
        "contradiction: 'Queue' is workflow 队列, portal 排队"
    ]


def test_update_adds_new_strings_and_keeps_the_old(house: Path) -> None:
    write("workflow", Queue="队列")
    (house / "workflow/views.py").write_text('title = _("Tasks")\n')

    messages.update()

    strings = {
        key[1]: message.string for key, message in messages.messages_of(messages.read_catalogue("workflow")).items()
    }
    assert (strings["Queue"], strings["Tasks"]) == ("队列", "")


def test_prune_removes_what_nothing_uses(house: Path) -> None:
    write("portal")
    (house / "templates/errors/404.html").write_text("")

    messages.prune()

    assert messages.messages_of(messages.read_catalogue("portal")) == {}
