"""The administration of messages: words and channels of each kind, rules for text messages, logs of what was sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.models import MailMessage, MessagePolicy, MessageTemplate, TextMessage
from accounts.services.sending import send_again
from accounts.services.wordings import word
from workflow import clock
from workflow.admin.bases import ModelAdmin
from workflow.admin.records import ReadOnlyAdmin
from workflow.worker_wake import wake_workers


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ModelAdmin):
    """The list is the matrix event × channel."""

    list_display = ("kind_name", "channel", "active", "preset", "provider_code")
    list_display_links = ("kind_name",)
    list_editable = ("active", "preset")
    list_filter = ("channel", "active")
    search_fields = ("key", "title", "body")
    list_per_page = 200
    readonly_fields = ("kind_name", "channel", "placeholders", "preview")

    @admin.display(description=_("kind of message"), ordering="key")
    def kind_name(self, template: MessageTemplate) -> str:
        return str(template.kind)

    @admin.display(description=_("placeholders"))
    def placeholders(self, template: MessageTemplate) -> str:
        """Each with the sample value of the preview."""
        return format_html_join("", "<div><code>{{{}}}</code> {}</div>", template.kind.samples.items())

    @admin.display(description=_("preview with sample values"))
    def preview(self, template: MessageTemplate) -> str:
        # As it is saved: what was typed and refused cannot be shown.
        template = MessageTemplate.objects.get(pk=template.pk)
        languages = [settings.LANGUAGE_CODE, "en"]
        shown = [
            word(template.key, Channel(template.channel), code, template.kind.samples, template) for code in languages
        ]
        return format_html_join("", "<p><strong>{}</strong><br>{}</p>", [(words.title, words.body) for words in shown])

    def get_fieldsets(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        about = (None, {"fields": ("kind_name", "channel", "active", "preset")})
        words = (_("Words"), {"fields": ("placeholders", "title", "body", "title_en", "body_en", "preview")})
        provider = (_("SMS provider"), {"fields": ("provider_code", "signature")})
        return (about, words, provider) if obj is not None and obj.channel == Channel.SMS else (about, words)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # The services describe the kinds; a row for each is seeded.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(MessagePolicy)
class MessagePolicyAdmin(ModelAdmin):
    list_display = ("__str__", "quiet_from", "quiet_until", "daily_budget", "reserve", "used_today")

    @admin.display(description=_("used today"))
    def used_today(self, policy: MessagePolicy) -> int:
        return TextMessage.objects.counted_on(clock.today())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not MessagePolicy.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SendingAdmin(ReadOnlyAdmin):
    """What was sent to whom; the text itself is not shown. Failed messages can be sent again."""

    list_filter = ("state", "template")
    list_select_related = ("user", "case")
    actions = ("resend",)
    date_hierarchy = "created_at"

    @admin.action(description=_("Send again (failed ones)"))
    def resend(self, request: HttpRequest, sendings: QuerySet[Any]) -> None:
        count = send_again(sendings)
        wake_workers()
        text = ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", count) % {"n": count}
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)
        if count < sendings.count():
            gone = gettext("Only failed messages whose text is still kept can be sent again.")
            self.message_user(request, gone, messages.WARNING)


@admin.register(TextMessage)
class TextMessageAdmin(SendingAdmin):
    list_display = ("created_at", "phone_masked", "template", "state", "tries", "answer", "sent_at", "delivered_at")
    fields = (
        "created_at", "user", "case", "phone_masked", "template", "language", "state", "tries", "retry_at", "answer",
        "provider_id", "counted_on", "sent_at", "delivered_at",
    )  # fmt: skip


@admin.register(MailMessage)
class MailMessageAdmin(SendingAdmin):
    list_display = ("created_at", "address_masked", "template", "state", "tries", "answer", "sent_at")
    fields = (
        "created_at", "user", "case", "address_masked", "template", "language", "state", "tries", "retry_at", "answer",
        "sent_at",
    )  # fmt: skip
