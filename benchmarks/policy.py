"""Decisions a second of the policy engine, beside the peers that can be installed.

    python benchmarks/policy.py [--json] [--requests N] [--no-peers]

One role with an identity policy of 20 statements under three levels of SCPs (`workload.py`), asked
about 50,000 requests that are all distinct, in random order, on one thread; nothing remembers an
earlier decision. A second pass takes the time of each decision, for the 99th percentile.
`compile_ms` is the time from the text of AWS's `ReadOnlyAccess` (thousands of patterns) to its
first decision, in this process, the best of five.

The first 2,000 requests are put to iam-simulate too (npm, AGPL: fetched by npm into a folder of its
own and run in a process of its own; it is no part of this project), and to moto's `IAMPolicy`,
which knows neither conditions nor SCPs. `agrees` is the share that each decides as Landrail does.
Figures are the best of three rounds and wall time, so leave the machine alone. The output is one
JSON object a line where it does not go to a terminal.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.aws_managed_policies import aws_managed_policies_data
from workload import Workload, workload

from landrail.policy import (
    Policies,
    PolicyInForce,
    Request,
    authorize,
    parse_document,
)

_PEER = Path(__file__).parent / "peers" / "iam_simulate.mjs"
_PEER_VERSION = "@cloud-copilot/iam-simulate@0.1.173"
_ROUNDS = 3
_PEER_REQUESTS = 2_000


@dataclass(frozen=True)
class Row:
    """One engine's figures; `agrees` is the share of requests decided as by Landrail."""

    engine: str
    decisions_per_second: int
    p99_ms: float | None
    compile_ms: float | None
    agrees: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--no-peers", action="store_true", help="measure Landrail alone")
    given = parser.parse_args()
    work = workload(given.requests)
    rows = [_landrail(work)]
    if not given.no_peers:
        rows += [_moto(work), *_iam_simulate(work)]
    if given.json or not sys.stdout.isatty():
        for row in rows:
            print(json.dumps(asdict(row)))
        return
    print(f"{'engine':<28} {'decisions/s':>12} {'p99 ms':>8} {'compile ms':>11} {'agrees':>8}")
    for row in rows:
        print(
            f"{row.engine:<28} {row.decisions_per_second:>12,} {_figure(row.p99_ms):>8}"
            f" {_figure(row.compile_ms):>11} {row.agrees:>8.1%}"
        )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if value < 1 else f"{value:.1f}"


def _landrail(work: Workload) -> Row:
    rate = max(_rate(lambda r: authorize(r, work.policies), work.requests) for _ in range(_ROUNDS))
    version = importlib.metadata.version("landrail")
    return Row(f"landrail {version}", int(rate), _p99(work), _compile_ms(), 1.0)


def _rate(decide: Callable[[Request], object], requests: tuple[Request, ...]) -> float:
    gc.collect()
    begun = time.perf_counter()
    for request in requests:
        decide(request)
    return len(requests) / (time.perf_counter() - begun)


def _p99(work: Workload) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        gc.collect()
        spent = []
        for request in work.requests:
            begun = time.perf_counter_ns()
            authorize(request, work.policies)
            spent.append(time.perf_counter_ns() - begun)
        spent.sort()
        best = min(best, spent[int(len(spent) * 0.99)] / 1e6)
    return round(best, 4)


def _compile_ms() -> float:
    text = json.dumps(json.loads(aws_managed_policies_data)["ReadOnlyAccess"]["Document"])
    work = workload(1)
    best = float("inf")
    for attempt in range(5):
        fresh = text + " " * attempt  # texts that were parsed before are remembered
        gc.collect()
        begun = time.perf_counter()
        document = parse_document(fresh, kind="identity")
        authorize(work.requests[0], Policies(identity=(PolicyInForce(document, "ReadOnlyAccess"),)))
        best = min(best, (time.perf_counter() - begun) * 1000)
    return round(best, 2)


def _moto(work: Workload) -> Row:
    policy = IAMPolicy(json.dumps(work.identity))

    def decide(request: Request) -> bool:
        said = policy.is_action_permitted(request.action, request.resource)
        return bool(said == PermissionResult.PERMITTED)

    some = work.requests[:_PEER_REQUESTS]
    rate = max(_rate(decide, some) for _ in range(_ROUNDS))
    same = sum(decide(r) == authorize(r, work.policies).allowed for r in some)
    version = importlib.metadata.version("moto")
    return Row(f"moto {version} (no SCP)", int(rate), None, None, same / len(some))


def _iam_simulate(work: Workload) -> list[Row]:
    if shutil.which("npm") is None or shutil.which("node") is None:
        print("iam-simulate is left out: npm and node are not installed", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        fetched = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", _PEER_VERSION],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if fetched.returncode != 0:
            print("iam-simulate is left out: npm could not fetch it", file=sys.stderr)
            return []
        shutil.copy(_PEER, folder)
        some = work.requests[:_PEER_REQUESTS]
        asked = {
            "identity": work.identity,
            "scps": work.scps,
            "requests": [_plain(request) for request in some],
        }
        Path(folder, "asked.json").write_text(json.dumps(asked))
        ran = subprocess.run(
            ["node", _PEER.name], cwd=folder, capture_output=True, text=True, check=True
        )
    said: dict[str, Any] = json.loads(ran.stdout)
    same = sum(
        theirs == authorize(request, work.policies).outcome.value
        for request, theirs in zip(some, said["decisions"], strict=True)
    )
    name = _PEER_VERSION.rpartition("/")[2].replace("@", " ")
    return [
        Row(name, int(said["perSecond"]), round(said["p99"], 3), None, same / len(some)),
    ]


def _plain(request: Request) -> dict[str, Any]:
    context = {k: list(v) if isinstance(v, tuple) else v for k, v in request.context.items()}
    principal = request.principal
    derived = {f"aws:PrincipalTag/{k}": v for k, v in principal.tags.items()}
    derived |= {"aws:PrincipalArn": principal.iam_arn, "aws:userid": principal.user_id}
    return {
        "principal": principal.arn,
        "action": request.action,
        "resource": request.resource,
        "account": request.resource_account,
        "context": {**context, **derived},
    }


if __name__ == "__main__":
    main()
