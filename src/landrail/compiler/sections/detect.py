"""Detection in every account: the recorder, its delivery, the guardrails' Config rules; and in the
audit account the aggregator that sees them all. Where Control Tower records, only the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from landrail.compiler import site
from landrail.compiler.controls import own_rules
from landrail.compiler.guardrails.choosing import chosen
from landrail.compiler.guardrails.governed import recorded
from landrail.compiler.limits import TEMPLATE_BYTES, size
from landrail.compiler.names import digest
from landrail.compiler.parts import buckets
from landrail.compiler.parts.config_rules import Detected, continuous, resources
from landrail.compiler.parts.keys import via
from landrail.compiler.parts.roles import by_services, role, roles
from landrail.compiler.parts.templates import Resources, arn_of, resource, template
from landrail.compiler.sections.log_archive import ALIAS
from landrail.compiler.statements import allow
from landrail.resources import Stack, account_id
from landrail.spec import Platform

_NAME = "landrail"
_ABOUT = "Landrail: Config recorder, delivery and the guardrails' rules"
_RULES = "Landrail: the guardrails' Config rules, part"
_RECORDING = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"


def compile_detect(platform: Platform) -> Iterator[Stack]:
    """Yield the detection stacks of each account and the aggregator's."""
    archive = site.stack_address(site.LOG_ARCHIVE, "log-archive")
    choice = chosen(platform)
    for made in platform.accounts_made():
        found = own_rules(platform, choice, made)
        theirs = recorded(platform, made)
        base = () if theirs else _recording(platform, made.name, found)
        after = [] if theirs else ["Recorder"]
        whole = template(_ABOUT, *base, resources(found, after=after))
        if not whole["Resources"]:
            continue
        if _fits(whole):
            yield site.stack(platform, made.name, "detect", whole, after=[archive])
            continue
        before = [archive]
        if not theirs:
            recorder = site.stack(
                platform, made.name, "detect", template(_ABOUT, *base), after=before
            )
            before = [recorder.address]
            yield recorder
        for number, some in _shared_out(found):
            content = template(f"{_RULES} {number}", resources(some))
            concern = f"detect-rules-{number}"
            yield site.stack(platform, made.name, concern, content, after=before)
    if platform.landing_zone is not None and platform.landing_zone.config:
        return
    aggregator = template("Landrail: every account's compliance in one place", _view(platform))
    yield site.stack(platform, site.AUDIT, "aggregator", aggregator)


def _fits(content: dict[str, Any]) -> bool:
    return size(content) <= TEMPLATE_BYTES


def _shared_out(found: Sequence[Detected]) -> Iterator[tuple[int, list[Detected]]]:
    """Yield rules over as few stacks as they fit into, each by its name, so that a rule more or
    less moves no other one."""
    stacks = 1
    while True:
        stacks *= 2
        shares: dict[int, list[Detected]] = {}
        for one in found:
            shares.setdefault(int(digest(one.name), 16) % stacks + 1, []).append(one)
        if all(_fits(template(_RULES, resources(some))) for some in shares.values()):
            yield from sorted(shares.items())
            return


def _recording(
    platform: Platform, account: str, found: Sequence[Detected]
) -> tuple[Resources, ...]:
    return (
        roles(("config-recorder", _recorders_role(platform, account))),
        _recorder(platform, continuous(found)),
        _authorization(platform, account),
    )


def _recorders_role(platform: Platform, account: str) -> Resources:
    bucket = site.log_bucket(platform)
    writes = {
        "StringEquals": {"kms:ViaService": via("s3", platform.region)},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{ALIAS}"},
    }
    return role(
        "config-recorder",
        by_services(account, "config.amazonaws.com"),
        [
            allow(("s3:GetBucketAcl", "s3:ListBucket"), buckets.arn(bucket), sid="Check"),
            allow(
                ("s3:PutObject", "s3:PutObjectAcl"),
                buckets.arn(bucket, f"AWSLogs/{account_id(account)}/Config/*"),
                sid="Deliver",
            ),
            allow(
                ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"),
                site.any_key(platform, site.LOG_ARCHIVE),
                writes,
                sid="Encrypt",
            ),
        ],
        managed=[_RECORDING],
        description="Records this account's configuration",
    )


def _recorder(platform: Platform, at_once: Sequence[str]) -> Resources:
    group: dict[str, Any] = {"AllSupported": True, "IncludeGlobalResourceTypes": True}
    mode: dict[str, Any] = {"RecordingFrequency": "DAILY"}
    if at_once:
        override = {
            "Description": "What rules evaluate on change",
            "RecordingFrequency": "CONTINUOUS",
            "ResourceTypes": list(at_once),
        }
        mode["RecordingModeOverrides"] = [override]
    return {
        "Recorder": resource(
            "AWS::Config::ConfigurationRecorder",
            {
                "Name": _NAME,
                "RoleARN": arn_of("RoleConfigRecorder"),
                "RecordingGroup": group,
                "RecordingMode": mode,
            },
        ),
        "Delivery": resource(
            "AWS::Config::DeliveryChannel",
            {
                "Name": _NAME,
                "S3BucketName": site.log_bucket(platform),
                "S3KmsKeyArn": site.key_arn(platform, site.LOG_ARCHIVE, ALIAS),
            },
        ),
    }


def _authorization(platform: Platform, account: str) -> Resources:
    if account == site.AUDIT:
        return {}
    properties = {
        "AuthorizedAccountId": account_id(site.AUDIT),
        "AuthorizedAwsRegion": platform.region,
    }
    return {"Aggregation": resource("AWS::Config::AggregationAuthorization", properties)}


def _view(platform: Platform) -> Resources:
    accounts = [account_id(made.name) for made in platform.accounts_made()]
    properties = {
        "ConfigurationAggregatorName": _NAME,
        "AccountAggregationSources": [
            {"AccountIds": accounts, "AllAwsRegions": False, "AwsRegions": [platform.region]}
        ],
    }
    return {"Aggregator": resource("AWS::Config::ConfigurationAggregator", properties)}
