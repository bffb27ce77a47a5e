"""Archives and compressed files: what they hold, unpacked in memory within limits. No path of an archive is ever written to."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatch

from rasad.ledger.mapping import FileRule
from rasad.ledger.phrases import CHECK_SUM, CUT_OFF, INSIDE, LOCKED
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.read import limits
from rasad.ledger.read.cells import too_large

_STEP = 1 << 20
EITHER = " ≟ "
"""Stands between the two names that a member may have."""
_NO_PERSIAN = re.compile("[^\x00-\x7f\u0600-\u06ff\u200c\u200f]")
_MIXED = re.compile("[A-Za-z][\u0620-\u06ff]|[\u0620-\u06ff][A-Za-z]")
_SELDOM = frozenset("ٹڈڑںھہےةإأئؤءظضذثغ")
_SURE = 0.15
"""How much stranger one reading of a name must be for the other to be certain."""
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
        names = info.filename.split(EITHER)
        if not any(fnmatch(one, pattern) for one in names for pattern in rule.members):
            yield info.filename, None
            continue
        body = b"".join(stream(archive, info, name, left))
        left -= len(body)
        yield info.filename, body


def _as_written(info: zipfile.ZipInfo) -> str:
    """Return a member's name as the office sees it, where the archive does not say in which encoding it is.

    Some programs write it in UTF-8 and do not say so; nothing else is valid UTF-8 by chance. Others write it in the code page of the system, which
    for a Persian name is windows-1256 or that of DOS: the one in which all of it is Persian letters; where that is true of both, both are named.
    """
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeError:
        return info.filename
    with suppress(UnicodeError):
        return raw.decode()
    readings = []
    for page in ("windows-1256", "cp720"):
        with suppress(UnicodeError):
            readings.append(raw.decode(page))
    persian = sorted(filter(_is_persian, readings), key=_strangeness)
    if len(persian) == 2 and _strangeness(persian[1]) - _strangeness(persian[0]) < _SURE:
        return EITHER.join(persian)
    return persian[0] if persian else info.filename


def _is_persian(name: str) -> bool:
    """Whether all that is not ASCII in a name are Persian letters in words of their own."""
    return not _NO_PERSIAN.search(name) and not _MIXED.search(name)


def _strangeness(name: str) -> float:
    """Return how many of a name's Persian letters are those that Persian has seldom or not."""
    letters = [char for char in name if char > "\x7f"]
    return sum(char in _SELDOM for char in letters) / max(1, len(letters))


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
