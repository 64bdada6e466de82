import base64
import re
import threading
import zlib

import pypdfium2
import pytest
from django.core.checks import WARNING
from django.utils.translation import override
from weasyprint.text.fonts import FontConfiguration

from tests.workflow.files import jpeg, png
from workflow import typesetting
from workflow.checks import check_printing
from workflow.images import UnreadableImageError, verify_image
from workflow.pdfs import count_pages, extract_text
from workflow.printing import html_to_pdf, render_page
from workflow.typesetting import ForeignResourceError, PrintingUnavailableError, has_fast_fonts

SHEET = '<html lang="zh-CN"><link rel="stylesheet" href="/static/css/print.css"><body class="%s">%s</body></html>'
# Of WeasyPrint: the glyph that stands for a character no font has.
NO_GLYPH = b"<ffff>"


def streams(pdf: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found


def has_gap(pdf: bytes) -> bool:
    """Whether a character was printed without a glyph."""
    return any(b"BT" in stream and NO_GLYPH in stream for stream in streams(pdf))


def page_size(pdf: bytes) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(pdf)[0].get_size()
    return round(width), round(height)


def test_a_document_carries_its_text_and_its_fonts():
    pdf = html_to_pdf(SHEET % ("", "<h1>大学生租房补助申请表</h1><p>张三，合计金额壹万捌仟元整</p>"))

    assert "大学生租房补助申请表" in extract_text(pdf)
    assert "壹万捌仟元整" in extract_text(pdf)
    assert any(b"/FontFile" in stream for stream in streams(pdf))
    assert not has_gap(pdf)


def test_rare_characters_of_names_are_printed():
    pdf = html_to_pdf(SHEET % ("", "<p>䶮㛃㑇𬎆𠮷〇·</p>"))

    assert extract_text(pdf).startswith("䶮㛃㑇𬎆𠮷〇·")
    assert not has_gap(pdf)


def test_a_character_that_no_font_has_would_be_noticed():
    assert has_gap(html_to_pdf(SHEET % ("", "<p>\U000ffffd</p>")))


@pytest.mark.parametrize(("kind", "size"), [("", (595, 842)), ("official", (595, 842)), ("wide", (842, 595))])
def test_pages_are_a4(kind, size):
    assert page_size(html_to_pdf(SHEET % (kind, "<p>正文</p>"))) == size


def test_long_tables_repeat_their_head_and_number_their_pages():
    rows = "".join(f"<tr><td>{number}</td><td>张三</td></tr>" for number in range(120))
    pdf = html_to_pdf(SHEET % ("", f"<table><thead><tr><th>序号</th><th>姓名</th></tr></thead>{rows}</table>"))

    pages = count_pages(pdf)
    text = extract_text(pdf)

    assert pages > 2
    assert text.count("序号") == pages
    assert f"共 {pages} 页" in text


def test_pictures_may_stand_in_the_document_itself():
    picture = base64.b64encode(png()).decode()

    pdf = html_to_pdf(SHEET % ("", f'<img class="photo" src="data:image/png;base64,{picture}">'))

    assert b"/Image" in pdf


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x.png",
        "https://example.com/x.png",
        "//example.com/x.png",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "/media/x.png",
        "/static/nothing_here.png",
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/",
        "data:broken",
    ],
)
def test_nothing_is_fetched_from_outside(address):
    with pytest.raises(ForeignResourceError):
        html_to_pdf(SHEET % ("", f'<img src="{address}">'))


def test_a_template_becomes_a_chinese_document(settings, tmp_path):
    (tmp_path / "slip.html").write_text(
        '{% extends "workflow/layout_paper.html" %}{% load i18n %}{% block title %}申请表{% endblock %}'
        "{% block content %}{% get_current_language as language %}<p>{{ name }}</p><p>{{ language }}</p>{% endblock %}"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]

    with override("en"):
        text = extract_text(html_to_pdf(render_page("slip.html", {"name": "<b>张三</b>"})))

    assert text.splitlines()[:2] == ["<b>张三</b>", "zh-hans"]


def test_printing_leaves_damaged_uploads_to_be_noticed():
    with pytest.raises(UnreadableImageError):
        verify_image(jpeg()[:-400])


def test_without_pango_the_message_names_the_packages(monkeypatch):
    monkeypatch.setattr(typesetting, "_missing", "cannot load library 'libpango-1.0-0'")

    with pytest.raises(PrintingUnavailableError, match=r"apt-get install .*libpango-1\.0-0"):
        html_to_pdf("<p>x</p>")


# What the set-up installs ------------------------------------------------------------------------------------------


def test_fonts_are_cut_down_by_harfbuzz_here():
    assert has_fast_fonts()
    assert check_printing(None) == []


def test_check_names_the_package_that_makes_printing_slow(monkeypatch):
    monkeypatch.setattr(typesetting.ffi, "harfbuzz_subset", None)

    (warning,) = check_printing(None)

    assert (warning.id, warning.level) == ("workflow.W002", WARNING)
    assert "libharfbuzz-subset0" in warning.hint


def test_check_says_why_nothing_can_be_printed(monkeypatch):
    monkeypatch.setattr(typesetting, "_missing", "cannot load library 'libpango-1.0-0'")

    (warning,) = check_printing(None)

    assert warning.id == "workflow.W001"
    assert "libpango-1.0-0" in warning.msg


@pytest.mark.parametrize("name", ["tools/system_packages.sh", "docker/Dockerfile"])
def test_every_set_up_installs_what_printing_asks_for(settings, name):
    text = (settings.BASE_DIR / name).read_text()

    assert [package for package in typesetting.PACKAGES.split() if package not in text] == []


def test_documents_of_one_thread_share_their_fonts(monkeypatch):
    made = []
    monkeypatch.setattr(typesetting, "FontConfiguration", lambda: made.append(1) or FontConfiguration())
    monkeypatch.setattr(typesetting, "_local", threading.local())

    for _number in range(2):
        html_to_pdf("<p>x</p>")
    other = threading.Thread(target=html_to_pdf, args=["<p>x</p>"])
    other.start()
    other.join()

    assert len(made) == 2
