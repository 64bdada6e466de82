"""How numbers, phones, accounts, names and addresses are shown to those who need not see them in full."""

import re

STAR = "*"
TOWNSHIP = re.compile(r".*?(?:街道|镇|(?<![城新])乡|苏木)")
COUNTY = re.compile(r".*(?:自治县|县|区|市)")


def _keep(text: str, head: int, tail: int) -> str:
    """Stars between; at least half of a short text is hidden."""
    if (head + tail) * 2 > len(text):
        head, tail = len(text) // 4, len(text) // 4
    return text[:head] + STAR * (len(text) - head - tail) + (text[-tail:] if tail else "")


def mask_number(number: str) -> str:
    """130902********0015; shorter documents keep two characters at each end."""
    return number[:6] + STAR * 8 + number[-4:] if len(number) == 18 else _keep(number, 2, 2)


def mask_phone(phone: str) -> str:
    """138****1234; a landline keeps its area code and two digits."""
    area, hyphen, local = phone.partition("-")
    if hyphen:
        return area + hyphen + _keep(local, 0, 2)
    return phone[:3] + STAR * 4 + phone[-4:] if len(phone) == 11 else _keep(phone, 0, 2)


def mask_mail(address: str) -> str:
    """l***@example.com; the domain tells whose server it is, not whose mailbox."""
    name, at, domain = address.partition("@")
    return name[:1] + STAR * 3 + at + domain if at else _keep(address, 1, 0)


def mask_account(account: str) -> str:
    """Stars and the last four digits."""
    return _keep(account, 0, 4)


def mask_name(name: str) -> str:
    """张*: how long the name is stays hidden too."""
    return name[:1] + STAR if name else ""


def mask_address(address: str) -> str:
    """Up to the township or street office, or the county when none is named."""
    match = TOWNSHIP.match(address) or COUNTY.match(address)
    return (match[0] if match else address[:2]) + STAR * 4 if address else ""
