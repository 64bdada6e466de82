"""How crispy-forms lays out our forms: the page owns the form tag, the token and the buttons."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout


class FormLook(FormHelper):  # type: ignore[misc]
    """``self.helper = FormLook(Fieldset(_("Education"), "degree", "school"), Row(Column("from"), Column("to")))``.

    Without parts all fields follow each other. Printed by ``{% include "_form.html" %}``; only needed where a form has
    sections, columns or units beside a control (``AppendedText``).
    """

    form_tag = False
    disable_csrf = True
    include_media = False

    def __init__(self, *parts: Any) -> None:
        super().__init__()
        if parts:
            self.layout = Layout(*parts)
