"""Model columns whose content is encrypted at rest."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django import forms
from django.core.exceptions import FieldError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression
from django.db.models.lookups import Lookup, Transform
from django.utils.functional import Promise

from workflow.encryption import default_cipher

_ST = TypeVar("_ST", contravariant=True)
_GT = TypeVar("_GT", covariant=True)

if TYPE_CHECKING:

    class _Field(models.Field[_ST, _GT]):
        pass
else:

    class _Field(models.Field):
        """Django's own field; subscriptable, because the stubs declare it generic."""

        def __class_getitem__(cls, *args: Any, **kwargs: Any) -> type:
            return cls


class EncryptedField(_Field[_ST, _GT]):
    """A binary column; the context is ``app.model.column``, so that a value moved elsewhere does not open."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    def get_lookup(self, lookup_name: str) -> "type[Lookup[Any]] | None":
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.context} is encrypted: {lookup_name!r} cannot search it. "
                "Search its keyed hash column; isnull=True finds empty ones."
            )
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> type[Transform] | None:
        raise FieldError(f"{self.context} is encrypted: the database cannot look inside it ({lookup_name!r}).")

    def serialise(self, value: Any) -> str:
        return str(value)

    def deserialise(self, text: str) -> Any:
        return text

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        return default_cipher().encrypt(self.serialise(value).encode(), self.context)

    def from_db_value(
        self, value: bytes | memoryview | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Any:
        if value is None:
            return None
        return self.deserialise(default_cipher().decrypt(bytes(value), self.context).decode())


class EncryptedTextField(EncryptedField[_ST, _GT]):
    """Text; ``max_length`` counts the characters of the plain text."""

    if TYPE_CHECKING:
        _pyi_private_set_type: str | Combinable
        _pyi_private_get_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            # With the validators of the class, so that migrations do not repeat it.
            self.default_validators = [*self.default_validators, MaxLengthValidator(self.max_length)]

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        kwargs.setdefault("max_length", self.max_length)
        return super().formfield(form_class or forms.CharField, choices_form_class, **kwargs)


def json_text(value: object) -> str:
    """Decimals keep their places, dates and times are ISO; they come back from the column as these strings."""
    match value:
        case Decimal() | UUID() | Promise():
            return str(value)
        case datetime() | date():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON.")


class EncryptedJSONField(EncryptedField[_ST, _GT]):
    """Any JSON value, in the order it was given; None is stored as NULL."""

    empty_strings_allowed = False

    if TYPE_CHECKING:
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def serialise(self, value: Any) -> str:
        return json.dumps(value, default=json_text, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def deserialise(self, text: str) -> Any:
        return json.loads(text)

    def value_to_string(self, obj: models.Model) -> str:
        return self.serialise(self.value_from_object(obj))

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        return super().formfield(form_class or forms.JSONField, choices_form_class, **kwargs)
