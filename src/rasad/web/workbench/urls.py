"""Addresses of the workbench's own pages. Every view says who may open it (`allowed.py`); a test walks this list."""

from __future__ import annotations

from django.urls import path

from rasad.web.workbench.views import home, trail
from rasad.web.workbench.waiting import MATTERS

app_name = "workbench"
urlpatterns = [
    path("", home.home, name="home"),
    *(path(f"waiting/{one.name}/", home.waiting(one), name=f"waiting-{one.name}") for one in MATTERS),
    path("trail/", trail.trail, name="trail"),
]
