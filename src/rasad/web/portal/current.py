"""The live release, opened once and shared by all threads; a moved pointer is noticed at the next request."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rasad.release.manifest import NAME as MANIFEST
from rasad.release.manifest import live_release
from rasad.release.reader import Release, open_release
from rasad.web.portal.frame import frame
from rasad.web.portal.preview import preview

_lock = threading.Lock()
_open: dict[tuple[Path, int, int], Release] = {}
# A request may still be reading the release before: it stays open until the one after next.
_KEPT = 2
_earlier: OrderedDict[Path, Release] = OrderedDict()
_EARLIER = 3


def live() -> Release | None:
    """Return the live release of RASAD_RELEASES, None where none is live."""
    if not settings.RASAD_RELEASES:
        return None
    folder = live_release(Path(settings.RASAD_RELEASES))
    if folder is None or not (folder / MANIFEST).is_file():
        return None
    # A folder made anew under the same number is another release.
    about = (folder / MANIFEST).stat()
    key = (folder, about.st_ino, about.st_mtime_ns)
    found = _open.get(key)
    if found is not None:
        return found
    with _lock:
        if key not in _open:
            cache = os.environ.get("RASAD_CACHE")
            _open[key] = open_release(folder, Path(cache) if cache else None)
            for old in list(_open)[:-_KEPT]:
                _open.pop(old).close()
        return _open[key]


def forget() -> None:
    """Close every open release."""
    with _lock:
        for held in (_open, _earlier):
            while held:
                held.popitem()[1].close()


View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Give a view the live release as its second argument; answer 304 to who has this very page already.

    What a page shows follows from the release, the address and the language alone, so these make its ETag. An address that
    asks for something that is not there gets its answer in the frame of the site, with the ways on.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        release = live()
        if release is None:
            return _never_kept(render(request, "portal/no_release.html", status=503))
        return _answer(view, request, release, arguments, "")

    return require_safe(wrapped)


def pinned(view: View) -> View:
    """Give a view the release that the address names by its number (`release=3`), the live one where it names none.

    A release that was never live cannot be asked for. The view's page says which release is live, so that is part of its ETag.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, **arguments: str) -> HttpResponseBase:
        newest = live()
        if newest is None:
            return _never_kept(render(request, "portal/no_release.html", status=503))
        number = request.GET.get("release", "")
        release = newest if not number else numbered(number, newest)
        if release is None:
            return _never_kept(_not_there(request, newest))
        return _answer(view, request, release, arguments, f"{newest.number}")

    return require_safe(wrapped)


def numbered(number: str, newest: Release) -> Release | None:
    """Return the release of this number, up to the live one; None where there is none. A few earlier ones stay open."""
    if not re.fullmatch("[0-9]{1,4}", number) or not 0 < int(number) <= newest.number:
        return None
    if int(number) == newest.number:
        return newest
    folder = Path(settings.RASAD_RELEASES) / f"{int(number):04d}"
    if not (folder / MANIFEST).is_file():
        return None
    with _lock:
        if folder not in _earlier:
            cache = os.environ.get("RASAD_CACHE")
            _earlier[folder] = open_release(folder, Path(cache) if cache else None)
        _earlier.move_to_end(folder)
        while len(_earlier) > _EARLIER:
            # Not closed: a request may be reading it. It closes when the last one lets go.
            _earlier.popitem(last=False)
        return _earlier[folder]


def _answer(
    view: View, request: HttpRequest, release: Release, arguments: dict[str, str], also: str
) -> HttpResponseBase:
    told = f"{release.hash} {also} {build()} {get_language()} {request.get_full_path()}"
    etag = f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'
    if not settings.DEBUG and etag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            response = view(request, release, **arguments)
            if isinstance(response, TemplateResponse) and response.status_code == HTTPStatus.OK:
                response.context_data = dict(response.context_data or {})
                response.context_data |= preview(request, release, response.context_data)
        except BadRequest as wrong:
            return _never_kept(_refused(request, release, str(wrong)))
        except Http404:
            return _never_kept(_not_there(request, release))
    if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return _never_kept(response)
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ("Accept-Encoding",))
    return response


@functools.cache
def build() -> str:
    """Return a fingerprint of what makes pages besides the release: templates, code, translations and the front end."""
    web = Path(__file__).resolve().parents[1]
    made_of = [
        *web.rglob("*.py"),
        *web.rglob("templates/**/*.html"),
        *web.parent.glob("locale/*/LC_MESSAGES/*.mo"),
        *web.rglob("*.toml"),
        *web.rglob("*.typ"),
        *web.glob("theme/static/dist/*.json"),
    ]
    told = hashlib.sha256()
    for path in sorted(made_of):
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()[:16]


def _refused(request: HttpRequest, release: Release, said: str) -> HttpResponse:
    context = {
        "code": 400,
        "title": _("This address cannot be read"),
        "text": said,
        "hint": _("Change it, or begin again from the page without filters."),
        "again_url": request.path,
    }
    return render(request, "portal/error.html", frame(request, release, "") | context, status=400)


def _not_there(request: HttpRequest, release: Release) -> HttpResponse:
    context = {
        "code": 404,
        "title": _("There is nothing at this address"),
        "text": _("The line, supplier or page is not in the release that is shown."),
        "hint": _("Releases are numbered: what has left a later one can be found in an earlier one."),
    }
    return render(request, "portal/error.html", frame(request, release, "") | context, status=404)


def _never_kept(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response
