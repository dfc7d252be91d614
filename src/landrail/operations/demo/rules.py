"""The three S3 rules, each broken once with break-glass credentials, found, and put back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from landrail.diagnostics import Failure
from landrail.operations.demo.cast import Actor

_STEP, _LONGEST = 0.1, 60.0


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule, what was done to break it, and how long Config took to find it and to see it put
    back, in seconds."""

    rule: str
    done: str
    found_after: float
    mended_after: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule (by the end of its name), what to do to a bucket, and how to take it back."""

    rule: str
    done: str
    break_it: Callable[[Actor, str], object]
    mend_it: Callable[[Actor, str], object]


def _blocks(value: bool) -> dict[str, bool]:
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return dict.fromkeys(names, value)


def _open(actor: Actor, bucket: str) -> None:
    account = _account(actor)
    actor.call(
        "s3control",
        "PutPublicAccessBlock",
        AccountId=account,
        PublicAccessBlockConfiguration=_blocks(False),
    )
    actor.call(
        "s3", "PutPublicAccessBlock", Bucket=bucket, PublicAccessBlockConfiguration=_blocks(False)
    )
    policy = json.loads(actor.call("s3", "GetBucketPolicy", Bucket=bucket)["Policy"])
    policy["Statement"].append(
        {
            "Sid": "Everybody",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
    )
    actor.call("s3", "PutBucketPolicy", Bucket=bucket, Policy=json.dumps(policy))


def _close(actor: Actor, bucket: str) -> None:
    policy = json.loads(actor.call("s3", "GetBucketPolicy", Bucket=bucket)["Policy"])
    policy["Statement"] = [s for s in policy["Statement"] if s.get("Sid") != "Everybody"]
    actor.call("s3", "PutBucketPolicy", Bucket=bucket, Policy=json.dumps(policy))
    actor.call(
        "s3", "PutPublicAccessBlock", Bucket=bucket, PublicAccessBlockConfiguration=_blocks(True)
    )
    actor.call(
        "s3control",
        "PutPublicAccessBlock",
        AccountId=_account(actor),
        PublicAccessBlockConfiguration=_blocks(True),
    )


def _account(actor: Actor) -> str:
    return str(actor.call("sts", "GetCallerIdentity")["Account"])


def _versioning(actor: Actor, bucket: str, status: str) -> None:
    actor.call(
        "s3", "PutBucketVersioning", Bucket=bucket, VersioningConfiguration={"Status": status}
    )


class _Encryption:
    """Takes the encryption with the platform's key away, and gives back what was there."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def remove(self, actor: Actor, bucket: str) -> None:
        found = actor.call("s3", "GetBucketEncryption", Bucket=bucket)
        self._kept = found["ServerSideEncryptionConfiguration"]
        actor.call("s3", "DeleteBucketEncryption", Bucket=bucket)

    def restore(self, actor: Actor, bucket: str) -> None:
        actor.call(
            "s3",
            "PutBucketEncryption",
            Bucket=bucket,
            ServerSideEncryptionConfiguration=self._kept,
        )


def faults() -> tuple[Fault, ...]:
    """Return the three faults."""
    encryption = _Encryption()
    return (
        Fault("s3-bucket-public-read-prohibited", "opened to everybody", _open, _close),
        Fault(
            "s3-default-encryption-kms",
            "encryption removed",
            encryption.remove,
            encryption.restore,
        ),
        Fault(
            "s3-bucket-versioning-enabled",
            "versioning suspended",
            lambda actor, bucket: _versioning(actor, bucket, "Suspended"),
            lambda actor, bucket: _versioning(actor, bucket, "Enabled"),
        ),
    )


def break_and_mend(breaker: Actor, reader: Actor, bucket: str, fault: Fault) -> Broken:
    """Break a rule, wait until Config found it, put it back, wait until Config saw that."""
    rule = _rule(reader, fault.rule)
    _wait(reader, rule, bucket, "COMPLIANT")
    fault.break_it(breaker, bucket)
    try:
        found = _wait(reader, rule, bucket, "NON_COMPLIANT")
    finally:
        fault.mend_it(breaker, bucket)
    return Broken(rule, fault.done, found, _wait(reader, rule, bucket, "COMPLIANT"))


def _rule(reader: Actor, end: str) -> str:
    rules = _listed(reader, "DescribeConfigRules", "ConfigRules")
    names = [str(rule["ConfigRuleName"]) for rule in rules]
    found = next((name for name in names if name.endswith(end)), None)
    if found is None:
        raise Failure(f"no Config rule is about `{end}`", f"there are: {', '.join(names)}")
    return found


def _listed(reader: Actor, operation: str, key: str, **parameters: Any) -> Iterator[Any]:
    """Yield what all pages of an answer of Config have."""
    answer = reader.call("config", operation, **parameters)
    yield from answer[key]
    while "NextToken" in answer:
        answer = reader.call("config", operation, **parameters, NextToken=answer["NextToken"])
        yield from answer[key]


def _wait(reader: Actor, rule: str, bucket: str, wanted: str) -> float:
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST:
        asked = "GetComplianceDetailsByConfigRule"
        for result in _listed(reader, asked, "EvaluationResults", ConfigRuleName=rule):
            about = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
            if about["ResourceId"] == bucket and result["ComplianceType"] == wanted:
                return time.monotonic() - began
        time.sleep(_STEP)
    raise Failure(f"Config does not find {bucket} {wanted.lower()} under the rule {rule}")
