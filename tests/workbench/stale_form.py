"""A page of the tests' own: a unit's form as any page of the workbench writes one."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from rasad.actions import register
from rasad.records.models import Unit
from rasad.web.workbench import root
from rasad.web.workbench.allowed import allowed


class UnitForm(forms.Form):
    """Some fields of a unit, named as the record names them, and the version that they were seen on."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField()
    name_en = forms.CharField(required=False)
    valid_from = forms.DateField(required=False)


PAGE = """{% extends "workbench/base.html" %}{% load workbench %}{% block content %}
<form method="post" class="form">{% csrf_token %}{{ form.seen }}{% field form.name %}{% field form.name_en %}{% field form.valid_from %}
<button class="button">Save</button></form>{% endblock %}"""


@allowed("records.read", post="units.write")
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit's form, and change the unit by it."""
    record = Unit.objects.get(code=code)
    first = {"seen": record.version, "name": record.name, "name_en": record.name_en}
    form = UnitForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        seen = told.pop("seen")
        register.change(record=record, values=told, seen=seen, by=request.user, why="")  # type: ignore[arg-type]
        return redirect("/en/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


handler403 = root.handler403
handler404 = root.handler404
urlpatterns = [path("en/try/<str:code>/", unit), *root.urlpatterns]
