"""Where ffmpeg runs: without network, below limits, and where the system allows it, seeing two folders only.

`bwrap` shows it the source and the output folder and nothing else of this machine; `unshare` takes the network alone.
Both need user namespaces, which some containers lack: then it runs with limits only, and the log says so.
"""

import ctypes
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from media.domain import binaries

log = logging.getLogger(__name__)
MODES = ("bwrap", "unshare", "none")
MEMORY_BYTES = 4 * 1024**3
FILE_BYTES = 4 * 1024**3
OPEN_FILES = 256
NICENESS = 10
PR_SET_PDEATHSIG = 1  # prctl(2)
SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin", "/etc/alternatives", "/etc/ld.so.cache")


@dataclass(frozen=True)
class Sandbox:
    """`prefix` stands before ffmpeg's own arguments; `source` and `target` are the paths as ffmpeg sees them."""

    prefix: tuple[str, ...]
    source: str
    target: str


def sandbox(source: Path, target: Path) -> Sandbox:
    """For one run that reads the file `source` and writes below the folder `target`.

    `source` should have a name without extension, because ffmpeg also guesses from names.
    """
    mode = mode_for(settings.TRANSCODE_SANDBOX)
    if mode == "bwrap":
        return Sandbox(_bubble(source.resolve(), target.resolve()), "/in/src", "/out")
    prefix = ("unshare", "-rn") if mode == "unshare" else ()
    return Sandbox((*prefix, binaries.ffmpeg()), str(source.absolute()), str(target.absolute()))


@cache
def mode_for(wanted: str) -> str:
    """The strongest mode that works here for "auto", or the wanted one; ImproperlyConfigured when it does not work."""
    if wanted == "auto":
        mode = next(mode for mode in MODES if _works(mode))
        if mode != "bwrap":
            log.warning("ffmpeg runs in the sandbox mode %r: install bubblewrap and allow user namespaces", mode)
        return mode
    if wanted not in MODES or not _works(wanted):
        raise ImproperlyConfigured(f"TRANSCODE_SANDBOX={wanted} does not work on this machine.")
    return wanted


def limits_for(cpu_seconds: int) -> Callable[[], None]:
    """What the child does between fork and exec: limits, politeness, and to die with the worker that started it."""
    parent = os.getpid()

    def apply() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(NICENESS)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # it died between the fork and the line above
                os._exit(1)

    return apply


def _bubble(source: Path, target: Path) -> tuple[str, ...]:
    program = Path(binaries.ffmpeg()).resolve()
    return (
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session"),
        *(part for folder in SYSTEM_FOLDERS for part in ("--ro-bind-try", folder, folder)),
        *("--ro-bind", str(program.parent), str(program.parent)),
        *("--proc", "/proc", "--dev", "/dev", "--ro-bind", str(source), "/in/src", "--bind", str(target), "/out"),
        *("--chdir", "/out", "--cap-drop", "ALL", "--clearenv", str(program)),
    )


def _works(mode: str) -> bool:
    if mode == "none":
        return True
    start = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--cap-drop", "ALL"]
    command = [*(start if mode == "bwrap" else ["unshare", "-rn"]), "true"]
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False, timeout=20).returncode == 0
