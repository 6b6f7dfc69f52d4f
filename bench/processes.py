"""Processes as the kernel tells of them: who descends from whom, what they used, which core is theirs."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
# Places of the fields after the command's name (proc_pid_stat(5), from 0).
_STATE, _PARENT, _OWN, _REAPED = 0, 1, slice(11, 13), slice(13, 15)


def parent_of(pid: int) -> int:
    """The process that a process descends from.

    Raises:
        ProcessLookupError: there is no such process any more.
    """
    return int(_stat(pid)[_PARENT])


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that live."""
    found = []
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            try:
                fields = _stat(int(folder.name))
            except ProcessLookupError:
                continue
            if int(fields[_PARENT]) == pid and fields[_STATE] != "Z":
                found.append(int(folder.name))
    return sorted(found)


def family_of(pid: int) -> list[int]:
    """A process and its children: a web server with its workers, a database with its backends."""
    return [pid, *children_of(pid)]


def cpu_seconds(pid: int) -> float:
    """What a process, its children and those that it has buried have used, in seconds."""
    total = sum(map(int, _stat(pid)[_REAPED]))
    for one in family_of(pid):
        try:
            total += sum(map(int, _stat(one)[_OWN]))
        except ProcessLookupError:
            continue  # it ended meanwhile; its parent tells of it next time
    return total * _TICK


def pin(pids: Collection[int], core: int) -> None:
    """Let processes run on one core alone; what they start later stays there too."""
    for pid in pids:
        os.sched_setaffinity(pid, {core})


def cores() -> list[int]:
    """The cores that this process may run on."""
    return sorted(os.sched_getaffinity(0))


def _stat(pid: int) -> list[str]:
    try:
        said = Path(_PROC, str(pid), "stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        raise ProcessLookupError(pid) from None
    return said.rpartition(")")[2].split()
