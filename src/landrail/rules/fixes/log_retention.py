"""Fix: a log group keeps its logs longer. Keeping them less long is nobody's fix."""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.rules.fix import Call, Fix, Subject

_TAKEN = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557)
_MORE = (2922, 3288, 3653)
_USUAL = 365


def _calls(_ask: Ask, subject: Subject) -> tuple[Call, ...]:
    asked = int(subject.parameters.get("MinRetentionTime") or _USUAL)
    days = next((taken for taken in (*_TAKEN, *_MORE) if taken >= asked), _MORE[-1])
    given = {"logGroupName": subject.resource_id, "retentionInDays": days}
    return (Call("logs", "PutRetentionPolicy", given),)


FIX = Fix(
    rules=("cw-loggroup-retention-period-check",),
    says="keep logs as long as is asked for",
    calls=_calls,
    actions=("logs:PutRetentionPolicy",),
)
