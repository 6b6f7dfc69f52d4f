"""Run a PDF engine as a process of its own: bounded in time, without our secrets, leaving nothing."""

import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Sequence

from epa.errors import PlumblineError

logger = logging.getLogger(__name__)

# What an engine needs to find programs, fonts and their cache. Keys and database addresses that
# stand in our own environment are nothing to it.
PASSED_ON = (
    "PATH",
    "HOME",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
)


class PdfFailed(PlumblineError):
    """The document could not be made as a PDF; the message may be shown to the person asking."""


def run_engine(name: str, command: Sequence[str], *, given: bytes, timeout: float) -> bytes:
    """Feed one engine and return what it wrote.

    Args:
        name: The engine's name for messages.
        command: Program and arguments; it reads standard input and writes a PDF to standard output.
        given: What is fed on standard input.
        timeout: Seconds after which the engine and all it started are ended.

    Returns:
        The PDF.

    Raises:
        PdfFailed: The engine is missing, hung, went wrong or wrote something else than a PDF.
    """
    with tempfile.TemporaryDirectory(prefix="plumbline-pdf-", ignore_cleanup_errors=True) as folder:
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of our own making, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
        except OSError as fault:
            raise PdfFailed(f"The PDF engine {name} could not be started.") from fault
        with process:
            try:
                written, said = process.communicate(given, timeout=timeout)
            except subprocess.TimeoutExpired as fault:
                raise PdfFailed(
                    f"The PDF engine {name} did not finish within {timeout:g} seconds."
                ) from fault
            finally:
                _end(process)
    if process.returncode != 0 or not written.startswith(b"%PDF-"):
        # What an engine says may quote the document, so only its length reaches the log.
        logger.error("%s ended with %s and %d bytes of errors", name, process.returncode, len(said))
        raise PdfFailed(f"The PDF engine {name} could not make this document.")
    return written


def _environment(folder: str) -> dict[str, str]:
    """What the engine sees: a private temporary folder and a language that knows every script."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    private = {"TMPDIR": folder, "XDG_RUNTIME_DIR": folder, "LC_ALL": "C.UTF-8"}
    return kept | private | {"QT_QPA_PLATFORM": "offscreen"}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End whatever the engine left running; it leads a process group of its own."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
