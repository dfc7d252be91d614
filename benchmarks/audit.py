"""Time and memory of the rules over inventories of a million rows and more, and of collecting.

    python benchmarks/audit.py [--json] [--rows N ...] [--accounts N] [--buckets N]

Twenty checks, the catalogue's rules of buckets with AWS's parameters, run over one synthetic
Parquet file by the code of `landrail audit`, in a process of its own whose peak memory is told.
A Python loop with the same predicates runs over a sample beside it; its time for all rows is
reckoned from there. Collecting is measured on a local AWS: seconds and calls by bucket and account.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
from apply import COMMAND, document, run

from landrail.guardrails import Guardrail
from landrail.inventory.catalogue import tables
from landrail.operations.audit.judging import judge
from landrail.operations.audit.scope import Check
from landrail.rules.catalogue import rules

_TABLE = "s3_buckets"
_ACCOUNT = "shared-prod"
_CHECKS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("s3-bucket-public-read-prohibited", {}),
    ("s3-bucket-public-write-prohibited", {}),
    ("s3-bucket-level-public-access-prohibited", {}),
    ("s3-bucket-level-public-access-prohibited", {"excludedPublicBuckets": "site-1,site-2"}),
    ("s3-bucket-server-side-encryption-enabled", {}),
    ("s3-default-encryption-kms", {}),
    ("s3-default-encryption-kms", {"kmsKeyArns": "arn:aws:kms:eu-west-1:000000000007:key/k"}),
    ("s3-bucket-versioning-enabled", {}),
    ("s3-bucket-versioning-enabled", {"isMfaDeleteEnabled": "true"}),
    ("s3-bucket-ssl-requests-only", {}),
    ("s3-bucket-logging-enabled", {}),
    ("s3-bucket-logging-enabled", {"targetBucket": "logs"}),
    ("s3-bucket-acl-prohibited", {}),
    ("s3-bucket-default-lock-enabled", {}),
    ("s3-bucket-default-lock-enabled", {"mode": "COMPLIANCE"}),
    ("s3-bucket-replication-enabled", {}),
    ("s3-event-notifications-enabled", {}),
    ("s3-event-notifications-enabled", {"eventTypes": "s3:ObjectCreated:*"}),
    ("s3-version-lifecycle-policy-check", {}),
    ("s3-bucket-open-outside", {}),
)
_SAMPLE = 50_000
_RARE = 1_000
"""Of so many rows one is wrong, by each column."""
_GOOD: Mapping[str, str] = {
    "account_id": "lpad((i % 62)::VARCHAR, 12, '0')",
    "region": "'eu-west-1'",
    "resource_type": "'AWS::S3::Bucket'",
    "resource_id": "'bucket-' || i",
    "resource_name": "'bucket-' || i",
    "arn": "'arn:aws:s3:::bucket-' || i",
    "configuration": "'{\"name\": \"bucket-' || i || '\", \"policy\": ' || repeat('x', 400) || '}'",
    "versioning": "'Enabled'",
    "encryption": "'aws:kms'",
    "kms_key": "'arn:aws:kms:eu-west-1:000000000007:key/k'",
    "log_bucket": "'logs'",
    "lock_mode": "'COMPLIANCE'",
    "replication_types": "',CROSS-REGION,'",
    "notified": "',arn:aws:sqs:eu-west-1:000000000007:q,'",
    "events": "',s3:ObjectCreated:*,'",
    "outsiders": "','",
    "grantees": "','",
    "tag_keys": "',owner,'",
}
_WRONG_IF_TRUE = ("acl_public", "policy_public", "acl_grants", "acls_enabled")
_TYPES = {"boolean": "BOOLEAN", "integer": "BIGINT", "time": "TIMESTAMP"}


@dataclass(frozen=True)
class Judged:
    """One row: an engine over so many rows."""

    engine: str
    rows: int
    rules: int
    seconds: float
    max_rss_mb: float
    findings: int


@dataclass(frozen=True)
class Collected:
    """One row: the inventory of a local AWS, collected."""

    engine: str
    accounts: int
    buckets: int
    seconds: float
    calls: int
    calls_per_account: float
    calls_per_bucket: float
    seconds_per_account: float
    seconds_per_bucket: float


def checks() -> list[Check]:
    """Return the twenty checks."""
    every = frozenset({"*"})
    return [
        Check(_guardrail(number), rules()[name], every, parameters)
        for number, (name, parameters) in enumerate(_CHECKS)
    ]


def _guardrail(number: int) -> Guardrail:
    return Guardrail(id=f"bench-{number}", title="", why="", severity="low", remedy="")


def make(rows: int, folder: Path) -> dict[str, Any]:
    """Write that many buckets."""
    (folder / _TABLE).mkdir()
    columns = tables()[_TABLE].every_column
    listed = ", ".join(
        f"{_expression(c.name, c.kind, n)} AS {c.name}" for n, c in enumerate(columns)
    )
    engine = duckdb.connect(config={"threads": "2", "memory_limit": "1GB"})
    engine.execute("SET preserve_insertion_order = false")
    target = folder / _TABLE / "rows.parquet"
    engine.execute(f"COPY (SELECT {listed} FROM range({rows}) t(i)) TO '{target}' (FORMAT parquet)")
    engine.close()
    return {}


def _expression(name: str, kind: str, number: int) -> str:
    rare = f"hash(i * 100 + {number}) % {_RARE} = 0"
    if kind == "boolean":
        return rare if name.startswith(_WRONG_IF_TRUE) else f"NOT ({rare})"
    good = _GOOD.get(name)
    if good is None:
        return f"NULL::{_TYPES.get(kind, 'VARCHAR')}"
    if name in ("versioning", "encryption", "log_bucket", "events"):
        return f"CASE WHEN {rare} THEN NULL ELSE {good} END"
    if name == "outsiders":
        return f"CASE WHEN {rare} THEN ',999999999999,' ELSE {good} END"
    return good


def in_child(step: str, rows: int, folder: Path) -> tuple[dict[str, Any], float, float]:
    """Run a step in a process of its own, so that this one stays small: a child begins with the
    peak of its parent. Return what it said, its seconds and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, __file__, "--step", step, "--rows", str(rows), "--folder", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{step} failed")
    return json.loads(text), time.perf_counter() - began, round(usage.ru_maxrss / 1024, 1)


def by_duckdb(rows: int, folder: Path) -> Judged:
    """Run the rules as the audit does; the start of the process is in the time."""
    told, seconds, memory = in_child("judge", rows, folder)
    return Judged("duckdb", rows, len(_CHECKS), round(seconds, 2), memory, told["findings"])


def by_loop(rows: int, folder: Path) -> Judged:
    """Run the same predicates over a sample in Python; time and findings are reckoned for all."""
    told, _, memory = in_child("loop", rows, folder)
    more = rows / told["sample"]
    name = f"python loop (from {told['sample']:,} rows)"
    seconds, findings = round(told["seconds"] * more, 2), round(told["findings"] * more)
    return Judged(name, rows, len(_PREDICATES), seconds, memory, findings)


def judge_all(folder: Path) -> dict[str, Any]:
    """Count what the rules find."""
    return {"findings": sum(1 for _ in judge(folder, checks(), ["*"]))}


def loop(folder: Path) -> dict[str, Any]:
    """Run the predicates over a sample."""
    engine = duckdb.connect(config={"threads": "2"})
    path = folder / _TABLE / "rows.parquet"
    found = engine.execute(f"SELECT * EXCLUDE (configuration) FROM '{path}' LIMIT {_SAMPLE}")
    names = [column[0] for column in found.description or ()]
    sample = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    engine.close()
    began = time.perf_counter()
    findings = sum(1 for row in sample for is_wrong in _PREDICATES if is_wrong(row))
    return {
        "sample": len(sample),
        "findings": findings,
        "seconds": time.perf_counter() - began,
    }


_KEY = "arn:aws:kms:eu-west-1:000000000007:key/k"
_KMS = ("aws:kms", "aws:kms:dsse")
_Row = Mapping[str, Any]


def _unblocked(row: _Row) -> bool:
    return not (
        row["block_public_acls"]
        and row["ignore_public_acls"]
        and row["block_public_policy"]
        and row["restrict_public_buckets"]
    )


def _public(row: _Row, how: str) -> bool:
    by_acl = row[f"acl_public_{how}"] and not row["ignores_public_acls"]
    return bool(by_acl or (row[f"policy_public_{how}"] and not row["restricts_public_policy"]))


_PREDICATES: tuple[Callable[[_Row], bool], ...] = (
    lambda r: _public(r, "read"),
    lambda r: _public(r, "write"),
    _unblocked,
    lambda r: r["resource_name"] not in ("site-1", "site-2") and _unblocked(r),
    lambda r: r["encryption"] is None and not r["policy_demands_encryption"],
    lambda r: r["encryption"] not in _KMS,
    lambda r: r["encryption"] not in _KMS or r["kms_key"] != _KEY,
    lambda r: r["versioning"] != "Enabled",
    lambda r: r["versioning"] != "Enabled" or not r["mfa_delete"],
    lambda r: not r["policy_demands_tls"],
    lambda r: r["log_bucket"] is None,
    lambda r: r["log_bucket"] != "logs",
    lambda r: bool(r["acl_grants_others"]),
    lambda r: not r["object_lock"],
    lambda r: not r["object_lock"] or r["lock_mode"] != "COMPLIANCE",
    lambda r: not r["replication"],
    lambda r: not r["notifies"],
    lambda r: not r["notifies"] or ",s3:ObjectCreated:*," not in (r["events"] or ""),
    lambda r: r["versioning"] == "Enabled" and not r["lifecycle"],
    lambda r: r["outsiders"] != ",",
)


def collect(accounts: int, buckets: int, folder: Path) -> Collected:
    """Apply a platform, audit it as users do, and then one account without and with many buckets;
    what the buckets take is the difference. `seconds` is the whole command."""
    (folder / "landrail.yaml").write_text(document(accounts), encoding="utf-8")
    try:
        run(folder, "local", "start")
        run(folder, "apply", "--auto-approve", "--json")
        every, seconds = _audited(folder)
        before, _ = _audited(folder, "--account", _ACCOUNT)
        _furnish(folder, buckets)
        after, _ = _audited(folder, "--account", _ACCOUNT)
    finally:
        run(folder, "local", "stop")
    made = after["resources"][_TABLE] - before["resources"][_TABLE]
    more = after["calls"] - before["calls"]
    took = _seconds(after) - _seconds(before)
    return Collected(
        "landrail audit",
        accounts,
        made,
        round(seconds, 2),
        every["calls"],
        round(every["calls"] / accounts, 1),
        round(more / made, 2),
        round(_seconds(every) / accounts, 3),
        round(took / made, 4),
    )


def _audited(folder: Path, *arguments: str) -> tuple[dict[str, Any], float]:
    began = time.perf_counter()
    told, _ = run(folder, "audit", "--json", "--fail-on", "none", *arguments)
    return told, time.perf_counter() - began


def _seconds(told: Mapping[str, Any]) -> float:
    return float(told["collected_seconds"])


def _furnish(folder: Path, buckets: int) -> None:
    """Make buckets in one account, by the hands of break-glass."""
    code = (
        "import boto3, sys\n"
        "s3 = boto3.client('s3')\n"
        "where = {'LocationConstraint': s3.meta.region_name}\n"
        f"for n in range({buckets}):\n"
        "    s3.create_bucket(Bucket=f'bench-audit-{n}', CreateBucketConfiguration=where)\n"
    )
    subprocess.run(
        [*COMMAND, "as", f"break-glass@{_ACCOUNT}", "--", sys.executable, "-c", code],
        cwd=folder,
        check=True,
    )


def measured(options: argparse.Namespace) -> Iterator[Judged | Collected]:
    """Yield the rows."""
    for rows in options.rows:
        with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
            in_child("make", rows, Path(folder))
            yield by_duckdb(rows, Path(folder))
            yield by_loop(rows, Path(folder))
    if options.accounts:
        with tempfile.TemporaryDirectory(prefix="landrail-bench-") as folder:
            yield collect(options.accounts, options.buckets, Path(folder))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", nargs="*", type=int, default=[1_000_000, 10_000_000])
    parser.add_argument("--accounts", type=int, default=14, help="0 leaves collecting out")
    parser.add_argument("--buckets", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--step", choices=("make", "judge", "loop"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "make":
        print(json.dumps(make(options.rows[0], options.folder)))
        return
    if options.step:
        step = {"judge": judge_all, "loop": loop}[options.step]
        print(json.dumps(step(options.folder)))
        return
    for row in measured(options):
        show(row, as_json=options.json)


def show(row: Judged | Collected, *, as_json: bool) -> None:
    """Print one row."""
    if as_json:
        print(json.dumps(asdict(row)), flush=True)
    else:
        print("  ".join(f"{name} {value}" for name, value in asdict(row).items()), flush=True)


if __name__ == "__main__":
    main()
