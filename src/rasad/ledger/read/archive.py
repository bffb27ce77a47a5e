"""Archives and compressed files: what they hold, unpacked in memory within limits. No path of an archive is ever written to."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from fnmatch import fnmatch

from rasad.ledger.mapping import FileRule
from rasad.ledger.phrases import CHECK_SUM, CUT_OFF, INSIDE, LOCKED
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import too_large

_STEP = 1 << 20
# What systems put into archives besides the files one meant.
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|~\$[^/]*$|\.[^./\\]|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def unpacked(raw: bytes, name: str) -> bytes:
    """Return what a file compressed with gzip holds. FileError where it is damaged or too large."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            # A small file can unpack to any size; one byte too many is enough to know.
            most = most_of(len(raw))
            body = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError(Problem("file_damaged", file=name, found=damage(error))) from error
    if len(body) > most:
        raise _too_much(name, most)
    return body


def opened(raw: bytes, name: str) -> zipfile.ZipFile:
    """Return the archive. FileError where it is damaged, or has more files than an office packs."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise FileError(Problem("file_damaged", file=name, found=damage(error))) from error
    if len(archive.infolist()) > limits.MAX_MEMBERS:
        found, most = str(len(archive.infolist())), str(limits.MAX_MEMBERS)
        raise FileError(Problem("too_many_files", file=name, found=found, expected=most))
    return archive


def members(archive: zipfile.ZipFile, name: str, rule: FileRule) -> Iterator[tuple[str, bytes | None]]:
    """Yield path and content of each file in the archive, in its order; None as content where the mapping leaves it out.

    FileError where a path leads outside the archive, two files have one name, or together they are too large.
    """
    for info in archive.infolist():
        info.filename = _as_written(info)
    wanted = [info for info in archive.infolist() if not info.is_dir() and not _CLUTTER.search(info.filename)]
    seen: set[str] = set()
    for info in wanted:
        path = info.filename
        if _leads_outside(info):
            raise FileError(Problem("zip_path", file=name, found=path))
        if path in seen:
            raise FileError(Problem("zip_twice", file=name, found=path))
        seen.add(path)
    left = most_of(sum(info.compress_size for info in wanted))
    for info in wanted:
        if not any(fnmatch(info.filename, pattern) for pattern in rule.members):
            yield info.filename, None
            continue
        body = b"".join(stream(archive, info, name, left))
        left -= len(body)
        yield info.filename, body


def _as_written(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Some programs write it in UTF-8 and do not say so; nothing else is valid UTF-8 by chance."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def stream(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, left: int) -> Iterator[bytes]:
    """Yield a member's content in steps. FileError as soon as it is more than `left` bytes, whatever the archive claims."""
    if info.flag_bits & 1:
        raise FileError(Problem("file_kind", file=f"{name}/{info.filename}", found=LOCKED, expected="CSV, …"))
    size = 0
    try:
        with archive.open(info) as file:
            while step := file.read(_STEP):
                size += len(step)
                if size > left:
                    packed = sum(one.compress_size for one in archive.infolist())
                    raise _too_much(f"{name}/{info.filename}", most_of(packed))
                yield step
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise FileError(
            Problem("file_damaged", file=f"{name}/{info.filename}", found=damage(error))
        ) from error


def damage(error: BaseException) -> str:
    """Return how a file is damaged, as far as its reader can tell."""
    text = str(error)
    if isinstance(error, EOFError) or re.search(
        "not a zip file|central directory|end-of-stream|truncated", text, re.I
    ):
        return CUT_OFF
    return CHECK_SUM if re.search("crc|check", text, re.I) else INSIDE


def _too_much(name: str, most: int) -> FileError:
    """Return the error for what unpacks to more than it may: to more than any file, or to too many times its size."""
    if most >= limits.MAX_BYTES:
        return too_large(name, most)
    return FileError(Problem("too_packed", file=name, expected=str(limits.MAX_RATIO)))


def most_of(packed: int) -> int:
    """Return how many bytes may come out of so many packed ones."""
    return min(limits.MAX_BYTES, max(limits.RATIO_FROM, packed * limits.MAX_RATIO))


def _leads_outside(info: zipfile.ZipInfo) -> bool:
    path = info.filename.replace("\\", "/")
    link = (info.external_attr >> 16) & 0o170000 == 0o120000
    return link or path.startswith("/") or ".." in path.split("/") or bool(re.match("[A-Za-z]:", path))
