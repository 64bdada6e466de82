"""Amounts in the capital numerals of Chinese forms (人民币大写金额)."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
FEN = Decimal("0.01")
SECTION = 10_000
LIMIT = Decimal(10) ** 16


def _section_words(section: int) -> str:
    """1 to 9999; a gap inside is one 零."""
    words = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + PLACES[place]
        gap = not digit
    return words


def _join(high: int, unit: str, low: int, full: int) -> str:
    """``high`` with its unit, then ``low``; a 零 stands between when ``low`` does not fill its first place."""
    if not low:
        return _integer_words(high) + unit
    return _integer_words(high) + unit + ("零" if low < full // 10 else "") + _integer_words(low)


def _integer_words(number: int) -> str:
    if number < SECTION:
        return _section_words(number)
    if number < SECTION**2:
        return _join(number // SECTION, "万", number % SECTION, SECTION)
    return _join(number // SECTION**2, "亿", number % SECTION**2, SECTION**2)


def capital_amount(amount: Decimal) -> str:
    """18000 is 壹万捌仟元整, 36000.50 is 叁万陆仟元伍角; raise ValueError for zero, less, or 10^16 and more."""
    fen = int(amount.quantize(FEN, ROUND_HALF_UP) * 100) if amount.is_finite() and amount < LIMIT else 0
    if fen <= 0:
        raise ValueError(f"{amount} cannot be written in capital numerals.")
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    words = _integer_words(yuan) + "元" if yuan else ""
    if not (jiao or cents):
        return words + "整"
    if jiao:
        words += DIGITS[jiao] + "角"
    elif yuan:
        words += "零"
    return words + (DIGITS[cents] + "分" if cents else "")
