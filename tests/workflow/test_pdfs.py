import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from tests.workflow.files import locked_pdf, pdf
from workflow.pdfs import LockedPdfError, UnreadablePdfError, count_pages, join_pdfs, preview_page, preview_pages


def test_pages_are_counted():
    assert count_pages(pdf(pages=4)) == 4


def test_joined_documents_keep_all_their_pages():
    assert count_pages(join_pdfs(iter([pdf(pages=2), pdf(pages=1), pdf(pages=3)]))) == 6


def test_previews_show_the_first_pages_only():
    previews = [Image.open(io.BytesIO(preview)) for preview in preview_pages(pdf(pages=4), pages=3, bound=300)]

    assert [preview.size for preview in previews] == [(300, 200)] * 3
    assert previews[0].getpixel((20, 20))[0] > 200


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing more"])
def test_a_broken_pdf_is_refused(content):
    with pytest.raises(UnreadablePdfError):
        count_pages(content)


def test_a_pdf_with_a_password_is_refused():
    with pytest.raises(LockedPdfError):
        count_pages(locked_pdf())


def test_many_threads_may_ask_at_once():
    content = pdf(pages=2)

    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(lambda _: len(preview_pages(content, bound=200)), range(24)))

    assert sizes == [2] * 24


def test_a_page_that_cannot_be_loaded_is_a_broken_pdf():
    content = pdf(2).replace(b"/Type /Page\n", b"/Type /Pagf\n")

    with pytest.raises(UnreadablePdfError):
        preview_page(content, 1)
