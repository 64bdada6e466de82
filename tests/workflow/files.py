"""Small real files for tests of uploads, pictures and previews."""

import io
import time
import zipfile

from PIL import Image, ImageDraw

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def picture(width: int = 120, height: int = 80, mode: str = "RGB") -> Image.Image:
    """Red on the left half, blue on the right."""
    image = Image.new(mode, (width, height), "red")
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill="blue")
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def jpeg(**options: object) -> bytes:
    return saved(picture(), "JPEG", quality=95, **options)


def png(**options: object) -> bytes:
    return saved(picture(), "PNG", **options)


def pdf(pages: int = 1) -> bytes:
    first, *others = [picture(300, 200)] * pages
    # The same bytes at every time of day.
    dates = {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    return saved(first, "PDF", save_all=True, append_images=others, **dates)


def locked_pdf() -> bytes:
    """Asks for a password: no password fits the owner and user entries of its encryption dictionary."""
    entries = b"/Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>" % (b"41" * 32, b"42" * 32)
    return pdf().replace(b"trailer\n<<", b"trailer\n<< /ID [<41> <41>] /Encrypt << " + entries + b" >>")


def packed(files: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(**extra: bytes) -> bytes:
    return packed({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<w/>", **extra})


def xlsx() -> bytes:
    return packed({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<w/>"})


def ofd() -> bytes:
    return packed({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": "<D/>"})


def ole(stream: str, body: bytes = b"") -> bytes:
    """A compound file as far as it is looked at: its signature, the first sector, a stream's name."""
    header = bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0")
    return header + body.ljust(512, b"\0") + stream.encode("utf-16-le")
