"""Which alarms a composite alarm names in its rule, by their names or ARNs."""

from __future__ import annotations

from landrail.localaws.services.cloudwatch.alarms import rule
from landrail.localaws.services.cloudwatch.alarms.book import Key, Record


def child_of(key: Key, name: str) -> Key:
    """Return which alarm a rule of an alarm names."""
    own = f"arn:aws:cloudwatch:{key.region}:{key.account}:alarm:"
    return Key(key.account, key.region, name.removeprefix(own))


def children(key: Key, record: Record) -> list[Key]:
    """Return the alarms that an alarm names, each once, in the order of its rule."""
    if record["kind"] != "CompositeAlarm":
        return []
    found = rule.parse(record["settings"]["AlarmRule"])
    return list(dict.fromkeys(child_of(key, name) for name in rule.alarms(found)))
