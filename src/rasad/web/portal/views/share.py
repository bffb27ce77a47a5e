"""Your share: what the city's spending comes to for one resident, and into what a sum of money divides."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.persian import money
from rasad.release.reader import Release
from rasad.release.reader.examples import largest_lines
from rasad.web.portal.certainty import unknown_share, withheld
from rasad.web.portal.changes import here
from rasad.web.portal.choices import fields as money_fields
from rasad.web.portal.current import page
from rasad.web.portal.frame import city_name, frame, lang
from rasad.web.portal.query import without
from rasad.web.portal.scope import by_name, scope_of
from rasad.web.portal.sharing import DIMENSIONS, TOP, Asked, Part, base, by_class, by_group, read_asked, words
from rasad.web.portal.tables import (
    dimension_name,
    download_links,
    line_row,
    per_resident,
    residents_source,
    scaled,
)
from rasad.web.theme import show
from rasad.web.theme.charts import Chart, Item
from rasad.web.theme.parts import Column, Field, Option, Stat, Table

OWN = ("paid", "in", "people")
"""What a reader typed of themselves: it stands in the page's own address and is passed on to nobody."""


@page
def share(request: HttpRequest, release: Release) -> HttpResponse:
    """Divide the spending of one year at one stage: per resident, of a round sum, and of what the reader paid."""
    asked = read_asked(request.GET, release)
    context = frame(request, release, "share")
    context |= {
        "title": _("Your share"),
        "fields": _fields(asked, release),
        "scope": scope_of(asked.filters, release),
    }
    classes = release.breakdown("class", asked.filters)
    parts = by_class(classes, asked, release)
    if not parts:
        return TemplateResponse(request, "portal/share.html", context)
    whole = classes.total_amount or 0
    groups = by_group(release.breakdown(asked.query.by, asked.filters, limit=TOP), asked, release)
    by, told = asked.query.by, context["scope"]
    context |= {
        "lede": _lede(release),
        "headline": _headline(whole, asked, release),
        "headline_words": words(per_resident(whole, asked.people), release.currency) if asked.people else "",
        "stated": asked.people is not None and not asked.typed,
        "people": asked.people,
        "people_source": residents_source(release),
        "paid": asked.paid,
        "paid_words": words(asked.paid, release.currency) if asked.paid else "",
        "stats": _stats(classes.total_lines, unknown_share(classes), whole, asked, release),
        "withheld": withheld(classes),
        "classes": table_of(
            parts,
            asked,
            release,
            id="share-by-class",
            name=_("Class"),
            caption=_("By class: %(scope)s") % {"scope": told},
        ),
        "chart": chart_of(parts, asked, release),
        "groups": table_of(
            groups, asked, release, id="share-by-group", name=dimension_name(by), caption=by_name(by)
        )
        if groups
        else None,
        "grouping": by_name(by),
        "examples": _examples(asked, release, whole),
        "base": money.display(base(release.currency), release.currency, "full", lang()),
        "money_url": _money(asked),
        "embed_url": reverse("portal:embed-how", args=["share"]) + without(request.GET, *OWN),
        "downloads": download_links("share", without(request.GET)),
    }
    given = {name: request.GET[name] for name in ("year", "stage", "book") if request.GET.get(name)}
    context |= here(release, given, shown=[asked.filters])
    return TemplateResponse(request, "portal/share.html", context)


def _lede(release: Release) -> str:
    return _("What the money of %(city)s bought, divided among its people: an average, and no tax bill.") % {
        "city": city_name(release)
    }


def _fields(asked: Asked, release: Release) -> list[Field]:
    own = {one.name: one for one in money_fields(asked.query, release)}
    years = own["year"]
    found = [Field("year", years.label, years.value, [one for one in years.options if one.value != "all"])]
    found += [own[name] for name in ("stage", "book") if name in own]
    found.append(
        Field("by", _("Group by"), asked.query.by, [Option(by, dimension_name(by)) for by in DIMENSIONS])
    )
    if asked.people is None or asked.typed:
        typed = show.grouped(asked.people, lang()) if asked.people else ""
        found.append(Field("people", _("Residents of the city"), typed, kind="text"))
    whole = show.grouped(asked.paid // 10 if asked.toman else asked.paid, lang()) if asked.paid else ""
    if asked.paid and money.minor_digits(release.currency):
        whole = money.number(asked.paid, currency=release.currency, lang=lang())
    label = _("What you paid the city in this year")
    if release.currency != "IRR":
        label = f"{label} ({money.currency_name(release.currency, lang())})"
    found.append(Field("paid", label, whole, kind="text"))
    if release.currency == "IRR":
        names = [
            Option(unit, money.unit_name("full" if unit == "rial" else "toman", "IRR", lang()))
            for unit in ("rial", "toman")
        ]
        found.append(Field("in", _("written in"), "toman" if asked.toman else "rial", names))
    return found


def _money(asked: Asked, **more: str) -> str:
    """Return the address of the money explorer for the page's year, stage and book."""
    filters = asked.filters
    query = {"year": str(filters.year), "stage": str(filters.stage), "book": str(filters.book), **more}
    return f"{reverse('portal:money')}?{urlencode(query)}"


def _headline(whole: int, asked: Asked, release: Release) -> Stat:
    if not asked.people:
        return Stat(
            _("Spending, all together"),
            amount=whole,
            note=_("of the whole city, in this year at this stage"),
            link=_money(asked),
        )
    return Stat(
        _("For each resident"),
        amount=per_resident(whole, asked.people),
        note=_("%(amount)s ÷ %(number)s residents")
        % {
            "amount": " ".join(show.scaled_amount(whole, release.currency, "auto", lang())),
            "number": show.grouped(asked.people, lang()),
        },
        link=_money(asked),
    )


def _stats(lines: int, unknown: float | None, whole: int, asked: Asked, release: Release) -> list[Stat]:
    stats = [
        Stat(
            _("All money"),
            amount=whole,
            note=ngettext("%(lines)s line", "%(lines)s lines", lines)
            % {"lines": show.grouped(lines, lang())},
            link=_money(asked),
        ),
        Stat(
            _("Class unknown"),
            share=unknown,
            text=show.NOTHING,
            note=_("of all money: what it is for cannot be told yet"),
            link=_money(asked, **{"class": "unknown", "view": "lines"}),
        ),
    ]
    if asked.paid:
        stats.insert(
            0, Stat(_("You paid"), amount=asked.paid, note=_("divided below as all of the city's money is"))
        )
    return stats


def table_of(parts: list[Part], asked: Asked, release: Release, *, id: str, name: str, caption: str) -> Table:
    """Return the table of parts: of the round sum (of the reader's own where there is one), and for each resident."""
    rows = [
        {
            "name": part.name,
            "cls": part.key,
            "url": _follow(part, asked),
            "of_base": part.of_base,
            "each": part.each,
            "of_paid": part.of_paid,
        }
        for part in parts
    ]
    plain = all(part.kind == "class" for part in parts)
    of_base = _("Of each %(sum)s") % {
        "sum": money.display(base(release.currency), release.currency, "full", lang())
    }
    columns = [
        Column("cls", name, "class", link="url") if plain else Column("name", name, link="url"),
        # The reader's own sum takes the place of the round one: three figures are too wide for a phone.
        Column("of_paid", _("Of what you paid"), "money", unit="full")
        if asked.paid
        else Column("of_base", of_base, "money", unit="full"),
        *([Column("each", _("For each resident"), "money", unit="full")] if asked.people else []),
    ]
    total = {
        "of_base": sum(part.of_base for part in parts),
        "each": sum(part.each or 0 for part in parts),
        "of_paid": sum(part.of_paid or 0 for part in parts),
    }
    return Table(id=id, caption=caption, columns=columns, rows=rows, total=total, caption_hidden=True)


def _follow(part: Part, asked: Asked) -> str:
    if part.kind == "class":
        return _money(asked, **{"class": part.key, "view": "lines"})
    if part.kind == "coarse":
        return (
            _money(asked, it="1")
            if part.key == "it"
            else _money(asked, **{"class": part.key, "view": "lines"})
        )
    return _money(asked, **{part.kind: part.key, "by": "class"}) if part.key and part.kind != "others" else ""


def chart_of(parts: list[Part], asked: Asked, release: Release) -> Chart | None:
    """Return bars of the round sum's parts, or of the reader's own sum; without what is not IT, which would dwarf them all."""
    own = asked.paid is not None
    items = []
    for part in parts:
        amount = (part.of_paid or 0) if own else part.of_base
        if amount > 0 and part.key != "not_it":
            text = money.display(amount, release.currency, "full", lang())
            cls = "" if part.key == "it" else part.key
            items.append(
                Item(
                    part.name,
                    scaled(amount, "full", release.currency),
                    text,
                    cls=cls,
                    url=_follow(part, asked),
                )
            )
    if len(items) < 2:
        return None
    told = money.display(asked.paid or base(release.currency), release.currency, "full", lang())
    return Chart(
        id="share-chart",
        kind="bar",
        title=_("Of %(sum)s") % {"sum": told},
        subtitle=_("without what is not IT"),
        unit=money.unit_name("full", release.currency, lang()),
        items=items,
    )


def _examples(asked: Asked, release: Release, whole: int) -> Table | None:
    """Return the largest line of each class, to see what is behind the words; natural persons' are left out."""
    found = largest_lines(release, "class", asked.filters)
    rows = [
        line_row(line) | {"share": line["amount"] / whole}
        for line in sorted(found.values(), key=lambda line: (line["class"] == "not_it", -line["amount"]))
    ]
    if not rows:
        return None
    return Table(
        id="share-examples",
        caption=_("The largest line of each class"),
        columns=[
            Column("title", _("Description"), link="url", note="under"),
            Column("class", _("Class"), "class"),
            Column("amount", _("Amount"), "money"),
            Column("share", _("Of all money"), "share", bar="class"),
        ],
        rows=rows,
        caption_hidden=True,
    )
