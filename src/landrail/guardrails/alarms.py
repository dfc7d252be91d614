"""Guardrails of the alarm: an entry of break-glass is heard of in audit, whoever it was."""

from __future__ import annotations

from landrail.guardrails.actions import DEFAULT_RULE, patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
    vending_role,
)

_MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())
# AWS's data gives these no resource: they are about the bus that the call names.
_SHARING = ("PutPermission", "RemovePermission")
_LISTENING = ("ConfirmSubscription", "Publish", "Subscribe")
"""What people do with the topic: they may hear the alarm, and rehearse it."""


def _rules(_facts: Facts) -> tuple[Statement, ...]:
    changes = patterns("events", writes_on("events", DEFAULT_RULE))
    return (deny(changes, "arn:aws:events:*:*:rule/landrail-*", unless=_MAKERS),)


def _receivers(_facts: Facts) -> tuple[Statement, ...]:
    bus = {*writes_on("events", "event-bus"), *_SHARING} - {"PutEvents"}
    topic = tuple(name for name in writes_on("sns", "topic") if name not in _LISTENING)
    return (
        deny(patterns("events", tuple(sorted(bus))), unless=_MAKERS),
        deny(patterns("sns", topic), "arn:aws:sns:*:*:landrail-*", unless=_MAKERS),
    )


RULES = Guardrail(
    name="protect-alarms",
    summary="nobody silences the alarm that an entry of break-glass raises",
    remedy="make rules of your own, named otherwise than landrail-...",
    scopes=(ROOT,),
    preventive=_rules,
)
RECEIVERS = Guardrail(
    name="protect-alarm-topic",
    summary="alarms of all accounts reach the topic of the audit account",
    remedy="subscribe to the topic; make topics of your own, named otherwise than landrail-...",
    scopes=("Security",),
    preventive=_receivers,
)
