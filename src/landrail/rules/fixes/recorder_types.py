"""Fix: a Config recorder that leaves types out records all of them again, those of IAM too.

Its role and how often it records stay as they are. More is recorded, nothing is lost.
"""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.rules.fix import Call, Fix, NotSafe, Subject

_KEPT = ("name", "roleARN", "recordingMode")
_EVERYTHING = {"allSupported": True, "includeGlobalResourceTypes": True}


def _calls(ask: Ask, _subject: Subject) -> tuple[Call, ...]:
    recorders = ask("config", "DescribeConfigurationRecorders").get("ConfigurationRecorders") or ()
    # A recorder that belongs to a service of AWS is changed by that service alone.
    own = [recorder for recorder in recorders if not recorder.get("servicePrincipal")]
    if not own:
        raise NotSafe("it has no recorder of its own: `landrail apply` makes it")
    kept = {name: own[0][name] for name in _KEPT if name in own[0]}
    given = {"ConfigurationRecorder": {**kept, "recordingGroup": _EVERYTHING}}
    return (Call("config", "PutConfigurationRecorder", given),)


FIX = Fix(
    rules=("config-recorder-all-types",),
    says="record all types of resources",
    calls=_calls,
    actions=("config:PutConfigurationRecorder",),
)
