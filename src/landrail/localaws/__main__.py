"""`python -m landrail.localaws --state DIR [--port N]`: the local AWS as a process.

Clears every `AWS_*` variable before anything is imported that might read them.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path


def _forget_ambient() -> None:
    for name in [n for n in os.environ if n.startswith(("AWS_", "BOTO_"))]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


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
    print(local.endpoint, flush=True)  # noqa: T201 - the starter waits for it
    local.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
