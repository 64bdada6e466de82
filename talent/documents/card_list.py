"""Workbooks of cards: the list of the city bureau, and 发放登记表 of a print run; the PDF of a long run as a task."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from talent.card_filters import CardFilter
from talent.card_pages import card_status, paper_states
from talent.documents.card_faces import cards_html
from talent.enums import CardLevel
from talent.models import Card, PrintRun
from talent.services.card_prints import MOST, note_fetch
from workflow import clock
from workflow.actors import Actor
from workflow.fetches import when_fetched
from workflow.masking import mask_number
from workflow.models import Job
from workflow.pdfs import join_pdfs
from workflow.presentation.times import day_text
from workflow.printers import Printers
from workflow.registry import job
from workflow.services.jobs import actor_of, report_progress, save_result, start_job
from workflow.services.progress import counted
from workflow.spreadsheets import Column, Row, Target, write_long_sheet, write_sheet

EXPORT, PRINT = "talent.export_cards", "talent.print_run"
CHUNK = 500
# Cards that a printing process draws at a time.
DRAWN = 20


def start_card_export(actor: Actor, *, criteria: str) -> Job:
    return start_job(EXPORT, _("Export: %(list)s") % {"list": _("Talent cards")}, {"criteria": criteria}, actor)


@job(EXPORT)
def export_cards(task: Job) -> None:
    """As the list was filtered; identity numbers masked."""
    found = CardFilter(QueryDict(task.params["criteria"]), Card.objects.kept_by(actor_of(task))).qs
    total = found.count()
    columns = (
        Column(_("Card number"), 18),
        Column(_("Type of card"), 8),
        Column(_("Name"), 16),
        Column(_("Document number"), 22),
        Column(_("Employer"), 32),
        Column(_("County"), 14),
        Column(_("Valid from"), 12),
        Column(_("Valid until"), 12),
        Column(_("Status"), 10),
        Column(_("Plastic card"), 14),
    )
    notes = [_("Exported on %(day)s") % {"day": clock.today().isoformat()}]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        rows = counted(task, _rows(found), total=total)
        write_long_sheet(target.name, _("Talent cards"), columns, rows, notes, count=total)
        save_result(task, f"{_('Talent cards')} {clock.today():%Y-%m-%d}.xlsx", target)


def _rows(found: Any) -> Iterator[Row]:
    """By position, newest first: constant memory however many."""
    after = None
    while chunk := list(_next(found, after)):
        papers = paper_states([card.pk for card in chunk])
        for card in chunk:
            yield (
                card.number,
                str(CardLevel(card.level).label),
                card.name,
                mask_number(card.person.number),
                card.unit_name,
                card.region.name,
                card.valid_from.isoformat(),
                card.valid_until.isoformat(),
                card_status(card).text,
                papers[card.pk, card.edition],
            )
        after = chunk[-1].pk


def _next(found: Any, after: int | None) -> Any:
    rows = found.filter(pk__lt=after) if after is not None else found
    return rows.select_related("person", "region").order_by("-pk")[:CHUNK]


def write_register(target: Target, run: PrintRun) -> None:
    """Chinese, like every printed list; the last four columns are filled in by hand."""
    columns = (
        Column("序号", 6),
        Column("卡号", 18),
        Column("卡类型", 8),
        Column("姓名", 14),
        Column("工作单位", 30),
        Column("领取人", 12),
        Column("代领人证件号码", 20),
        Column("领取日期", 12),
        Column("签收", 14),
    )
    cards = Card.objects.of_run(run)
    rows = (
        (str(place), card.number, card.level, card.name, card.unit_name, "", "", "", "")
        for place, card in enumerate(cards, start=1)
    )
    notes = [f"打印批次：{run.number}", f"打印日期：{day_text(run.made_at)}"]
    write_sheet(target, "渤海英才卡发放登记表", columns, rows, notes)


def start_run_print(run: PrintRun, actor: Actor, origin: str, *, bleed: bool, reason: str = "") -> Job:
    params = {"run": str(run.token), "origin": origin, "bleed": bleed, "reason": reason}
    return start_job(PRINT, _("Print run %(number)s") % {"number": run.number}, params, actor, total=run.prints.count())


@job(PRINT)
def print_run(task: Job) -> None:
    """One file for the card printer; of a run that is too long for one, an archive of several."""
    run = PrintRun.objects.visible_to(actor_of(task)).get(token=task.params["run"])
    keys = list(Card.objects.drawn_by(run, clock.today()).values_list("pk", flat=True))
    report_progress(task, done=0, total=len(keys))
    with Printers() as printers, tempfile.TemporaryFile() as target:
        if len(keys) <= MOST:
            target.write(_draw(task, printers, keys))
        else:
            with zipfile.ZipFile(target, "w") as archive:
                for start in range(0, len(keys), MOST):
                    part = f"{run.number}-{start // MOST + 1}.pdf"
                    archive.writestr(part, _draw(task, printers, keys[start : start + MOST], before=start))
        target.seek(0)
        save_result(task, f"{run.number}.{'pdf' if len(keys) <= MOST else 'zip'}", target)


@when_fetched(PRINT)
def note_file(task: Job, actor: Actor) -> None:
    """The file of a task can be taken until it expires: each time is written down."""
    run = PrintRun.objects.get(token=task.params["run"])
    again = _("The file of the task once more") if run.fetches.exists() else ""
    note_fetch(run, actor, reason=task.params.get("reason") or again)


def _draw(task: Job, printers: Printers, keys: Sequence[int], *, before: int = 0) -> bytes:
    """Some pages at a time, so that the photos of a long run never stand in memory together."""
    parts, params = [], task.params
    chunks = [keys[start : start + DRAWN] for start in range(0, len(keys), DRAWN)]
    pages = (cards_html(_cards(chunk), params["origin"], bleed=params["bleed"], printed=True) for chunk in chunks)
    for number, part in enumerate(printers.print(pages), start=1):
        parts.append(part)
        report_progress(task, done=before + min(number * DRAWN, len(keys)))
    return join_pdfs(parts)


def _cards(keys: Sequence[int]) -> list[Card]:
    found = Card.objects.whole().in_bulk(keys)
    return [found[key] for key in keys]
