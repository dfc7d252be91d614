"""A local AWS as a process of its own over a state folder, to be stopped, killed and started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

REGION = "eu-west-1"
_SOURCE = Path(__file__).resolve().parents[2] / "src"
CONFIG = Config(
    retries={"total_max_attempts": 1},
    max_pool_connections=32,
    s3={"addressing_style": "path"},
    read_timeout=120,
)


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    facts: dict[str, Any]

    def session(self) -> boto3.Session:
        """A session of the bootstrap user."""
        key = self.facts["bootstrap"]
        return boto3.Session(key["access_key_id"], key["secret_access_key"], region_name=REGION)

    def client(self, service: str, session: boto3.Session | None = None) -> Any:
        """A client that takes the first answer as it comes."""
        chosen = session or self.session()
        return chosen.client(service, endpoint_url=self.facts["endpoint"], config=CONFIG)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()

    def stop(self) -> int:
        """Stop it in order."""
        self.process.terminate()
        return self.process.wait(timeout=120)


def start(state: Path, *, limit: str = "") -> Server:
    """Start a server; `limit` is a command of the shell that runs before it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    command = [sys.executable, "-m", "landrail.localaws", "--state", str(state)]
    if limit:
        command = ["sh", "-c", f'{limit}; exec "$@"', "sh", *command]
    process = subprocess.Popen(
        command, env={**kept, "PYTHONPATH": str(_SOURCE)}, stdout=subprocess.DEVNULL
    )
    file = state / "server.json"
    for _ in range(2400):
        if process.poll() is not None:
            log = state / "server.log"
            raise RuntimeError(f"no server: {log.read_text() if log.exists() else ''}")
        if file.exists():
            facts = json.loads(file.read_text())
            if facts["pid"] == process.pid:
                return Server(process, facts)
        time.sleep(0.02)
    process.kill()
    raise RuntimeError("the server did not become ready")
