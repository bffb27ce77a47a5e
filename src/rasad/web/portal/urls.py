"""Addresses of the portal."""

from __future__ import annotations

from django.urls import path, re_path

from rasad.web.portal.views import (
    batch,
    budget,
    changes,
    compare,
    data,
    embed,
    exports,
    glossary,
    home,
    line,
    method,
    money,
    picture,
    search,
    share,
    supplier,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("money/", money.money, name="money"),
    path("money.<str:kind>", exports.money, name="money-export"),
    path("compare/", compare.comparison, name="compare"),
    path("compare.<str:kind>", exports.compare, name="compare-export"),
    path("share/", share.share, name="share"),
    path("share.<str:kind>", exports.share, name="share-export"),
    path("budget/", budget.budget, name="budget"),
    path("budget.<str:kind>", exports.budget, name="budget-export"),
    path("embed/<str:what>/", embed.embed, name="embed"),
    path("embed/<str:what>/how/", embed.how, name="embed-how"),
    path("line/<str:line_id>/", line.line, name="line"),
    path("supplier/<path:key>/", supplier.supplier, name="supplier"),
    path("search/", search.search, name="search"),
    path("data/", data.data, name="data"),
    path("data/problems/", data.problems, name="problems"),
    path("data/batch/<str:key>/", batch.batch, name="batch"),
    path("data/files/<path:name>", data.file, name="file"),
    path("method/", method.method, name="method"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("changes/", changes.releases, name="changes"),
    path("changes/<int:number>/", changes.release_changes, name="changes-of"),
    re_path(r"^picture/(?P<of>.*)card\.png$", picture.picture, name="picture"),
    path("feed/", changes.feed, name="feed"),
]
