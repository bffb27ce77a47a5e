"""Files that were handed in: kept under their hash in the home's folder `uploads`, bounded in size, never executed."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.records.models import Account, Upload

LARGEST = 1024**3
"""Bytes that a file may have."""
NAME_BYTES = 180
"""Bytes that a file's name may have on the disk; what comes before is cut, so that its ending stays."""


def keep(*, home: Path, name: str, chunks: Iterable[bytes], by: Account, largest: int = LARGEST) -> Upload:
    """Keep a file and return its record. ValidationError where it is empty or too large; then nothing of it stays."""
    folder = home / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    passing = folder / f".{uuid.uuid4()}"
    digest, size = hashlib.sha256(), 0
    try:
        # Readable by its owner alone, and executable by nobody.
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise ValidationError(
                        _("The file is larger than %(size)s MB.") % {"size": largest // 1024**2}
                    )
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise ValidationError(_("The file is empty."))
        upload = Upload(account=by, name=plain_name(name), sha256=digest.hexdigest(), size=size)
        kept = path_of(home, upload)
        kept.parent.mkdir(parents=True, exist_ok=True)
        passing.replace(kept)
    finally:
        passing.unlink(missing_ok=True)
    upload.save(force_insert=True)
    return upload


def find(key: str) -> Upload:
    """Return the upload of an id. ValidationError where there is none."""
    try:
        return Upload.objects.get(pk=uuid.UUID(key))
    except (ValueError, Upload.DoesNotExist):
        raise ValidationError(_("This file was not handed in, or is not kept any more.")) from None


def forget(*, home: Path, upload: Upload) -> None:
    """Take back a file that was kept for nothing: its record, and its bytes where nobody else handed in the same."""
    path = path_of(home, upload)
    upload.delete()
    if not Upload.objects.filter(sha256=upload.sha256, name=upload.name).exists():
        path.unlink(missing_ok=True)


def path_of(home: Path, upload: Upload) -> Path:
    """Return where an upload's bytes are: in a folder of its hash, under its own name, for receipts tell a file's name."""
    return home / "uploads" / upload.sha256[:2] / upload.sha256 / upload.name


def plain_name(name: str) -> str:
    """Return a file's name with nothing in it that a path or a terminal could take for more than a name."""
    plain = re.sub(r"[\x00-\x1f\x7f/\\:]", "_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    while len(plain.encode()) > NAME_BYTES:
        plain = plain[1:]
    return plain or "file"
