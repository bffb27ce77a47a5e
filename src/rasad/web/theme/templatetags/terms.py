"""Terms explained in place: a heading that the glossary knows opens its explanation, without a script, by pointer or keyboard."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from rasad.web.theme import terms
from rasad.web.theme.show import persian
from rasad.web.theme.templatetags.rasad import language

register = template.Library()

BETWEEN = " · "


@register.simple_tag(takes_context=True)
def explained(context: Context, text: object) -> SafeString:
    """A heading; a button that opens its explanation where the glossary has one."""
    term = _term(context, text)
    if term is None:
        return conditional_escape(str(text))
    return format_html(
        '<button type="button" class="term" popovertarget="term-{}">{}</button>', term.id, text
    )


@register.simple_tag(takes_context=True)
def explained_parts(context: Context, text: object) -> SafeString:
    """A line of parts ("expense · paid · …"): each part that the glossary knows opens its explanation."""
    parts = str(text).split(BETWEEN)
    if len(parts) == 1:
        return conditional_escape(str(text))
    return format_html_join(BETWEEN, "{}", ((explained(context, part),) for part in parts))


@register.simple_tag(takes_context=True)
def explanation(context: Context, text: object) -> SafeString:
    """A small mark beside a heading that is a link itself; nothing where the glossary does not know it, or the page explained it above."""
    above = set(_used(context))
    term = _term(context, text)
    if term is None or term.id in above:
        return mark_safe("")
    return format_html(
        '<button type="button" class="term-mark" popovertarget="term-{}" aria-label="{}">{}</button>',
        term.id,
        gettext("What does “%(term)s” mean?") % {"term": term.name},
        gettext("?"),
    )


@register.simple_tag(takes_context=True)
def explanations(context: Context) -> SafeString:
    """The explanations that the page's headings open; stands once, at the end of the page."""
    glossary_url = getattr(context.get("site"), "glossary_url", "")
    lang = persian(language())
    return mark_safe("".join(_card(id, lang, glossary_url) for id in _used(context)))  # noqa: S308 - rendered templates


@lru_cache(maxsize=512)
def _card(id: str, lang: str, glossary_url: str) -> str:
    known = terms.by_id(lang)
    term = known[id]
    lists = [known[name] for name in term.lists]
    return render_to_string(
        "theme/explanation.html", {"term": term, "lists": lists, "glossary_url": glossary_url}
    )


def _term(context: Context, text: object) -> terms.Term | None:
    """Return the term of a heading, and note that the page needs its explanation. None on pages of a site without a glossary."""
    site: Any = context.get("site")
    if context.get("request") is None or not getattr(site, "glossary_url", ""):
        return None
    term = terms.named(text, persian(language()))
    if term is not None:
        _used(context)[term.id] = term
    return term


def _used(context: Context) -> dict[str, terms.Term]:
    """Return id → term of what the page explains so far. It is kept with the request: components have contexts of their own."""
    request = context.get("request")
    found: dict[str, terms.Term] = vars(request).setdefault("explained_terms", {}) if request else {}
    return found
