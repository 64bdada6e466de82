"""Every stored value under the newest key. What is encrypted is found, not listed: no new column can be forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db import models, transaction
from django.db.models import BinaryField, Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Substr

from workflow.encryption import DecryptionError, default_cipher
from workflow.fields import EncryptedField
from workflow.permits import REENCRYPT, permitting

CHUNK = 500

# Re-encrypts one value of a context; answers it as it is where it needs nothing. Raises DecryptionError.
Renew = Callable[[bytes, str], bytes]


class Place(Protocol):
    """Somewhere encrypted values are stored."""

    @property
    def name(self) -> str: ...

    def count(self) -> Counter[int]:
        """{key id: values}."""
        ...

    def renew_chunk(self, after: Any) -> Chunk | None:
        """Lock the next rows with values under other keys and renew them; None behind the last."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    last: Any
    renewed: int
    # What no key opens: "name of the place, key of the row".
    broken: list[str]


@dataclass(slots=True)
class Outcome:
    renewed: int = 0
    broken: list[str] = field(default_factory=list)


def renew(stored: bytes, context: str) -> bytes:
    cipher = default_cipher()
    return stored if cipher.is_current(stored) else cipher.encrypt(cipher.decrypt(stored, context), context)


@dataclass(frozen=True, slots=True)
class Columns:
    """All encrypted columns of one table."""

    model: type[models.Model]
    fields: tuple[EncryptedField[Any, Any], ...]

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower} ({', '.join(f.column for f in self.fields)})"

    def _rows(self) -> models.QuerySet[Any]:
        """With each column as it is stored, and the first byte of it, which is the key's id."""
        rows = self.model._base_manager.order_by("pk")
        for one in self.fields:
            raw = ExpressionWrapper(F(one.name), output_field=BinaryField())
            head = Substr(raw, 1, 1, output_field=BinaryField())
            rows = rows.annotate(**{f"raw_{one.name}": raw, f"head_{one.name}": head})
        return rows

    def count(self) -> Counter[int]:
        found: Counter[int] = Counter()
        for one in self.fields:
            head = f"head_{one.name}"
            counted = self._rows().order_by().exclude(**{f"raw_{one.name}": None}).values(head)
            for row in counted.annotate(values_found=models.Count("*")).values_list(head, "values_found"):
                found[bytes(row[0])[0] if row[0] else 0] += row[1]
        return found

    def renew_chunk(self, after: Any) -> Chunk | None:
        current = bytes([default_cipher().current_id])
        stale = Q()
        for one in self.fields:
            stale |= ~Q(**{f"head_{one.name}": current}) & Q(**{f"raw_{one.name}__isnull": False})
        with permitting(REENCRYPT):
            rows = self._rows().filter(stale) if after is None else self._rows().filter(stale, pk__gt=after)
            # Writers of these rows wait for this one chunk; those of all others do not notice.
            found = list(
                rows.select_for_update(of=("self",), no_key=True).values_list("pk", *self._raw_names())[:CHUNK]
            )
            return self._renew(found) if found else None

    def _raw_names(self) -> list[str]:
        return [f"raw_{one.name}" for one in self.fields]

    def _renew(self, found: list[tuple[Any, ...]]) -> Chunk:
        broken: list[str] = []
        renewed = 0
        changes: dict[str, list[When]] = {}
        for pk, *values in found:
            for one, stored in zip(self.fields, values, strict=True):
                fresh = self._fresh(one, pk, stored, broken)
                if fresh is not None:
                    renewed += 1
                    changes.setdefault(one.name, []).append(When(pk=pk, then=Value(fresh, output_field=BinaryField())))
        if changes:
            self._store(changes, [pk for pk, *_values in found])
        return Chunk(found[-1][0], renewed, broken)

    def _fresh(self, one: EncryptedField[Any, Any], pk: Any, stored: Any, broken: list[str]) -> bytes | None:
        """None where there is nothing to store."""
        if stored is None:
            return None
        try:
            fresh = renew(bytes(stored), one.context)
        except DecryptionError:
            broken.append(f"{one.context}, {pk}")
            return None
        return fresh if fresh != bytes(stored) else None

    def _store(self, changes: dict[str, list[When]], keys: list[Any]) -> None:
        raw: BinaryField[bytes, bytes] = BinaryField()
        cases = {
            name: Case(*whens, default=ExpressionWrapper(F(name), output_field=raw), output_field=raw)
            for name, whens in changes.items()
        }
        self.model._base_manager.filter(pk__in=keys).update(**cases)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Encrypted values inside columns that are not encrypted themselves; every row is read."""

    name: str
    model: type[models.Model]
    column: str
    # (stored value, context) of each encrypted value in the column of a row.
    find: Callable[[Any], Iterable[tuple[bytes, str]]]
    # The column with every encrypted value in it given to ``Renew``.
    replace: Callable[[Any, Renew], Any]

    def _rows(self) -> models.QuerySet[Any]:
        return self.model._base_manager.order_by("pk").only("pk", self.column)

    def count(self) -> Counter[int]:
        values = self._rows().values_list(self.column, flat=True).iterator(chunk_size=CHUNK)
        return Counter(stored[0] for value in values for stored, _context in self.find(value) if stored)

    def renew_chunk(self, after: Any) -> Chunk | None:
        with transaction.atomic():
            rows = self._rows() if after is None else self._rows().filter(pk__gt=after)
            found = list(rows.select_for_update(of=("self",), no_key=True)[:CHUNK])
            if not found:
                return None
            broken: list[str] = []
            return Chunk(found[-1].pk, sum(self._renew(row, broken) for row in found), broken)

    def _renew(self, row: models.Model, broken: list[str]) -> int:
        value, current = getattr(row, self.column), default_cipher().is_current
        stale = sum(not current(stored) for stored, _context in self.find(value))
        if not stale:
            return 0
        try:
            setattr(row, self.column, self.replace(value, renew))
        except DecryptionError:
            broken.append(f"{self.name}, {row.pk}")
            return 0
        row.save(update_fields=[self.column])
        return stale


_hidden: list[Hidden] = []


def register_hidden(place: Hidden) -> None:
    """For what the models do not show by an encrypted field."""
    if place not in _hidden:
        _hidden.append(place)


def encrypted_places() -> list[Place]:
    """Every table with an encrypted column, and what was registered beside them."""
    places: list[Place] = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        sealed = tuple(f for f in model._meta.local_concrete_fields if isinstance(f, EncryptedField))
        if sealed:
            places.append(Columns(model, sealed))
    return [*places, *_hidden]


def old_values(counted: Counter[int]) -> int:
    """How many of them wait for a rotation."""
    current = default_cipher().current_id
    return sum(count for key, count in counted.items() if key != current)


def rotate(place: Place) -> Iterator[Chunk]:
    """A transaction for each chunk: broken off at any point, the next run goes on with what is left."""
    after = None
    while (chunk := place.renew_chunk(after)) is not None:
        after = chunk.last
        yield chunk
