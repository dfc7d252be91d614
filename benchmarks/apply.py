"""Time, memory and API calls of apply, second plan and destroy on the local AWS, for N accounts.

    python benchmarks/apply.py [--json] [N ...]        (5, 14 and 62 by default)

Each N gets a folder, a file and a server of its own, and the commands run as users run them. Memory
is the peak resident size of the command and of the server; `max_rss_mb` is the larger of the two.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ALWAYS = 3
_PER_LINE = 3
_ENVIRONMENTS = ((2, 3), (1, 1), (2, 1), (1, 2), (2, 2), (1, 3))
_SHARED = ("dev", "prod")
_DATA = ("dev", "test", "prod")
COMMAND = (sys.executable, "-c", "from landrail.cli import main; raise SystemExit(main())")


@dataclass(frozen=True)
class Measured:
    """One row: a phase at a size."""

    accounts: int
    phase: str
    seconds: float
    max_rss_mb: float
    calls: int
    mutating_calls: int
    cli_rss_mb: float
    server_rss_mb: float


def document(accounts: int) -> str:
    """Return a file that makes that many accounts; raises SystemExit where none does."""
    for shared, data in _ENVIRONMENTS:
        lines, odd = divmod(accounts - _ALWAYS - shared - data, _PER_LINE)
        if lines >= 0 and not odd:
            break
    else:
        raise SystemExit(f"no file makes {accounts} accounts: the smallest platform has 5")
    names = [f"lob{number:02d}" for number in range(1, lines + 1)]
    teams = {
        f"team-{n}": {"lob": n, "scientists": [f"ana-{n}"], "mlops": [f"dee-{n}"]} for n in names
    }
    content = {
        "platform": "bench",
        "region": "eu-west-1",
        "email": "aws+{account}@bench.example",
        "lines_of_business": names,
        "accounts": {
            "shared": {"kind": "shared-services", "environments": list(_SHARED[-shared:])},
            "data": {"kind": "data-management", "environments": list(_DATA[-data:])},
        },
        "operators": ["olga"],
        "break_glass": ["brit"],
        "teams": teams,
    }
    return json.dumps(content, indent=1)


def measure(accounts: int, folder: Path) -> Iterator[Measured]:
    """Run the phases in a folder, one row after the other."""
    (folder / "landrail.yaml").write_text(document(accounts), encoding="utf-8")
    try:
        run(folder, "local", "start")
        yield phase(accounts, "apply", folder, "apply", "--auto-approve", "--json")
        yield phase(accounts, "second plan", folder, "plan", "--json")
        yield phase(accounts, "destroy", folder, "destroy", "--confirm", "bench", "--json")
    finally:
        run(folder, "local", "stop")


def phase(accounts: int, name: str, folder: Path, *arguments: str) -> Measured:
    """Run one command and measure it; raises SystemExit where it fails."""
    began = time.perf_counter()
    told, cli = run(folder, *arguments)
    seconds = time.perf_counter() - began
    server = server_peak(folder)
    return Measured(
        accounts,
        name,
        round(seconds, 2),
        round(max(cli, server), 1),
        told["calls"],
        told["mutating_calls"],
        round(cli, 1),
        round(server, 1),
    )


def run(folder: Path, *arguments: str) -> tuple[dict[str, Any], float]:
    """Run a command of landrail; return its JSON (if any) and its peak memory in MB."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    if process.returncode != 0:
        raise SystemExit(f"landrail {' '.join(arguments)} failed in {folder}:\n{text}")
    told = json.loads(text) if "--json" in arguments else {}
    return told, usage.ru_maxrss / 1024


def server_peak(folder: Path) -> float:
    """Return the peak resident memory of the folder's server, in MB, since it started."""
    facts = json.loads((folder / ".landrail" / "server.json").read_text(encoding="utf-8"))
    status = Path(f"/proc/{facts['pid']}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("accounts", nargs="*", type=int, default=[5, 14, 62])
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    for number in options.accounts:
        document(number)
    if not options.json:
        print(
            f"{'accounts':>8}  {'phase':<12}{'seconds':>9}{'max RSS MB':>12}{'calls':>8}"
            f"{'changing':>10}{'CLI MB':>9}{'server MB':>11}"
        )
    for number in options.accounts:
        with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
            for row in measure(number, Path(folder)):
                show(row, as_json=options.json)


def show(row: Measured, *, as_json: bool) -> None:
    """Print one row as soon as it is known."""
    if as_json:
        print(json.dumps(asdict(row)), flush=True)
        return
    print(
        f"{row.accounts:>8}  {row.phase:<12}{row.seconds:>9.1f}{row.max_rss_mb:>12.0f}"
        f"{row.calls:>8,}{row.mutating_calls:>10,}{row.cli_rss_mb:>9.0f}"
        f"{row.server_rss_mb:>11.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
