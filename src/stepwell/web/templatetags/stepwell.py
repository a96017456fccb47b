"""What allauth's pages, which are in Django's template language, use of our own in Jinja."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stepwell.accounts.wanted_page import get_wanted_page, link_to, safe_page
from stepwell.web.markup import moment

register = template.Library()
register.simple_tag(moment)


@register.simple_tag(takes_context=True)
def component(context: Context, name: str, **values: Any) -> SafeString:
    """Draw one of our templates, such as a form's fields; it is given these values only."""
    return SafeString(render_to_string(name, values, context["request"]))


@register.simple_tag(takes_context=True)
def account_link(context: Context, name: str, wanted: str | None = None) -> str:
    """Return the address of an account page, with the page that the person wants to reach."""
    return link_to(name, safe_page(wanted or "") or get_wanted_page(context["request"]))


@register.simple_block_tag(takes_context=True)
def shell(context: Context, content: str, **parts: str) -> SafeString:
    """Put a page into the site's header, footer and messages."""
    return component(context, "accounts/shell.html", main=content, **parts)
