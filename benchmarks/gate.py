"""CPU time of a call with and without the gate, for a mix of calls on an applied platform.

    python benchmarks/gate.py [--json] [--accounts N] [--calls N]

A platform of N accounts (5 by default) is applied by the commands that users run, its server is
stopped, and the same state folder is opened in this process. Each operation of the mix is then made
many times: as signed HTTP requests through the whole gate (authentication, reading, resolving, the
policies in force, the decision, the trail, the answer), and straight to the store or the service
behind it. CPU time of the calling thread, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from apply import COMMAND, document, run
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from landrail.localaws.api import ApiCall, Caller
from landrail.localaws.gateway.asked import Asked
from landrail.localaws.gateway.server import LocalAws
from landrail.localaws.services import SERVICES

_ACCOUNT = "shared-prod"
_REGION = "eu-west-1"
_BUCKET = "bench-gate"
_MIX: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("iam", "GetRole", {"RoleName": "bench"}),
    ("iam", "ListRolePolicies", {"RoleName": "bench"}),
    ("iam", "TagRole", {"RoleName": "bench", "Tags": [{"Key": "bench", "Value": "gate"}]}),
    (
        "ssm",
        "PutParameter",
        {"Name": "/bench", "Value": "1", "Type": "String", "Overwrite": True},
    ),
    ("ssm", "GetParameter", {"Name": "/bench"}),
    ("s3", "PutObject", {"Bucket": _BUCKET, "Key": "a/b", "Body": b"x" * 1000}),
    ("s3", "GetObject", {"Bucket": _BUCKET, "Key": "a/b"}),
    ("s3", "ListObjectsV2", {"Bucket": _BUCKET}),
    ("kms", "DescribeKey", {"KeyId": "alias/bench"}),
    ("ec2", "DescribeVpcs", {}),
    ("cloudformation", "DescribeStacks", {"StackName": "landrail-baseline"}),
    ("sts", "GetCallerIdentity", {}),
)


@dataclass(frozen=True)
class Measured:
    """One row: the median CPU time of a call, in milliseconds."""

    service: str
    operation: str
    calls: int
    with_gate_ms: float
    without_ms: float
    gate_ms: float


class InProcess:
    """boto3's calls, answered by an application of this process; keeps the CPU time of each."""

    def __init__(self, local: LocalAws, credentials: Mapping[str, str]) -> None:
        self._application = local.application
        self._host = local.endpoint.removeprefix("http://")
        self.spent: list[float] = []
        session = boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=_REGION,
        )
        self._make: Callable[[str], Any] = lambda service: session.client(
            service, endpoint_url=local.endpoint, config=Config(retries={"total_max_attempts": 1})
        )
        self._clients: dict[str, Any] = {}

    def call(self, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Make a call as a client makes it."""
        if service not in self._clients:
            client = self._make(service)
            client.meta.events.register("before-send", self._send)
            self._clients[service] = client
        client = self._clients[service]
        names = {v: k for k, v in client.meta.method_to_api_mapping.items()}
        answer: dict[str, Any] = getattr(client, names[operation])(**params)
        return answer

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        environ = self._environ(request)
        told: list[Any] = []
        began = time.thread_time()
        body = b"".join(self._application(environ, lambda *head: told.extend(head)))
        self.spent.append(time.thread_time() - began)
        return AWSResponse(request.url, int(told[0].split()[0]), dict(told[1]), _Raw(body))

    def _environ(self, request: AWSPreparedRequest) -> dict[str, Any]:
        target = request.url.split(self._host, 1)[1]
        body = request.body
        data = body.read() if hasattr(body, "read") else body or b""
        headers = [(k.lower(), v if isinstance(v, str) else v.decode()) for k, v in _pairs(request)]
        environ = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers}
        return environ | {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": target.partition("?")[0],
            "QUERY_STRING": target.partition("?")[2],
            "RAW_URI": target,
            "HTTP_HOST": self._host,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(data.encode() if isinstance(data, str) else data),
            "landrail.headers": headers,
        }


class _Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """Yield the rest."""
        yield self.read()


def _pairs(request: AWSPreparedRequest) -> list[tuple[str, Any]]:
    return list(request.headers.items())


def measure(folder: Path, accounts: int, calls: int) -> Iterator[Measured]:
    """Apply a platform in a folder, open its state here, and measure the mix."""
    (folder / "landrail.yaml").write_text(document(accounts), encoding="utf-8")
    try:
        run(folder, "apply", "--auto-approve", "--json")
        credentials = _break_glass(folder)
    finally:
        run(folder, "local", "stop")
    local = LocalAws(folder / ".landrail", SERVICES, version="bench")
    client = InProcess(local, credentials)
    bench = Past(local, client)
    _furnish(client)
    for service, operation, params in _MIX:
        client.call(service, operation, params)
        client.spent.clear()
        bare = []
        for _ in range(calls):
            client.call(service, operation, params)
            bare.append(bench.bare(service, operation, params))
        whole, without = median(client.spent) * 1000, median(bare) * 1000
        yield Measured(
            service,
            operation,
            calls,
            round(whole, 3),
            round(without, 3),
            round(whole - without, 3),
        )


class Past:
    """The calls of a client, made past the gate."""

    def __init__(self, local: LocalAws, client: InProcess) -> None:
        known = client.call("sts", "GetCallerIdentity", {})
        self._gate = local.gate
        self._account = known["Account"]
        self._caller = Caller(
            kind="session",
            arn=known["Arn"],
            account=known["Account"],
            user_id=known["UserId"],
            role_arn=f"arn:aws:iam::{known['Account']}:role/landrail/break-glass",
            session_name="brit",
        )

    def bare(self, service: str, operation: str, params: Mapping[str, Any]) -> float:
        """Perform a call without authorizing it; return its CPU time."""
        call = ApiCall(
            caller=self._caller,
            account=self._account,
            region=_REGION,
            service=service,
            operation=operation,
            params=params,
            request_id="bench",
        )
        asked = Asked(self._caller, service, operation, params, _REGION)
        began = time.thread_time()
        self._gate.perform(call, asked)
        return time.thread_time() - began


def _furnish(client: InProcess) -> None:
    """Make what the mix works on."""
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": {**trust, "Action": "sts:AssumeRole"}}
    client.call(
        "iam", "CreateRole", {"RoleName": "bench", "AssumeRolePolicyDocument": json.dumps(document)}
    )
    client.call(
        "s3",
        "CreateBucket",
        {"Bucket": _BUCKET, "CreateBucketConfiguration": {"LocationConstraint": _REGION}},
    )
    key = client.call("kms", "CreateKey", {})["KeyMetadata"]["KeyId"]
    client.call("kms", "CreateAlias", {"AliasName": "alias/bench", "TargetKeyId": key})


def _break_glass(folder: Path) -> dict[str, str]:
    words = [*COMMAND, "as", f"break-glass@{_ACCOUNT}", "--", "env"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    found = dict(line.partition("=")[::2] for line in done.stdout.splitlines())
    return {
        "AccessKeyId": found["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": found["AWS_SECRET_ACCESS_KEY"],
        "SessionToken": found["AWS_SESSION_TOKEN"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--accounts", type=int, default=5)
    parser.add_argument("--calls", type=int, default=200, help="of each operation")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    if not options.json:
        print(f"{'call':<34}{'with gate ms':>13}{'without ms':>12}{'gate ms':>9}")
    rows = []
    with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
        for row in measure(Path(folder), options.accounts, options.calls):
            rows.append(row)
            show(row, as_json=options.json)
    mean = Measured(
        "all",
        "mean",
        sum(r.calls for r in rows),
        round(sum(r.with_gate_ms for r in rows) / len(rows), 3),
        round(sum(r.without_ms for r in rows) / len(rows), 3),
        round(sum(r.gate_ms for r in rows) / len(rows), 3),
    )
    show(mean, as_json=options.json)


def show(row: Measured, *, as_json: bool) -> None:
    """Print one row as soon as it is known."""
    if as_json:
        print(json.dumps(asdict(row)), flush=True)
        return
    print(
        f"{row.service + ':' + row.operation:<34}{row.with_gate_ms:>13.2f}"
        f"{row.without_ms:>12.2f}{row.gate_ms:>9.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
