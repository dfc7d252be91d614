"""Fix: a Config recorder that is there, and can deliver, is switched on."""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.rules.fix import Call, Fix, NotSafe, Subject


def _calls(ask: Ask, _subject: Subject) -> tuple[Call, ...]:
    recorders = ask("config", "DescribeConfigurationRecorders").get("ConfigurationRecorders")
    channels = ask("config", "DescribeDeliveryChannels").get("DeliveryChannels")
    if not recorders or not channels:
        raise NotSafe("it has no recorder, or no place to deliver to: `landrail apply` makes both")
    given = {"ConfigurationRecorderName": recorders[0]["name"]}
    return (Call("config", "StartConfigurationRecorder", given),)


FIX = Fix(
    rules=("config-recorder-on",),
    says="switch the recorder on",
    calls=_calls,
    actions=("config:StartConfigurationRecorder",),
)
