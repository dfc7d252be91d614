"""The alarm of break-glass: each entry, in any account, ends up at one topic of audit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import site
from landrail.compiler.parts import keys
from landrail.compiler.parts.roles import by_services, role, roles
from landrail.compiler.parts.templates import Resources, arn_of, ref, resource, template
from landrail.compiler.statements import allow, document, of_organization, role_arn
from landrail.resources import Stack, account_id
from landrail.spec import Platform

ALIAS = "landrail/alarms"
_EVENTS = "events.amazonaws.com"
_NAME = "landrail-break-glass"
_TOPIC = "landrail-alarms"
_BREAK_GLASS = ":role/landrail/break-glass"


def compile_alarms(platform: Platform) -> Iterator[Stack]:
    """Yield the topic's stack in audit, and in every other account the way there."""
    if not platform.break_glass:
        return
    made = template("Landrail: alarms", _topic(platform), _bus(platform), _rule())
    yield site.stack(platform, site.AUDIT, "alarms", made)
    for account in platform.accounts_made():
        if account.name != site.AUDIT:
            content = template(
                "Landrail: break-glass alarms go to audit", _way(platform, account.name)
            )
            after = [site.stack_address(site.AUDIT, "alarms")]
            yield site.stack(platform, account.name, "alarms", content, after=after)


def _topic(platform: Platform) -> Resources:
    from_events = {"Service": _EVENTS}
    own = {"StringEquals": {"aws:SourceAccount": account_id(site.AUDIT)}}
    uses = [
        allow(
            ("kms:Decrypt", "kms:GenerateDataKey*"), "*", own, sid="Events", principal=from_events
        )
    ]
    topic = f"arn:aws:sns:{platform.region}:{account_id(site.AUDIT)}:{_TOPIC}"
    publish = allow("sns:Publish", topic, own, sid="Events", principal=from_events)
    return {
        **keys.key(platform, site.AUDIT, ALIAS, "Alarms", uses),
        "Topic": resource("AWS::SNS::Topic", {"TopicName": _TOPIC, "KmsMasterKeyId": ref("Key")}),
        "TopicPolicy": resource(
            "AWS::SNS::TopicPolicy",
            {"Topics": [ref("Topic")], "PolicyDocument": document(publish)},
        ),
    }


def _bus(platform: Platform) -> Resources:
    statement = {
        "Sid": "Organization",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "events:PutEvents",
        "Resource": _bus_arn(platform),
        "Condition": {
            "StringEquals": of_organization(),
            "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/landrail/alarm"},
        },
    }
    properties = {
        "EventBusName": "default",
        "StatementId": statement["Sid"],
        "Statement": statement,
    }
    return {"Bus": resource("AWS::Events::EventBusPolicy", properties)}


def _rule() -> Resources:
    properties = {
        "Name": _NAME,
        "Description": "Somebody entered break-glass",
        "State": "ENABLED",
        "EventPattern": _pattern({"suffix": _BREAK_GLASS}),
        "Targets": [{"Id": "topic", "Arn": ref("Topic")}],
    }
    return {"Rule": resource("AWS::Events::Rule", properties)}


def _way(platform: Platform, account: str) -> Resources:
    bus = _bus_arn(platform)
    alarm = role(
        "alarm",
        by_services(account, _EVENTS),
        [allow("events:PutEvents", bus, sid="Forward")],
        description="Carries break-glass alarms to the audit account",
    )
    properties = {
        "Name": _NAME,
        "Description": "Somebody entered break-glass: tell audit",
        "State": "ENABLED",
        "EventPattern": _pattern(role_arn(account, "break-glass")),
        "Targets": [{"Id": "audit", "Arn": bus, "RoleArn": arn_of("RoleAlarm")}],
    }
    return {**roles(("alarm", alarm)), "Rule": resource("AWS::Events::Rule", properties)}


def _pattern(entered: Any) -> dict[str, Any]:
    return {
        "source": ["aws.sts"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {
            "eventName": ["AssumeRoleWithWebIdentity"],
            "requestParameters": {"roleArn": [entered]},
        },
    }


def _bus_arn(platform: Platform) -> str:
    return f"arn:aws:events:{platform.region}:{account_id(site.AUDIT)}:event-bus/default"
