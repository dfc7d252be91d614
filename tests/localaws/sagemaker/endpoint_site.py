"""Endpoints of one variant, `all`, and what the tests of deployments ask of them."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from sagemaker_studio import Studio, until

BUSY = ("Creating", "Updating", "SystemUpdating", "RollingBack")


@dataclass
class Site:
    """The account, and names that nobody else has."""

    studio: Studio
    unique: Callable[[str], str]
    made: list[str] = field(default_factory=list)

    def config(
        self, colour: str, *, count: int = 1, environment: dict[str, str] | None = None, **more: Any
    ) -> str:
        """Make a configuration whose variant `all` answers with a colour."""
        model = self.studio.model(
            self.unique("model"), 5.0, colour=colour, environment=environment or {}
        )
        name = self.unique(colour)
        variant = {
            "VariantName": "all",
            "ModelName": model,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": count,
        }
        self.studio.sagemaker.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=[variant], **more
        )
        return name

    def endpoint(self, config: str, **more: Any) -> str:
        """Make an endpoint and wait for it."""
        name = self.unique("endpoint")
        self.studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, **more)
        self.made.append(name)
        assert self.settled(name)["EndpointStatus"] == "InService"
        return name

    def update(self, name: str, config: str, **more: Any) -> None:
        self.studio.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config, **more)

    def described(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.studio.sagemaker.describe_endpoint(EndpointName=name)
        return found

    def settled(self, name: str, seconds: float = 90) -> dict[str, Any]:
        return until(lambda: self.described(name), "EndpointStatus", *BUSY, seconds=seconds)

    def reached(self, name: str, status: str) -> dict[str, Any]:
        """Wait until the variant that comes has a status, and return what is said then."""
        end = time.monotonic() + 60
        while True:
            answer = self.described(name)
            pending = (answer.get("PendingDeploymentSummary") or {}).get("ProductionVariants") or []
            if pending and pending[0]["VariantStatus"][0]["Status"] == status:
                return answer
            assert time.monotonic() < end, answer
            assert answer["EndpointStatus"] in BUSY, answer
            time.sleep(0.1)

    def colour(self, name: str, **more: Any) -> str:
        """Ask once; what answered, or the status of the error."""
        try:
            answer = self.studio.client("sagemaker-runtime").invoke_endpoint(
                EndpointName=name, Body=b"5 6", ContentType="text/plain", Accept="text/csv", **more
            )
        except ClientError as error:
            return str(error.response.get("OriginalStatusCode", error))
        return str(answer["CustomAttributes"])

    def colours(self, name: str, times: int) -> Counter[str]:
        return Counter(self.colour(name) for _ in range(times))

    @contextmanager
    def load(self, *names: str, pause: float = 0.1) -> Iterator[dict[str, Counter[str]]]:
        """Ask endpoints again and again meanwhile; what answered."""
        self.studio.client("sagemaker-runtime")
        seen: dict[str, Counter[str]] = {name: Counter() for name in names}
        over = threading.Event()

        def ask(name: str) -> None:
            while not over.wait(pause):
                seen[name][self.colour(name)] += 1

        threads = [threading.Thread(target=ask, args=(name,)) for name in names for _ in "12"]
        for thread in threads:
            thread.start()
        try:
            yield seen
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def alarm(self, **settings: Any) -> str:
        """Make an alarm that stays as it is set, unless it is told what to look at."""
        name = self.unique("alarm")
        quiet = {
            "Namespace": "Tests",
            "MetricName": name,
            "Statistic": "Sum",
            "Period": 10,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "ignore",
        }
        self.studio.client("cloudwatch").put_metric_alarm(AlarmName=name, **(quiet | settings))
        return name

    def set_alarm(self, name: str, state: str) -> None:
        self.studio.client("cloudwatch").set_alarm_state(
            AlarmName=name, StateValue=state, StateReason="the test says so"
        )


def blue_green(
    kind: str, *alarms: str, wait: int = 0, end: int = 0, **sizes: Any
) -> dict[str, Any]:
    """A DeploymentConfig; sizes are percents, `CanarySize=20`."""
    percents = {k: {"Type": "CAPACITY_PERCENT", "Value": v} for k, v in sizes.items()}
    routing = {"Type": kind, "WaitIntervalInSeconds": wait, **percents}
    policy = {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": end}
    return {"BlueGreenUpdatePolicy": policy, **watched(*alarms)}


def rolling(*alarms: str, wait: int = 0, **sizes: int) -> dict[str, Any]:
    """A DeploymentConfig; sizes are numbers of instances."""
    counts = {k: {"Type": "INSTANCE_COUNT", "Value": v} for k, v in sizes.items()}
    policy = {"WaitIntervalInSeconds": wait, **counts}
    return {"RollingUpdatePolicy": policy, **watched(*alarms)}


def watched(*alarms: str) -> dict[str, Any]:
    listed = [{"AlarmName": name} for name in alarms]
    return {"AutoRollbackConfiguration": {"Alarms": listed}} if listed else {}
