"""Guardrail: alarms of all accounts reach the topic of the audit account."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny

# AWS's data gives these no resource: they are about the bus that the call names.
_SHARING = ("PutPermission", "RemovePermission")

_LISTENING = ("ConfirmSubscription", "Publish", "Subscribe")
"""What people do with the topic: they may hear the alarm, and rehearse it."""


def _receivers(_facts: Facts) -> tuple[Statement, ...]:
    bus = {*writes_on("events", "event-bus"), *_SHARING} - {"PutEvents"}
    topic = tuple(name for name in writes_on("sns", "topic") if name not in _LISTENING)
    return (
        deny(patterns("events", tuple(sorted(bus))), unless=MAKERS),
        deny(patterns("sns", topic), "arn:aws:sns:*:*:landrail-*", unless=MAKERS),
    )


GUARDRAIL = Guardrail(
    id="protect-alarm-topic",
    title="alarms of all accounts reach the topic of the audit account",
    why="an alarm that can be redirected reaches nobody",
    severity="high",
    remedy="subscribe to the topic; make topics of your own, named otherwise than landrail-...",
    kinds=("log-archive", "audit"),
    service_control=_receivers,
)
