"""A command with a service of ours around it.

It is told where the service is, and it ends before the service does. Standard library only.
"""

import os
import signal
import socket
import subprocess
from typing import NoReturn


def free_port() -> int:
    """Of 127.0.0.1; nobody holds it, so it is to be used at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_when_told() -> None:
    """SIGTERM and SIGHUP unwind like an exception, so that what was started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)


def run(command: list[str], **told: str) -> int:
    """The command's exit code; ``told`` is added to its environment. It ends before we do, however we are asked to."""
    process = subprocess.Popen(command, env={**os.environ, **told})
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)
