"""`python -m landrail.localaws --state DIR [--port N]`: the local AWS as a process.

Clears every `AWS_*` variable before anything is imported that might read them.
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

_LOOK_SECONDS = 1.0
_ARENAS, _MAPPED, _TRIMMED = -8, -3, -1
"""`M_ARENA_MAX`, `M_MMAP_THRESHOLD` and `M_TRIM_THRESHOLD` of glibc's `mallopt`."""
_LARGE = 128 * 1024


def _forget_ambient() -> None:
    for name in [n for n in os.environ if n.startswith(("AWS_", "BOTO_"))]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def _keep_small() -> None:
    """Let all threads share one heap. glibc gives each of them its own, and what one has freed the
    others do not use: a fifth of the server's memory was that. What is large goes back to the
    system when it is freed: left to itself, glibc counts ever larger blocks among the small."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, value in ((_ARENAS, 1), (_MAPPED, _LARGE), (_TRIMMED, _LARGE)):
            mallopt(setting, value)


def main() -> int:
    """Serve until told to stop; exit code 3 where the state folder is in use, 4 where it cannot be
    used."""
    parser = argparse.ArgumentParser(prog="python -m landrail.localaws")
    parser.add_argument("--state", type=Path, required=True, help="the state folder")
    parser.add_argument("--port", type=int, help="port (4510, or any free one)")
    arguments = parser.parse_args()
    state: Path = arguments.state.resolve()
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    logging.basicConfig(
        filename=state / "server.log",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    _forget_ambient()
    _keep_small()
    return _serve(state, arguments.port)


def _serve(state: Path, port: int | None) -> int:
    # Loaded late: botocore reads the environment when it is imported.
    from landrail import __version__
    from landrail.localaws.gateway.opening import Unusable
    from landrail.localaws.gateway.server import LocalAws
    from landrail.localaws.gateway.state import Occupied
    from landrail.localaws.services import SERVICES

    try:
        local = LocalAws(state, SERVICES, version=__version__, port=port)
    except Occupied as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - for whoever started it
        return 3
    except Unusable as error:
        print(f"unusable: {error}", file=sys.stderr)  # noqa: T201 - for whoever started it
        return 4
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: local.stop())
    _end_without(state)
    print(local.endpoint, flush=True)  # noqa: T201 - the starter waits for it
    local.run()
    return 0


def _end_without(state: Path) -> None:
    """End when the state folder is deleted or moved away: nobody finds this process any more. It
    ends as by a kill, which what was answered survives, for there is no place to write to."""
    folder = os.open(state, os.O_RDONLY | os.O_DIRECTORY)

    def watch() -> None:
        while _is(folder, state):
            time.sleep(_LOOK_SECONDS)
        logging.getLogger(__name__).error("the state folder %s is gone: ending", state)
        os._exit(1)

    threading.Thread(target=watch, name="folder", daemon=True).start()


def _is(folder: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(folder), path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # nobody can tell at the moment


if __name__ == "__main__":
    sys.exit(main())
