"""Forms of bulk files: handing one in, taking it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.actions.bulk.profiles import profiles
from rasad.records.tables import SHEETS
from rasad.web.workbench import labels
from rasad.web.workbench.fields import NEEDED

PROFILE = "profile:"
ENDINGS = (".csv", ".xlsx", ".xls", ".ods")


def _kinds() -> list[tuple[str, Any]]:
    nouns = [(sheet.name, labels.noun(sheet.model.lower())) for sheet in SHEETS]
    exports = [(f"{PROFILE}{name}", _("export of %(name)s") % {"name": name}) for name in profiles()]
    return [("", _("as its headers say")), *nouns, *exports]


class HandInForm(forms.Form):
    """A file, and what it is read as."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={**NEEDED, "empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=gettext_lazy("CSV or XLSX, with the headers of a template in either language."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=_kinds, required=False)

    def clean_file(self) -> Any:
        """Refuse a file that is no table."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(
                _("“%(name)s” is no table; expected CSV or XLSX.") % {"name": file.name[:80]}
            )
        return file

    @property
    def read_as(self) -> tuple[str, str]:
        """The noun and the profile that it is read as; both "" where its headers say."""
        kind = self.cleaned_data.get("kind", "")
        return ("", kind.removeprefix(PROFILE)) if kind.startswith(PROFILE) else (kind, "")


class TakeInForm(forms.Form):
    """Why a file is taken in, and whether rows that are refused may stay out."""

    why = forms.CharField(
        label=gettext_lazy("Why (for the trail)"),
        max_length=2_000,
        error_messages={"required": gettext_lazy("Say why: this needs its reason.")},
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stands on the audit trail with your name."),
    )
    valid_only = forms.BooleanField(
        label=gettext_lazy("Take in the rows that can stand, and leave out the others"), required=False
    )
