"""Which characters the fonts of this machine have."""

from workflow.glyphs import missing_from_fonts

KNOWN = "张𠮷祥 䶮𬭎·ABDURAHMAN Nguyễn Ёлкин محمد\u200d\u3000"
# Just behind the last of the CJK extensions: a place without a character, which no font draws.
RARE = "\U0003347b"


def test_fonts_know_the_names_of_every_script_and_not_what_nobody_has_drawn() -> None:
    assert missing_from_fonts(KNOWN) == ""
    assert missing_from_fonts(f"张{RARE}三{RARE}") == RARE
    assert missing_from_fonts("") == ""
