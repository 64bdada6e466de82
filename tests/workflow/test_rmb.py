import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rmb import DIGITS, capital_amount

UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def integer_of(words: str) -> int:
    """Read capital numerals back by the rule of the units, with no knowledge of how they were written."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, low = words.rsplit(unit, 1) if unit == "亿" else words.split(unit, 1)
            return integer_of(high) * size + integer_of(low)
    return sum(
        DIGITS.index(digit) * UNITS.get(unit, 1) for digit, unit in re.findall(f"([{DIGITS}])([拾佰仟]?)", clean(words))
    )


def clean(words: str) -> str:
    return words.replace("零", "")


def amount_of(words: str) -> Decimal:
    yuan, _, rest = words.rpartition("元")
    jiao = re.search("(.)角", rest)
    fen = re.search("(.)分", rest)
    parts = Decimal(DIGITS.index(jiao[1]) if jiao else 0) / 10 + Decimal(DIGITS.index(fen[1]) if fen else 0) / 100
    return integer_of(yuan) + parts


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("18000", "壹万捌仟元整"),
        ("36000.50", "叁万陆仟元伍角"),
        ("10005.03", "壹万零伍元零叁分"),
        ("100000", "壹拾万元整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("101", "壹佰零壹元整"),
        ("1001.10", "壹仟零壹元壹角"),
        ("1010", "壹仟零壹拾元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10010000", "壹仟零壹万元整"),
        ("100000005", "壹亿零伍元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("2.345", "贰元叁角伍分"),
    ],
)
def test_capital_amount_follows_the_forms(amount, words):
    assert capital_amount(Decimal(amount)) == words


@given(st.decimals(Decimal("0.01"), Decimal("9999999999999999.99"), places=2))
def test_capital_amount_can_be_read_back(amount):
    assert amount_of(capital_amount(amount)) == amount


@given(st.decimals(Decimal("0.01"), Decimal("9999999999999999.99"), places=2))
def test_capital_amount_never_doubles_or_trails_a_zero(amount):
    words = capital_amount(amount)

    assert "零零" not in words
    assert not re.search("零[万亿元角分整]", words)
    assert not words.startswith("零")


@pytest.mark.parametrize("amount", ["0", "-1", "0.004", "1E16", "NaN", "Infinity"])
def test_amounts_without_words_are_refused(amount):
    with pytest.raises(ValueError, match="capital numerals"):
        capital_amount(Decimal(amount))
