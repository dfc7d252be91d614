"""Time until a local AWS answers again: from its snapshot, and by replaying its whole journal.

    python benchmarks/restart.py [--json] [--accounts N ...] [--calls N] [--state FOLDER ...]

For platforms of N accounts (5 and 62 by default), applied by the command that users run, and for a
folder with so many calls that each change something (20,000), the server is started three times
from the snapshot and three times without it, alternately, each time killed afterwards. `--state`
measures a copy of a folder that is there already, such as the demo's. The best of three counts;
`ratio` is what the snapshot saves.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from apply import document, run

from landrail.localaws.store import Store

_ROUNDS = 3
_SNAPSHOT = "journal.snapshot"
_ACCOUNT = "210987654321"
_REGION = "eu-west-1"
_TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@dataclass(frozen=True)
class Measured:
    """One row: a state folder. Seconds until the server is ready, and CPU seconds until then."""

    state: str
    requests: int
    snapshot_mb: float
    snapshot_s: float
    snapshot_cpu_s: float
    replay_s: float
    replay_cpu_s: float
    ratio: float


def measure(name: str, state: Path) -> Measured:
    """Start a server over a stopped folder again and again, with its snapshot and without."""
    kept = state / _SNAPSHOT
    aside = state / "aside"
    size = kept.stat().st_size
    shutil.copyfile(kept, aside)
    with_it, without = [], []
    for _ in range(_ROUNDS):
        shutil.copyfile(aside, kept)
        kept.chmod(0o600)
        with_it.append(started(state))
        kept.unlink(missing_ok=True)
        without.append(started(state))
    one, all_ = min(with_it), min(without)
    with sqlite3.connect(state / "journal.sqlite") as journal:
        (requests,) = journal.execute("SELECT COUNT(*) FROM requests").fetchone()
    return Measured(
        name,
        requests,
        round(size / 1e6, 1),
        round(one[0], 2),
        round(one[1], 2),
        round(all_[0], 2),
        round(all_[1], 2),
        round(all_[0] / one[0], 1),
    )


def started(state: Path) -> tuple[float, float]:
    """Start a server, kill it once it is ready; return the seconds and CPU seconds until then."""
    (state / "server.json").unlink(missing_ok=True)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "landrail.localaws", "--state", str(state)],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not (state / "server.json").exists():
            if process.poll() is not None:
                raise SystemExit((state / "server.log").read_text())
            time.sleep(0.005)
        return time.monotonic() - began, _cpu(process.pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def applied(accounts: int, folder: Path) -> Path:
    """Apply a platform of so many accounts, stop its server, and return its state folder."""
    folder.mkdir()
    (folder / "landrail.yaml").write_text(document(accounts), encoding="utf-8")
    run(folder, "apply", "--auto-approve", "--json")
    run(folder, "local", "stop")
    return folder / ".landrail"


def busy(calls: int, state: Path) -> Path:
    """Make a folder with so many calls that change something, and return it."""
    state.mkdir(mode=0o700)
    _start_and_stop(state)
    pid = os.fork()
    if pid == 0:
        store = Store(state, (state / "secret").read_text().strip().encode())
        _make(store, calls)
        store.close()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if status:
        raise SystemExit("the calls could not be made")
    return state


def _start_and_stop(state: Path) -> None:
    (state / "server.json").unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "landrail.localaws", "--state", str(state)],
        stdout=subprocess.DEVNULL,
    )
    while not (state / "server.json").exists():
        time.sleep(0.02)
    process.terminate()
    process.wait()


def _make(store: Store, calls: int) -> None:
    where = {"LocationConstraint": _REGION}
    bucket = {"Bucket": "bench-restart", "CreateBucketConfiguration": where}
    store.execute(_ACCOUNT, _REGION, "s3", "CreateBucket", bucket)
    for number in range(calls - 1):
        service, operation, params = _call(number)
        store.execute(_ACCOUNT, _REGION, service, operation, params)


def _call(number: int) -> tuple[str, str, dict[str, object]]:
    name = f"bench-{number}"
    if number % 10 == 0:
        return "iam", "CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": _TRUST}
    if number % 3 == 0:
        body = {"Bucket": "bench-restart", "Key": name, "Body": name.encode() * 100}
        return "s3", "PutObject", body
    value = {"Name": f"/bench/{number % 2000}", "Value": name, "Type": "String"}
    return "ssm", "PutParameter", value | {"Overwrite": True}


def rows(options: argparse.Namespace, folder: Path) -> Iterator[Measured]:
    """Yield a row for each state."""
    for number, given in enumerate(options.state):
        copied = folder / f"given-{number}"
        shutil.copytree(given, copied)
        if not (copied / _SNAPSHOT).exists():
            _start_and_stop(copied)
        yield measure(str(given), copied)
    for accounts in options.accounts:
        yield measure(f"{accounts} accounts", applied(accounts, folder / str(accounts)))
    if options.calls:
        yield measure(f"{options.calls} calls", busy(options.calls, folder / "busy"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--accounts", type=int, nargs="*", default=[5, 62])
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--state", type=Path, nargs="*", default=[], help="stopped state folders")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if not options.json:
        print(f"{'state':<24}{'requests':>9}{'snapshot':>10}{'replay':>9}{'ratio':>7}   (CPU)")
    with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
        for row in rows(options, Path(folder)):
            if options.json:
                print(json.dumps(asdict(row)), flush=True)
                continue
            print(
                f"{row.state[-24:]:<24}{row.requests:>9}{row.snapshot_s:>9.2f}s"
                f"{row.replay_s:>8.2f}s{row.ratio:>7.1f}   "
                f"({row.snapshot_cpu_s:.2f} s, {row.replay_cpu_s:.2f} s)",
                flush=True,
            )


if __name__ == "__main__":
    main()
