"""The hook for a virus scanner: a command by setting, off by default. A file that could not be checked is refused."""

import logging
import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from school.kernel.errors import InvalidInput

log = logging.getLogger(__name__)
CLEAN, INFECTED = 0, 1  # as clamscan and clamdscan say it
TIMEOUT_SECONDS = 900
FOUND = "杀毒软件在这个文件里发现了病毒，文件没有保存。请先在自己的电脑上杀毒，再重新导出上传。"
UNCHECKED = "暂时无法检查文件是否带有病毒，所以没有保存。请稍后再传；若仍不行，请联系系统管理员。"


def scan(path: Path) -> None:
    """Run VIRUS_SCAN_COMMAND over a file; without that setting nothing happens.

    Raises InvalidInput with code "infected" for exit status 1, and with "unscanned" for anything else but 0.
    """
    if not settings.VIRUS_SCAN_COMMAND:
        return
    command = [part.replace("{file}", str(path.resolve())) for part in shlex.split(settings.VIRUS_SCAN_COMMAND)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, stdin=subprocess.DEVNULL, env={}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.exception("the virus scanner did not run")
        raise InvalidInput(UNCHECKED, fields={"file": UNCHECKED}, code="unscanned") from error
    if done.returncode == INFECTED:
        log.warning("the virus scanner refused an upload: %s", done.stdout[-300:].decode(errors="replace"))
        raise InvalidInput(FOUND, fields={"file": FOUND}, code="infected")
    if done.returncode != CLEAN:
        log.error("the virus scanner ended with %s: %s", done.returncode, done.stderr[-300:].decode(errors="replace"))
        raise InvalidInput(UNCHECKED, fields={"file": UNCHECKED}, code="unscanned")
