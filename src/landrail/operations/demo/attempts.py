"""Attempting an act, and reading from the trail what decided it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from botocore.exceptions import ClientError

from landrail.diagnostics import Failure
from landrail.operations.demo.acts import Act, Expected, Outcome, Pair, Witnessed
from landrail.operations.demo.cast import Cast
from landrail.operations.demo.facts import Facts
from landrail.operations.server import Server

_EVENT = re.compile(r"\[explain: (e-[0-9a-f]+)\]")
_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden", "403")


def attempt_all(
    cast: Cast, server: Server, facts: Facts, pairs: Iterable[Pair]
) -> Iterator[Outcome]:
    """Attempt each forbidden act, then its twin."""
    for pair in pairs:
        yield attempt(cast, server, facts, pair.wish, pair.forbidden, "denied")
        if isinstance(pair.twin, Witnessed):
            yield witness(cast, pair.wish, pair.twin)
        else:
            yield attempt(cast, server, facts, pair.wish, pair.twin, "allowed")


def witness(cast: Cast, wish: str, twin: Witnessed) -> Outcome:
    """Look for a call on the trail, as an auditor; raises Failure where nobody saw it."""
    asked = [{"AttributeKey": "EventName", "AttributeValue": twin.operation}]
    auditor = cast.actor("audrey", twin.account)
    found = auditor.call("cloudtrail", "LookupEvents", LookupAttributes=asked, MaxResults=50)
    for event in found["Events"]:
        record = json.loads(event["CloudTrailEvent"])
        who = record["userIdentity"]
        name = str(who.get("arn") or who.get("invokedBy") or "")
        if twin.caller in name and "errorCode" not in record:
            return Outcome(
                wish=wish,
                caller=name.partition("assumed-role/")[2] or name,
                call=f"{twin.service}:{twin.operation}",
                resource=next((str(r["ARN"]) for r in record.get("resources", [])), ""),
                expected="allowed",
                got="allowed",
                reason="seen on the trail of this run",
                event=str(record["eventID"]),
            )
    raise Failure(f"no {twin.service}:{twin.operation} by {twin.caller} on the trail")


def attempt(
    cast: Cast, server: Server, facts: Facts, wish: str, act: Act, expected: Expected
) -> Outcome:
    """Make one call; raises Failure where it ends neither well nor in a denial, for then nothing
    was shown."""
    actor = cast.actor(act.who, act.account)
    outcome = Outcome(
        wish=wish,
        caller=actor.caller,
        call=f"{act.service}:{act.operation}",
        resource=_resource(act),
        expected=expected,
        got="allowed",
    )
    try:
        actor.call(act.service, act.operation, **act.parameters)
    except ClientError as error:
        told = error.response.get("Error", {})
        if told.get("Code") not in _DENIED:
            raise Failure(f"{actor.caller} {outcome.call}: {told.get('Message')}") from error
        return _explained(server, facts, outcome, str(told.get("Message", "")))
    return outcome


def _explained(server: Server, facts: Facts, outcome: Outcome, message: str) -> Outcome:
    found = _EVENT.search(message)
    event = found[1] if found else ""
    entry = server.get(f"/_landrail/events/{event}?secret={server.secret}") or {}
    decision = entry.get("landrail", {})
    policy = str(decision.get("policy") or "")
    sid = str(decision.get("sid") or decision.get("statement") or "")
    return replace(
        outcome,
        got="denied",
        layer=str(decision.get("layer") or ""),
        policy=policy,
        statement=sid,
        owner=_owner(facts, policy, sid),
        reason=str(decision.get("reason") or message),
        event=event,
    )


def _owner(facts: Facts, policy: str, sid: str) -> str:
    """Say whose policy decided: a guardrail of the file, or the roles that the file makes."""
    guardrail = facts.guardrail_of(policy, sid)
    return f"guardrail {guardrail} (security)" if guardrail else "landrail.yaml (platform team)"


def _resource(act: Act) -> str:
    for key in ("RoleArn", "ResourceArn", "ModelPackageArn", "PolicyId", "Bucket", "Name"):
        if key in act.parameters:
            return str(act.parameters[key])
    return next((str(v) for v in act.parameters.values() if isinstance(v, str)), "")
