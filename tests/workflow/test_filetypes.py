import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow import files
from tests.workflow.test_images import huge_png
from workflow.filetypes import CONTENT_TYPES, NAME_BYTES, check_upload, sanitise_name


def upload(name: str, content: bytes) -> ContentFile:
    return ContentFile(content, name=name)


def refusal(name: str, content: bytes, **options: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        check_upload(upload(name, content), **options)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("毕业证.pdf", files.pdf(), "pdf"),
        ("photo.JPG", files.jpeg(), "jpg"),
        ("photo.jpeg", files.jpeg(), "jpg"),
        ("photo.png", files.png(), "png"),
        ("form.ofd", files.ofd(), "ofd"),
        ("contract.docx", files.docx(), "docx"),
        ("list.xlsx", files.xlsx(), "xlsx"),
        ("contract.doc", files.ole("WordDocument"), "doc"),
        ("list.xls", files.ole("Workbook"), "xls"),
    ],
)
def test_allowed_files_are_accepted_by_their_content(name, content, kind):
    checked = check_upload(upload(name, content))

    assert (checked.name, checked.kind, checked.size) == (name, kind, len(content))
    assert checked.content_type == CONTENT_TYPES[kind]


def test_the_file_can_be_read_from_the_start_afterwards():
    file = upload("a.pdf", files.pdf())

    check_upload(file)

    assert file.read() == files.pdf()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.html", b"<html>", "type"),
        ("run.exe", b"MZ", "type"),
        ("x.svg", b"<svg/>", "type"),
        ("x.pdf.exe", files.pdf(), "type"),
        ("x.pdf", b"<html><script>", "type"),
        ("x.jpg", b"GIF89a" + b"\0" * 99, "type"),
        ("x.docx", files.packed({"a.txt": "x"}), "type"),
        ("x.docx", files.docx(**{"word/vbaProject.bin": b"macro"}), "type"),
        ("x.doc", files.ole("Nothing"), "type"),
        ("x.pdf", files.png(), "disagreement"),
        ("x.docx", files.xlsx(), "disagreement"),
        ("x.docx", files.ole("WordDocument"), "disagreement"),
        ("x.jpg", files.png(), "disagreement"),
        ("x.pdf", b"", "empty"),
        ("x.pdf", b"%PDF-1.7" + b"0" * 10 * 1024 * 1024, "size"),
        ("x.pdf", b"%PDF-1.7 cut off", "damaged"),
        ("x.jpg", files.jpeg()[:-400], "damaged"),
        ("x.docx", files.docx()[:-30], "damaged"),
        ("x.png", huge_png(20_000), "pixels"),
        ("x.pdf", files.locked_pdf(), "password"),
        ("x.docx", files.ole("EncryptedPackage"), "password"),
        ("x.doc", files.ole("WordDocument", b"\xec\xa5" + b"\0" * 9 + b"\x01"), "password"),
        ("x.xls", files.ole("Workbook", bytes.fromhex("0908100000060500") + b"\0" * 12 + b"\x2f\x00"), "password"),
        ("x.docx", files.docx(**{"word/media/bomb.bin": b"\0" * 101 * 1024 * 1024}), "unpacked"),
        ("..", b"x", "name"),
        (".pdf", files.pdf(), "name"),
        ("noextension", files.pdf(), "name"),
    ],
)
def test_other_files_are_refused_by_name_of_the_fault(name, content, code):
    assert refusal(name, content).code == code


def test_a_material_may_allow_fewer_kinds():
    with override("en"):
        error = refusal("contract.docx", files.docx(), kinds=("pdf", "jpg", "png"))

        assert error.messages == ["The selected file must be PDF, JPG or PNG"]


def test_content_that_is_nothing_known_is_told_apart_from_a_wrong_ending():
    with override("zh-hans"):
        error = refusal("合同.pdf", b"hello" * 99, kinds=("pdf", "jpg"))

        assert error.messages == [
            "所选文件的扩展名是 .pdf，但内容无法识别为该格式。请用制作它的软件另存为 PDF 或 JPG 后再选择"
        ]


def test_a_name_alone_does_not_open_the_door_for_another_kind():
    assert refusal("x.pdf", files.docx(), kinds=("pdf", "jpg", "png")).code == "type"


def test_messages_are_those_of_the_style_guide():
    with override("zh-hans"):
        assert refusal("x.exe", b"MZ", kinds=("pdf", "jpg", "png")).messages == ["所选文件必须是 PDF、JPG 或 PNG"]
        assert refusal("x.pdf", b"").messages == ["所选文件是空的"]
        assert refusal("x.pdf", b"0" * 11 * 1024 * 1024).messages == ["所选文件必须小于10MB"]
        assert refusal("x.pdf", files.locked_pdf()).messages[0].startswith("所选文件设置了打开密码")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../x.pdf", "x.pdf"),
        ("C:\\Users\\zhang\\毕业证 扫描件.pdf", "毕业证 扫描件.pdf"),
        ("/etc/passwd/合同（一）.docx", "合同（一）.docx"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("exe\u202egpj.pdf", "exegpj.pdf"),
        ("a<b>:c?.pdf", "a_b__c_.pdf"),
        ("䶮𬎆.pdf", "䶮𬎆.pdf"),
        ("  ..hidden.pdf", "hidden.pdf"),
    ],
)
def test_names_are_made_safe_and_stay_readable(given_name, name):
    assert sanitise_name(given_name) == name


def test_long_names_are_cut_before_the_extension():
    name = sanitise_name("证" * 300 + ".pdf")

    assert name.endswith("证.pdf")
    assert len(name.encode()) <= NAME_BYTES


@given(st.text(max_size=300))
def test_any_name_is_safe_or_refused(text):
    try:
        name = sanitise_name(text + ".pdf")
    except ValidationError:
        return

    assert not set(name) & set('/\\\0<>:"|?*')
    assert not name.startswith((".", " "))
    assert name.endswith(".pdf")
    assert len(name.encode()) <= NAME_BYTES
    assert sanitise_name(name) == name


@given(st.binary(max_size=400), st.sampled_from(sorted(CONTENT_TYPES)))
def test_noise_never_passes_as_a_file(noise, extension):
    assert refusal(f"x.{extension}", noise).code in {"type", "empty", "damaged", "disagreement", "password"}
