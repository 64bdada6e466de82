"""``{% kept %}``: parts of a page that are the same for everybody, rendered once per process and language."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django import template
from django.conf import STATICFILES_STORAGE_ALIAS, settings
from django.core.files.storage import storages
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import get_script_prefix, get_urlconf
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
# Forms of one part; when there are more, keeping begins anew.
MOST = 512


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept label=page.label count=12 %}…{% endkept %}``

    The part sees the values that it names and nothing else of the page: no user, no request, no CSRF token. What two
    visitors are shown can so differ only where the values, the language, the addresses or the static files do, and
    these are its key.
    """
    name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{name} takes name=value only, not {' '.join(bits)}.")
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodes, values)


class KeptNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.parts: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: _plain(value.resolve(context)) for name, value in self.values.items()}
        if settings.DEBUG:
            return self._print(context, values)
        addresses = (get_script_prefix(), get_urlconf(), storages[STATICFILES_STORAGE_ALIAS])
        key = (get_language(), *addresses, *values.values())
        part = self.parts.get(key)
        if part is None:
            part = self._print(context, values)
            if len(self.parts) >= MOST:
                self.parts.clear()
            self.parts[key] = part
        return part

    def _print(self, context: Context, values: dict[str, Any]) -> SafeString:
        assert context.template is not None
        alone = Context(values, autoescape=context.autoescape)
        with alone.bind_template(context.template):
            return self.nodelist.render(alone)


def _plain(value: Any) -> Any:
    """Words in the language of the page: a lazy one would speak that of whoever looks."""
    return str(value) if isinstance(value, Promise) else value
