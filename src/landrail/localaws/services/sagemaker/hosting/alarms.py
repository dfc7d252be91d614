"""The alarms of a deployment, looked at under the model's execution role.

SageMaker Developer Guide, "Auto-Rollback Configuration and Monitoring": the execution role needs
`cloudwatch:DescribeAlarms`. An alarm that is not there, or may not be looked at, watches nothing,
and a deployment that relies on it goes no further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landrail.localaws.api import ApiError, Caller, Platform


class Tripped(Exception):
    """The deployment is to be rolled back; the text says why."""


class Alarms:
    """The alarms of one deployment."""

    def __init__(
        self, platform: Platform, caller: Callable[[], Caller], region: str, names: Sequence[str]
    ) -> None:
        """`caller` gives the role's session at the time of looking."""
        self._platform, self._caller, self._region = platform, caller, region
        self._names = list(names)

    def look(self) -> None:
        """Raise Tripped if any is in ALARM, or cannot be looked at."""
        if not self._names:
            return
        kinds = ["MetricAlarm", "CompositeAlarm"]
        try:
            answer = self._platform.call(
                self._caller(),
                "cloudwatch",
                "DescribeAlarms",
                {"AlarmNames": self._names, "AlarmTypes": kinds},
                region=self._region,
            )
        except ApiError as error:
            raise Tripped(
                f"The alarms {', '.join(self._names)} cannot be looked at. Please ensure that the "
                "execution role allows cloudwatch:DescribeAlarms: "
                f"{error.code}: {error.message}"
            ) from error
        found = [*(answer.get("MetricAlarms") or ()), *(answer.get("CompositeAlarms") or ())]
        states = {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}
        missing = [name for name in self._names if name not in states]
        if missing:
            raise Tripped(f"There is no alarm {', '.join(missing)} in this account and region.")
        tripped = [name for name in self._names if states[name] == "ALARM"]
        if tripped:
            raise Tripped(f"One or more alarms are in the ALARM state: {', '.join(tripped)}.")
