"""Watches what a piece of work does to files, one system call after another, and can kill it with SIGKILL before any of them.

Python's own hooks do not see what compiled libraries write; the kernel does. The work runs in a forked process under ptrace, all its threads
with it. A filter of the kernel's (seccomp) stops it at these calls alone; where there is none, it is stopped at every call, which takes far
longer. Linux on x86-64 and on 64-bit ARM.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_X86, _ARM = 0xC000003E, 0xC00000B7
# Name → number on x86-64 and on ARM (0: there is none), which argument holds the file (or folder), and whether it is a descriptor.
_CALLS: dict[str, tuple[int, int]] = {
    "write": (1, 64), "open": (2, 0), "pwrite64": (18, 68), "writev": (20, 66), "sendfile": (40, 71),
    "fsync": (74, 82), "fdatasync": (75, 83), "truncate": (76, 45), "ftruncate": (77, 46), "rename": (82, 0),
    "mkdir": (83, 0), "rmdir": (84, 0), "creat": (85, 0), "link": (86, 0), "unlink": (87, 0), "symlink": (88, 0),
    "chmod": (90, 0), "fchmod": (91, 52), "openat": (257, 56), "mkdirat": (258, 34), "unlinkat": (263, 35),
    "renameat": (264, 38), "linkat": (265, 37), "symlinkat": (266, 36), "fchmodat": (268, 53), "fallocate": (285, 47),
    "pwritev": (296, 70), "renameat2": (316, 276), "copy_file_range": (326, 285), "pwritev2": (328, 287),
}  # fmt: skip
_NAMES = {
    _X86: {numbers[0]: name for name, numbers in _CALLS.items()},
    _ARM: {numbers[1]: name for name, numbers in _CALLS.items() if numbers[1]},
}
_BY_DESCRIPTOR = frozenset(
    "write pwrite64 writev fsync fdatasync ftruncate fchmod fallocate pwritev pwritev2".split()
)
_OUT = {"sendfile": 0, "copy_file_range": 2}
_OPENS = {"open": (0, 1), "openat": (1, 2)}
_ONE_PATH = {
    "truncate": 0,
    "mkdir": 0,
    "rmdir": 0,
    "creat": 0,
    "unlink": 0,
    "chmod": 0,
    "mkdirat": 1,
    "unlinkat": 1,
    "fchmodat": 1,
}
_TWO_PATHS = {"rename": (0, 1), "link": (0, 1), "symlink": (0, 1), "renameat": (1, 3), "renameat2": (1, 3), "linkat": (1, 3), "symlinkat": (0, 2)}  # fmt: skip

_TRACEME, _CONTINUE, _SYSCALL, _SETOPTIONS, _SYSCALL_INFO = 0, 7, 24, 0x4200, 0x420E
# Mark stops at system calls, follow threads, stop where the filter says so, kill the work when its watcher ends.
_OPTIONS = 0x1 | 0x8 | 0x80 | 0x100000
_ALL = 0x40000000
_ENTRY, _FILTERED = 1, 3
_FILTER_STOP = signal.SIGTRAP | 7 << 8
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_TO_WATCHER, _ALLOWED = 0x7FF00000, 0x7FFF0000
_LOAD, _EQUAL, _ANSWER = 0x20, 0x15, 0x06

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long
_libc.prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]


class NoWatching(Exception):
    """This system lets no process watch another."""


class _Stop(ctypes.Structure):
    _fields_ = [
        ("op", ctypes.c_uint8),
        ("pad", ctypes.c_uint8 * 3),
        ("arch", ctypes.c_uint32),
        ("pointers", ctypes.c_uint64 * 2),
        ("number", ctypes.c_uint64),
        ("args", ctypes.c_uint64 * 6),
        ("more", ctypes.c_uint64 * 2),
    ]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("first", ctypes.c_void_p)]


def _filter() -> tuple[_Program, ctypes.Array[ctypes.c_char]]:
    """Return a filter that stops at the calls that are watched for, and the memory that holds it.

    An instruction is a code, how many to skip where the comparison holds and where not, and a value. What is of another architecture, where
    the numbers mean other calls, is stopped too: the watcher refuses it.
    """
    arch = {"x86_64": _X86, "aarch64": _ARM}[os.uname().machine]
    numbers = sorted(_NAMES[arch])
    lines = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, len(numbers) + 2, arch),
        (_LOAD, 0, 0, 0),
        *((_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_ANSWER, 0, 0, _ALLOWED),
        (_ANSWER, 0, 0, _TO_WATCHER),
    ]
    memory = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    return _Program(len(lines), ctypes.addressof(memory)), memory


@dataclass(frozen=True)
class Step:
    """One system call that changes files, or makes a change last: its name, the file it is about, and where that goes."""

    call: str
    path: Path
    to: Path | None = None


@dataclass(frozen=True)
class Watched:
    """The steps that were begun, and how the work ended: its exit code, or minus the signal."""

    steps: list[Step]
    ended: int


def watch(
    work: Callable[[], None],
    under: Path,
    *,
    kill_before: int | None = None,
    each: Callable[[Step], None] | None = None,
) -> Watched:
    """Run `work` in a forked process; return its steps on files under a folder.

    kill_before: the number (from 0) of the step before which all of it is killed. each: called before every step, while the thread that
    is about to take it stands still. NoWatching where the system forbids it.
    """
    pid, go_on = _begin(work)
    steps: list[Step] = []
    ended: int | None = None
    try:
        while ended is None:
            thread, status = os.waitpid(-1, _ALL)
            if os.WIFEXITED(status) or os.WIFSIGNALED(status):
                if thread == pid:
                    ended = os.waitstatus_to_exitcode(status)
                continue
            deliver = os.WSTOPSIG(status)
            if deliver == signal.SIGTRAP | 0x80 or status >> 8 == _FILTER_STOP:
                deliver = 0
                step = _step(thread, under)
                if step is not None:
                    if len(steps) == kill_before:
                        os.kill(pid, signal.SIGKILL)
                        continue
                    steps.append(step)
                    if each:
                        each(step)
            elif deliver in (signal.SIGTRAP, signal.SIGSTOP):
                # A new thread, and what announces it.
                deliver = 0
            # It may have been killed meanwhile.
            _libc.ptrace(go_on, thread, None, deliver)
    finally:
        if ended is None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    return Watched(steps, ended)


def apart(work: Callable[[], None]) -> int:
    """Run `work` in a forked process, unwatched; return its exit code: 0, or 1 with the traceback on standard error."""
    pid = os.fork()
    if not pid:
        _run(work)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _begin(work: Callable[[], None]) -> tuple[int, int]:
    """Return the number of the process that works, and the request that lets it go on until it is stopped again."""
    pid = os.fork()
    if not pid:
        if _libc.ptrace(_TRACEME, 0, None, None) < 0:
            os._exit(77)
        # Which signal it waits with says whether it has its filter.
        os.kill(os.getpid(), signal.SIGUSR1 if _filtered() else signal.SIGSTOP)
        _run(work)
    _, status = os.waitpid(pid, _ALL)
    if not os.WIFSTOPPED(status) or _libc.ptrace(_SETOPTIONS, pid, None, _OPTIONS) < 0:
        raise NoWatching
    go_on = _CONTINUE if os.WSTOPSIG(status) == signal.SIGUSR1 else _SYSCALL
    _libc.ptrace(go_on, pid, None, None)
    return pid, go_on


def _filtered() -> bool:
    """Put this process under the filter, for good; return False where the system has none."""
    program, _memory = _filter()
    return (
        _libc.prctl(_NO_NEW_PRIVILEGES, 1, None, 0, 0) == 0
        and _libc.prctl(_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0) == 0
    )


def _run(work: Callable[[], None]) -> None:
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _step(thread: int, under: Path) -> Step | None:
    """Return the step that a stopped thread is about to take; None where it leaves no system call's beginning, or no file there."""
    stop = _Stop()
    if _libc.ptrace(_SYSCALL_INFO, thread, ctypes.sizeof(stop), ctypes.byref(stop)) <= 0:
        return None
    if stop.op not in (_ENTRY, _FILTERED):
        return None
    if stop.arch not in _NAMES:
        raise NoWatching
    call = _NAMES[stop.arch].get(stop.number)
    if call is None:
        return None
    to = None
    if call in _BY_DESCRIPTOR or call in _OUT:
        path = _of_descriptor(thread, stop.args[_OUT.get(call, 0)])
    elif call in _OPENS:
        path_at, flags_at = _OPENS[call]
        if not stop.args[flags_at] & (os.O_CREAT | os.O_TRUNC):
            return None
        path = _of_text(thread, stop.args[path_at])
    elif call in _ONE_PATH:
        path = _of_text(thread, stop.args[_ONE_PATH[call]])
    else:
        first, second = _TWO_PATHS[call]
        path, to = _of_text(thread, stop.args[first]), _of_text(thread, stop.args[second])
    if path is None or not (path == under or under in path.parents):
        return None
    return Step(call, path, to)


def _of_descriptor(thread: int, descriptor: int) -> Path | None:
    try:
        return Path(f"/proc/{thread}/fd/{descriptor}").readlink()
    except OSError:
        return None


def _of_text(thread: int, address: int) -> Path | None:
    """Return the path at the address; the work names its files in full."""
    try:
        with Path(f"/proc/{thread}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            text = memory.read(4096)
    except (OSError, OverflowError):
        return None
    return Path(os.fsdecode(text.partition(b"\0")[0]))
