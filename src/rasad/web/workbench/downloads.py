"""Files that a page sends: their kinds, and the response that is saved as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.http import HttpResponse, StreamingHttpResponse

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending of a sheet's name → its kind."""


def as_file(content: bytes | Iterator[bytes], name: str) -> HttpResponse:
    """Return a response that is saved as a sheet of this name, and kept nowhere on its way; blocks are sent as they are made."""
    kind = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    response = kind(content, content_type=TYPES[name.rpartition(".")[2]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)
