"""Detection in every account: the recorder, its delivery, the guardrails' Config rules; and in the
audit account the aggregator that sees them all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import names, site
from landrail.compiler.parts import buckets
from landrail.compiler.parts.keys import via
from landrail.compiler.parts.roles import by_services, role, roles
from landrail.compiler.parts.templates import Resources, arn_of, resource, template
from landrail.compiler.sections.log_archive import ALIAS
from landrail.compiler.statements import allow
from landrail.guardrails import recommended
from landrail.inventory.catalogue import tables
from landrail.resources import Stack, account_id
from landrail.rules.catalogue import rules
from landrail.spec import Platform

_NAME = "landrail"
_RECORDING = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"


def compile_detect(platform: Platform) -> Iterator[Stack]:
    """Yield the detection stack of each account and the aggregator's."""
    archive = site.stack_address(site.LOG_ARCHIVE, "log-archive")
    for made in platform.accounts_made():
        content = template(
            "Landrail: Config recorder, delivery and the guardrails' rules",
            _recorder(platform, made.name),
            _rules(),
            _authorization(platform, made.name),
        )
        yield site.stack(platform, made.name, "detect", content, after=[archive])
    aggregator = template("Landrail: every account's compliance in one place", _view(platform))
    yield site.stack(platform, site.AUDIT, "aggregator", aggregator)


def _recorder(platform: Platform, account: str) -> Resources:
    bucket = site.log_bucket(platform)
    key = site.key_arn(platform, site.LOG_ARCHIVE, ALIAS)
    writes = {
        "StringEquals": {"kms:ViaService": via("s3", platform.region)},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{ALIAS}"},
    }
    recorder = role(
        "config-recorder",
        by_services(account, "config.amazonaws.com"),
        [
            allow(("s3:GetBucketAcl", "s3:ListBucket"), buckets.arn(bucket), sid="Check"),
            allow(
                "s3:PutObject",
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
    group: dict[str, Any] = {"AllSupported": True, "IncludeGlobalResourceTypes": True}
    return {
        **roles(("config-recorder", recorder)),
        "Recorder": resource(
            "AWS::Config::ConfigurationRecorder",
            {"Name": _NAME, "RoleARN": arn_of("RoleConfigRecorder"), "RecordingGroup": group},
        ),
        "Delivery": resource(
            "AWS::Config::DeliveryChannel",
            {"Name": _NAME, "S3BucketName": bucket, "S3KmsKeyArn": key},
        ),
    }


def _rules() -> Resources:
    return {
        names.logical_id("rule", rule.name): resource(
            "AWS::Config::ConfigRule",
            {
                "ConfigRuleName": rule.name,
                "Description": f"Guardrail {guardrail.id}: {guardrail.title}",
                "Scope": {"ComplianceResourceTypes": [tables()[rule.table].resource_type]},
                "Source": {"Owner": "AWS", "SourceIdentifier": rule.identifier},
            },
            after=["Recorder"],
        )
        for guardrail in recommended()
        for rule in (rules().get(detective.rule) for detective in guardrail.detective)
        if rule is not None
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
