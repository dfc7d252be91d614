"""What Control Tower does in one account: the recorder, its delivery, the rules of its controls.

Every step finds what stands already, so that an enrolment that was cut off is done again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.controltower.acting import Acting, Ask
from landrail.localaws.services.controltower.catalogue import Control
from landrail.localaws.services.controltower.manifest import Manifest

RECORDER = "aws-controltower-BaselineConfigRecorder"
CHANNEL = "aws-controltower-BaselineConfigDeliveryChannel"
RECORDER_ROLE = "aws-controltower-ConfigRecorderRole"
_RECORDING = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
_MARK = [{"Key": "aws-control-tower", "Value": "managed-by-control-tower"}]


def enrol(acting: Acting, account: str, zone: Manifest, organization: str) -> None:
    """Bring an account under governance; raises ApiError with what is in the way."""
    acting.make_execution_role(account)
    if not zone.config:
        return
    ask = acting.inside(account)
    role = _recorder_role(ask, account)
    for region in zone.regions:
        _record(ask, region, role, log_bucket(zone, acting.place.region), organization)
        ask(
            "config",
            "PutAggregationAuthorization",
            region,
            AuthorizedAccountId=zone.config_account,
            AuthorizedAwsRegion=acting.place.region,
            Tags=_MARK,
        )


def release(acting: Acting, account: str, zone: Manifest) -> None:
    """Take out of an account what enrolling has put there."""
    ask = acting.inside(account)
    for region in zone.regions if zone.config else ():
        if RECORDER in _recorders(ask, region):
            ask("config", "StopConfigurationRecorder", region, ConfigurationRecorderName=RECORDER)
            ask("config", "DeleteDeliveryChannel", region, DeliveryChannelName=CHANNEL)
            ask("config", "DeleteConfigurationRecorder", region, ConfigurationRecorderName=RECORDER)


def put_rules(acting: Acting, account: str, zone: Manifest, controls: Iterable[Control]) -> None:
    """Make the rules of detective controls in an account."""
    ask = acting.inside(account)
    for control in controls:
        for region in zone.regions:
            ask(
                "config",
                "PutConfigRule",
                region,
                ConfigRule={
                    "ConfigRuleName": control.config_rule,
                    "Description": control.title,
                    "Source": {"Owner": "AWS", "SourceIdentifier": control.rule},
                },
                Tags=_MARK,
            )


def drop_rule(acting: Acting, account: str, zone: Manifest, control: Control) -> None:
    """Remove the rule of a detective control from an account; gone is gone."""
    ask = acting.inside(account)
    for region in zone.regions:
        try:
            ask("config", "DeleteConfigRule", region, ConfigRuleName=control.config_rule)
        except ApiError as error:
            if error.code != "NoSuchConfigRuleException":
                raise


def log_bucket(zone: Manifest, home: str) -> str:
    """Return the bucket that Config delivers to: that of the trail, or one of its own (4.x)."""
    if zone.modern:
        return f"aws-controltower-config-logs-{zone.config_account}-{home}"
    return f"aws-controltower-logs-{zone.log_account}-{home}"


def _recorder_role(ask: Ask, account: str) -> str:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "config.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
    try:
        ask(
            "iam",
            "CreateRole",
            RoleName=RECORDER_ROLE,
            AssumeRolePolicyDocument=json.dumps(trust),
        )
    except ApiError as error:
        if error.code != "EntityAlreadyExists":
            raise
    ask("iam", "AttachRolePolicy", RoleName=RECORDER_ROLE, PolicyArn=_RECORDING)
    return f"arn:aws:iam::{account}:role/{RECORDER_ROLE}"


def _recorders(ask: Ask, region: str) -> list[str]:
    found = ask("config", "DescribeConfigurationRecorders", region)
    return [str(one["name"]) for one in found.get("ConfigurationRecorders") or ()]


def _record(ask: Ask, region: str, role: str, bucket: str, organization: str) -> None:
    others = [name for name in _recorders(ask, region) if name != RECORDER]
    if others:
        raise ApiError(
            "ConflictException",
            f"AWS Control Tower cannot enroll the account: it has a configuration recorder "
            f"{others[0]} in {region}. Delete the existing AWS Config resources and try again.",
            409,
        )
    group: dict[str, Any] = {"allSupported": True, "includeGlobalResourceTypes": True}
    recorder = {"name": RECORDER, "roleARN": role, "recordingGroup": group}
    ask("config", "PutConfigurationRecorder", region, ConfigurationRecorder=recorder)
    channel = {
        "name": CHANNEL,
        "s3BucketName": bucket,
        "s3KeyPrefix": organization,
        "configSnapshotDeliveryProperties": {"deliveryFrequency": "TwentyFour_Hours"},
    }
    ask("config", "PutDeliveryChannel", region, DeliveryChannel=channel)
    ask("config", "StartConfigurationRecorder", region, ConfigurationRecorderName=RECORDER)
