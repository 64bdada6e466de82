"""Virus scanning is an interface: without a scanner every page says honestly that nothing was scanned."""

from __future__ import annotations

from collections.abc import Callable

from workflow.enums import ScanStatus

# Answers True for a clean file; raises when it cannot tell, and then the upload fails.
Scanner = Callable[[bytes], bool]

_scanners: list[Scanner] = []


def register_scanner(scanner: Scanner) -> None:
    _scanners.append(scanner)


def scan(content: bytes) -> ScanStatus:
    if not _scanners:
        return ScanStatus.NOT_SCANNED
    return ScanStatus.CLEAN if all(scanner(content) for scanner in _scanners) else ScanStatus.INFECTED
