"""Parts of a page's frame that follow from its site and language alone: written once, not for every page anew."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from rasad.web.theme.site import Site
from rasad.web.theme.templatetags.rasad import language

register = template.Library()

KEPT = 128
"""Parts that are kept: two for each section of a site in each language, of the release that is shown and one before."""


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """The part `theme/NAME.html`. It sees the site and nothing else of the page, so that it may be shown on every other with the same site."""
    write = _written.__wrapped__ if settings.DEBUG else _written
    return write(name, context.get("site"), language())


@lru_cache(maxsize=KEPT)
def _written(name: str, site: Site | None, _lang: str) -> SafeString:
    return mark_safe(render_to_string(f"theme/{name}.html", {"site": site}))  # noqa: S308 - a rendered template
