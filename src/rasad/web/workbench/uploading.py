"""How much may be sent to the workbench: files by whoever takes files in, and next to nothing by anybody else.

Files stream to the disk while they arrive. A request that is too large is refused by what it says of its length, before a byte of it is read.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from rasad.actions.uploads import LARGEST
from rasad.web.workbench.allowed import may

OF_ANYBODY = 1024**2
"""Bytes of a request with files by somebody who takes none in."""
OF_HANDING_IN = 2 * LARGEST
"""Bytes of all files that are handed in together."""
OF_A_ROADMAP = 21 * 1024**2
"""Bytes of a request with a scenario's problem or its sheet, which the forms take up to 20 MB of."""
TAKES_FILES = {"imports.write": OF_HANDING_IN, "bulk.write": OF_HANDING_IN, "roadmap.write": OF_A_ROADMAP}
"""Ability → bytes of a request with files by whoever has it."""


class Bounded(TemporaryFileUploadHandler):
    """Writes files to the disk as they come, within bounds."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse a request that is too large for whoever sends it (400)."""
        user = getattr(self.request, "user", None)
        largest = OF_ANYBODY
        if user is not None and user.is_authenticated:
            held = [most for ability, most in TAKES_FILES.items() if may(self.request, ability)]  # type: ignore[arg-type]
            largest = max(held, default=OF_ANYBODY)
        if content_length > largest:
            raise BadRequest(_("What was sent is larger than %(size)s MB.") % {"size": largest // 1024**2})
