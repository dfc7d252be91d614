"""Logs, events, queues, parameters, catalogs and the like: where their names stand.

Source: the services' pages in the Service Authorization Reference; CloudWatch Logs User Guide,
"CloudWatch Logs resources and operations" for the form of log group ARNs.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from landrail.localaws.gateway.requests.arns import at_path
from landrail.localaws.gateway.requests.general import general, known
from landrail.localaws.gateway.requests.key_tables import logs_keys, ssm_keys
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.used_keys import keys_of_parameters, used
from landrail.localaws.gateway.requests.values import (
    Authorization,
    Call,
    ContextValue,
    Lookup,
    Unresolved,
)

_DEFAULT_BUS = "default"
_ARN_PARTS = 6


def _log_groups(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """A log group's ARN ends with its streams, `:log-stream:` and a name or nothing."""
    base = f"arn:aws:logs:{call.region}:{call.account}:log-group:"
    group = call.params.get("logGroupName") or call.params.get("logGroupIdentifier")
    arn = str(group).removesuffix(":*") if str(group).startswith("arn:") else f"{base}{group}"
    if group is None:
        arn = f"{base}{call.params.get('logGroupNamePrefix') or ''}"
    stream = call.params.get("logStreamName") or ""
    name, _ = known(call, f"logs:{call.operation}")
    return [Authorization(name, f"{arn}:log-stream:{stream}", call.account)]


_LOG_OPERATIONS = """
CreateLogGroup DeleteLogGroup DescribeLogGroups CreateLogStream DeleteLogStream DescribeLogStreams
PutLogEvents GetLogEvents FilterLogEvents PutRetentionPolicy DeleteRetentionPolicy
AssociateKmsKey DisassociateKmsKey PutMetricFilter DeleteMetricFilter DescribeMetricFilters
PutSubscriptionFilter DeleteSubscriptionFilter DescribeSubscriptionFilters ListTagsLogGroup
TagLogGroup UntagLogGroup GetLogGroupFields
"""

LOGS = Rules(
    "logs",
    keys=logs_keys,
    gaps=frozenset({"GetLogObject"}),
    custom=dict.fromkeys(_LOG_OPERATIONS.split(), _log_groups),
    names={
        "LogGroupName": (
            "logGroupName",
            "logGroupNames",
            "logGroupIdentifier",
            "logGroupIdentifiers",
            "logGroupArn",
            "logGroupArnList",
        ),
        "DestinationName": ("destinationName",),
        "DeliveryName": ("id", "name"),
        "ScheduledQueryId": ("identifier",),
    },
    passed_to="logs.amazonaws.com",
)


def _bus(params: Any) -> str:
    name = str(at_path(params, "EventBusName") or _DEFAULT_BUS)
    return name.rpartition("/")[2]


def _rules(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    rule, bus = call.params.get("Rule") or call.params.get("Name"), _bus(call.params)
    if not rule:
        raise Unresolved("events", call.operation, "which rule it is about")
    path = str(rule) if bus == _DEFAULT_BUS else f"{bus}/{rule}"
    base = f"arn:aws:events:{call.region}:{call.account}"
    context: dict[str, ContextValue] = {}
    targets = tuple(str(t["Arn"]) for t in call.params.get("Targets") or () if t.get("Arn"))
    if targets:
        context["events:TargetArn"] = targets
    context.update(_of_pattern(call.params.get("EventPattern")))
    context["events:creatorAccount"] = call.account
    return [Authorization(f"events:{call.operation}", f"{base}:rule/{path}", call.account, context)]


_PATTERN_KEYS = (
    ("events:source", "source"),
    ("events:detail-type", "detail-type"),
    ("events:detail.service", "detail.service"),
    ("events:detail.eventTypeCode", "detail.eventTypeCode"),
    ("events:detail.userIdentity.principalId", "detail.userIdentity.principalId"),
)


def _of_pattern(text: Any) -> dict[str, ContextValue]:
    """What a rule's pattern asks for by plain values; one that cannot be read is the service's."""
    try:
        pattern = json.loads(str(text)) if text else {}
    except ValueError:
        return {}
    found: dict[str, ContextValue] = {}
    for key, path in _PATTERN_KEYS:
        value = at_path(pattern, path) if isinstance(pattern, dict) else None
        values = tuple(str(v) for v in value or () if isinstance(v, str | int))
        if values:
            found[key] = values
    return found


def _put_events(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    entries = call.params.get("Entries") or ()
    base = f"arn:aws:events:{call.region}:{call.account}:event-bus/"
    found = []
    for entry in entries:
        given = str(entry.get("EventBusName") or _DEFAULT_BUS)
        arn = given if given.startswith("arn:") else f"{base}{given}"
        account = arn.split(":")[4]
        context: dict[str, ContextValue] = {"events:eventBusInvocation": "false"}
        for name, key in (("Source", "events:source"), ("DetailType", "events:detail-type")):
            if entry.get(name):
                context[key] = str(entry[name])
        found.append(Authorization("events:PutEvents", arn, account, context))
    if not found:
        raise Unresolved("events", call.operation, "which event bus it is about")
    return found


_RULE_OPERATIONS = """
PutRule DeleteRule DescribeRule EnableRule DisableRule PutTargets RemoveTargets ListTargetsByRule
"""

EVENTS = Rules(
    "events",
    custom={**dict.fromkeys(_RULE_OPERATIONS.split(), _rules), "PutEvents": _put_events},
    names={"EventBusName": ("EventBusName", "Name")},
    stand_ins={"EventBusName": _DEFAULT_BUS},
    passed_to="events.amazonaws.com",
)


def _parameters(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    """A parameter's ARN joins its name to `parameter` with one slash, the name's own if it has."""
    name, _ = known(call, f"ssm:{call.operation}")
    given: Any = call.params.get("Names") or call.params.get("Name") or call.params.get("Path")
    names = [given] if isinstance(given, str) else list(given or ())
    if not names:
        raise Unresolved("ssm", call.operation, "which parameter it is about")
    base = f"arn:aws:ssm:{call.region}:{call.account}:parameter/"
    found = [
        Authorization(name, n if n.startswith("arn:") else base + n.lstrip("/"), _account(n, call))
        for n in map(_unversioned, names)
    ]
    return [*found, *_secrets_behind(call, found, lookup)]


_SECRETS = "parameter/aws/reference/secretsmanager/"


def _secrets_behind(
    call: Call, found: Sequence[Authorization], lookup: Lookup
) -> list[Authorization]:
    """A parameter may stand for a secret, which is read in the caller's name."""
    read = []
    for needed in found:
        head, _, secret = needed.resource.partition(_SECRETS)
        if secret and head.startswith("arn:aws:ssm:"):
            bare = f"arn:aws:secretsmanager:{call.region}:{needed.account}:secret:{secret}"
            arn = lookup.secret_arn(needed.account, call.region, secret) or bare
            action, via = "secretsmanager:GetSecretValue", "ssm.amazonaws.com"
            read.append(Authorization(action, arn, needed.account, via=via))
            key = lookup.resource_key(arn)
            if key is not None:
                read.append(
                    used(key, "Decrypt", "secretsmanager", {"SecretARN": arn}, call, lookup)
                )
    return read


def _account(name: str, call: Call) -> str:
    return name.split(":")[4] if name.startswith("arn:") else call.account


def _unversioned(name: Any) -> str:
    """The name or ARN without the version or label that may follow it."""
    parts = str(name).split(":", _ARN_PARTS)
    whole = parts[:_ARN_PARTS] if parts[0] == "arn" else parts[:1]
    return ":".join(whole)


_PARAMETER_OPERATIONS = """
GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter
DeleteParameters LabelParameterVersion UnlabelParameterVersion
"""


def _ssm_tags(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    kinds = {"Parameter": "parameter", "Document": "document", "PatchBaseline": "patchbaseline"}
    kind = kinds.get(str(call.params.get("ResourceType")))
    if kind is None:
        return general(call, Rules("ssm"))
    each = str(call.params.get("ResourceId", "")).lstrip("/")
    arn = f"arn:aws:ssm:{call.region}:{call.account}:{kind}/{each}"
    return [Authorization(f"ssm:{call.operation}", arn, call.account)]


_SSM_TAGS = ("AddTagsToResource", "RemoveTagsFromResource", "ListTagsForResource")

SSM = Rules(
    "ssm",
    keys=ssm_keys,
    custom={
        **dict.fromkeys(_PARAMETER_OPERATIONS.split(), _parameters),
        **dict.fromkeys(_SSM_TAGS, _ssm_tags),
    },
    gaps=frozenset(
        {
            "DeregisterDefaultHostManagementConfiguration",
            "RegisterDefaultHostManagementConfiguration",
        }
    ),
    names={
        "ResourceId": ("WindowId", "OpsItemId", "SettingId"),
        "PatchBaselineIdResourceId": ("BaselineId",),
    },
    unnamed=frozenset({"CancelMaintenanceWindowExecution"}),
    used_keys=keys_of_parameters,
    passed_to="ssm.amazonaws.com",
)


def _queue(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    """A queue's URL ends with its account and name."""
    name, action = known(call, _SQS_BATCH.get(call.operation, f"sqs:{call.operation}"))
    if not action.resources:
        return [Authorization(name, "*", call.account)]
    if call.operation in _MOVES:
        return _moved(name, call)
    url = str(call.params.get("QueueUrl") or "")
    if url:
        *_, account, queue = ["", *url.rstrip("/").split("/")]
        account = account if account.isdigit() else call.account
    else:
        account, queue = call.account, str(call.params.get("QueueName") or "")
        named = str(call.params.get("QueueOwnerAWSAccountId") or account)
        account = named if named.isdigit() else account
    if not queue:
        raise Unresolved("sqs", call.operation, "which queue it is about")
    return [Authorization(name, f"arn:aws:sqs:{call.region}:{account}:{queue}", account)]


_MOVES = ("StartMessageMoveTask", "ListMessageMoveTasks", "CancelMessageMoveTask")


def _moved(name: str, call: Call) -> Sequence[Authorization]:
    """Moves of messages are of their source, a dead-letter queue; a task's handle holds its ARN."""
    source = call.params.get("SourceArn") or _source_of(call.params.get("TaskHandle"))
    if not isinstance(source, str) or not source.startswith("arn:aws:sqs:"):
        raise Unresolved("sqs", call.operation, "which queue it is about")
    return [Authorization(name, source, _account(source, call))]


def _source_of(handle: Any) -> Any:
    try:
        found = json.loads(base64.b64decode(str(handle), validate=True))
    except ValueError:
        return None
    return found.get("sourceArn") if isinstance(found, dict) else None


_SQS_BATCH = {
    "ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "DeleteMessageBatch": "sqs:DeleteMessage",
    "SendMessageBatch": "sqs:SendMessage",
}
SQS_BY_URL = _queue
