"""What is printed at a counter before it is signed: the agreement, and the form that asks for a new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import override

from accounts.counter_papers import agreement_title, papers_of, reset_title
from accounts.counters import city_of
from accounts.enums import CounterSubject, TermsKind
from accounts.forms.counter import OpeningForm
from accounts.forms.counter_reset import ResetRequestForm
from accounts.models import Terms, User
from accounts.services.counter_sheets import holder_of_account
from workflow import clock
from workflow.actors import Actor
from workflow.codelists import DOCUMENT_KINDS
from workflow.printing import html_to_pdf, render_page
from workflow.typesetting import PACKAGES, PrintingUnavailableError

UNAVAILABLE = 503
NONE = "________________"


@dataclass(slots=True)
class Paper:
    """What the templates print; ``ticked``: (label, seen) of the check-list."""

    title: str
    counter: str
    officer: str
    day: str
    lines: list[tuple[str, str]] = field(default_factory=list)
    ticked: list[tuple[str, bool]] = field(default_factory=list)
    clauses: list[str] = field(default_factory=list)
    is_person: bool = False


def pdf_answer(make: Callable[[], bytes], name: str) -> HttpResponse:
    """An answer that nothing keeps."""
    try:
        content = make()
    except PrintingUnavailableError:
        text = f"PDF: apt-get install --no-install-recommends {PACKAGES}"
        return HttpResponse(text, status=UNAVAILABLE, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf") or "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def print_agreement(form: OpeningForm, actor: Actor) -> bytes:
    """With whatever has been typed; what is missing is a line to write on."""
    with override("zh-hans"):
        paper = _paper(form, agreement_title(form.subject, _city(actor)), actor)
        paper.lines = _agreement_lines(form)
        text = Terms.objects.current(TermsKind.COUNTER).body
        paper.clauses = [line.strip() for line in text.splitlines() if line.strip()]
    return html_to_pdf(render_page("accounts/counter_agreement_print.html", {"paper": paper}))


def print_reset_form(form: ResetRequestForm, user: User, actor: Actor) -> bytes:
    with override("zh-hans"):
        paper = _paper(form, reset_title(form.subject, _city(actor)), actor)
        holder = holder_of_account(user)
        paper.lines = [("姓名", str(user))] if paper.is_person else [("单位名称", holder)]
        paper.lines += [("用户名", user.username)]
        paper.lines += [] if paper.is_person else [("经办人", _typed(form, "agent"))]
        paper.lines += [("证件类型", _document(form)), ("证件号码", _typed(form, "number"))]
    return html_to_pdf(render_page("accounts/counter_reset_form_print.html", {"paper": paper}))


def _city(actor: Actor) -> str:
    assert actor.organisation is not None
    return city_of(actor.organisation)


def _paper(form: OpeningForm | ResetRequestForm, title: str, actor: Actor) -> Paper:
    seen = set(form["papers"].value() or [])
    today = clock.today()
    return Paper(
        title=title,
        counter=str(actor.organisation),
        officer=str(actor.user),
        day=f"{today.year}年{today.month}月{today.day}日",
        ticked=[(str(paper.label), paper.key in seen) for paper in papers_of(form.subject)],
        is_person=form.subject == CounterSubject.PERSON,
    )


def _agreement_lines(form: OpeningForm) -> list[tuple[str, str]]:
    unit = ("unit_name", "uscc", "social_number")
    lines = [(str(form.fields[name].label), _typed(form, name)) for name in unit if name in form.fields]
    lines += [(str(form.fields["agent"].label), _typed(form, "agent"))]
    lines += [("证件类型", _document(form)), ("证件号码", _typed(form, "number")), ("手机号码", _typed(form, "phone"))]
    lines += [("有效期至", _typed(form, "valid_until", empty="长期"))]
    return [*lines, ("授权事项", _items(form))]


def _items(form: OpeningForm) -> str:
    chosen = set(form["items"].value() or [])
    field_: Any = form.fields["items"]
    return "、".join(str(label) for key, label in field_.choices if key in chosen) or NONE


def _document(form: forms.Form) -> str:
    return DOCUMENT_KINDS.label_zh(str(form["document_kind"].value() or "01"))


def _typed(form: forms.Form, name: str, empty: str = NONE) -> str:
    return str(form[name].value() or "").strip()[:100] or empty
