from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.message_kinds import MessageKind, Words, kind_of
from accounts.wording import find_faults

if TYPE_CHECKING:
    from collections.abc import Iterable


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def for_kind(self, key: str) -> dict[str, MessageTemplate]:
        """{channel: template}."""
        return {template.channel: template for template in self.filter(key=key)}

    def by_kind(self, keys: Iterable[str]) -> dict[tuple[str, str], MessageTemplate]:
        """{(kind, channel): template}."""
        return {(template.key, template.channel): template for template in self.filter(key__in=list(keys))}


class MessageTemplate(models.Model):
    """The words of one kind of message on one channel, and whether it goes there: event × channel."""

    key = models.CharField(_("kind of message"), max_length=40, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, editable=False)
    title = models.CharField(_("title (Chinese)"), max_length=100)
    body = models.TextField(_("text (Chinese)"), max_length=1000)
    title_en = models.CharField(_("title (English)"), max_length=150)
    body_en = models.TextField(_("text (English)"), max_length=1500)
    active = models.BooleanField(
        _("in use"), default=True, help_text=_("Off: nobody gets this message on this channel.")
    )
    preset = models.BooleanField(
        _("on for everybody"),
        default=False,
        help_text=_("Who has chosen on the page of the account keeps that choice."),
    )
    provider_code = models.CharField(
        _("template number at the SMS provider"),
        max_length=40,
        blank=True,
        help_text=_("The provider sends its own approved text under this number, with our placeholders filled in."),
    )
    signature = models.CharField(
        _("SMS signature"), max_length=40, blank=True, help_text=_("Empty: the signature of the settings.")
    )

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["key", "channel"]
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [models.UniqueConstraint(fields=["key", "channel"], name="message_template_once")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_channel_display()}"

    @property
    def kind(self) -> MessageKind:
        return kind_of(self.key)

    def words_in(self, language: str) -> Words:
        return Words(self.title_en, self.body_en) if language == "en" else Words(self.title, self.body)

    def clean(self) -> None:
        faults = {
            name: list(find_faults(getattr(self, name) or "", self.kind.samples))
            for name in ("title", "body", "title_en", "body_en")
        }
        if self.channel == Channel.STATION and self.kind.compulsory and not self.active:
            faults["active"] = [gettext("This message must reach people on the site: it cannot be switched off.")]
        if not self.kind.audience and not (self.active and self.preset):
            # Codes and notices of security: nobody chooses them, so nobody can do without them.
            faults["active"] = [gettext("This message always goes out: leave both switches on.")]
        if errors := {name: found for name, found in faults.items() if found}:
            raise ValidationError(errors)


class MessageSettings(models.Model):
    """What somebody chose on 消息设置. Kinds that are missing follow the administrator's preset."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="message_settings"
    )
    language = models.CharField(_("language of the messages"), max_length=10, default="zh-hans")
    # {kind: [channels]}
    choices = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("choice of messages")
        verbose_name_plural = _("choices of messages")

    def __str__(self) -> str:
        return str(self.user_id)


class MessagePolicy(models.Model):
    """One row: when and how many text messages leave. Codes pass the quiet hours and have a reserve."""

    quiet_from: models.Field[time | None, time | None] = models.TimeField(
        _("quiet from"), null=True, blank=True, help_text=_("No text messages but codes are sent in these hours.")
    )
    quiet_until: models.Field[time | None, time | None] = models.TimeField(_("quiet until"), null=True, blank=True)
    daily_budget: models.Field[int | None, int | None] = models.PositiveIntegerField(
        _("text messages a day"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. What is over waits for tomorrow."),
    )
    reserve = models.PositiveIntegerField(_("of these kept for codes"), default=0, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("rules for text messages")
        verbose_name_plural = _("rules for text messages")
        constraints = [models.CheckConstraint(name="message_policy_one", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return gettext("Rules for text messages")

    def clean(self) -> None:
        faults = {}
        if (self.quiet_from is None) != (self.quiet_until is None):
            faults["quiet_until"] = gettext("Give both times, or neither.")
        if self.daily_budget is not None and (self.reserve or 0) > self.daily_budget:
            faults["reserve"] = gettext("The reserve is a part of the messages of the day.")
        if faults:
            raise ValidationError(faults)

    def is_quiet(self, moment: time) -> bool:
        """The hours may pass midnight."""
        start, end = self.quiet_from, self.quiet_until
        if start is None or end is None:
            return False
        return start <= moment < end if start < end else moment >= start or moment < end

    def room(self, used: int, *, urgent: bool) -> int | None:
        """How many more may leave today; None without a limit."""
        if self.daily_budget is None:
            return None
        return max(0, self.daily_budget - used - (0 if urgent else self.reserve))
