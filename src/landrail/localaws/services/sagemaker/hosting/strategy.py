"""A deployment configuration read into steps: how much traffic, when, and how long to look at it.

Nothing happens here. Sources: SageMaker API Reference, "DeploymentConfig" and what it refers to;
Developer Guide, "Deployment guardrails". Where they say that sizes "must be" in a range of the
variant's instances, the request is refused; how AWS words that is not documented.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.sagemaker.validation import invalid

Config = Mapping[str, Any]
_WHOLE = 1.0
_MOST = 50
_LINEAR_LEAST = 10
_ROLLING_LEAST = 5


@dataclass(frozen=True, slots=True)
class Size:
    """A number of instances, or a part of them."""

    count: int | None = None
    percent: int | None = None

    def of(self, total: int) -> int:
        """Return how many of so many instances it is: at least one, at most all."""
        if self.count is not None:
            return min(self.count, total)
        return min(max(1, math.ceil(total * (self.percent or 0) / 100)), total)

    def share(self, total: int) -> float:
        """Return which part of the traffic goes to it, of so many instances."""
        if self.count is not None:
            return min(self.count / total, _WHOLE)
        return min((self.percent or 0) / 100, _WHOLE)


@dataclass(frozen=True, slots=True)
class Step:
    """One shift of traffic to the new fleet: its `share` of the whole, on `active` of each
    variant's instances at most (None: all), looked at for `wait` seconds."""

    share: float
    wait: int
    active: Size | None
    what: str
    timer: str


@dataclass(frozen=True, slots=True)
class BlueGreen:
    """The new fleet is started whole; the old one stays until the last step is over."""

    steps: tuple[Step, ...]
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Rolling:
    """The new fleet grows by batches as the old one shrinks; `back` is the batch of a rollback,
    None for all at once."""

    batch: Size
    wait: int
    back: Size | None
    limit: int | None = None


Strategy = BlueGreen | Rolling
ALL_AT_ONCE = BlueGreen((Step(_WHOLE, 0, None, "full capacity", "TerminationWaitInSeconds"),))


def alarms(config: Config | None) -> tuple[str, ...]:
    """Return the names of the alarms that roll a deployment back."""
    listed = ((config or {}).get("AutoRollbackConfiguration") or {}).get("Alarms") or ()
    return tuple(dict.fromkeys(alarm["AlarmName"] for alarm in listed if "AlarmName" in alarm))


def check(config: Config | None, counts: Mapping[str, int]) -> None:
    """Raise ApiError with all that is wrong with a configuration, for variants of so many
    instances."""
    problems = list(_problems(config or {}, counts))
    if problems:
        raise invalid(" ".join(problems))


def strategy(config: Config | None) -> Strategy:
    """Return what a checked configuration means; without a policy, all at once."""
    given = config or {}
    rolling = given.get("RollingUpdatePolicy")
    if rolling:
        back = rolling.get("RollbackMaximumBatchSize")
        size = None if back is None else _size(back)
        return Rolling(
            _size(rolling["MaximumBatchSize"]),
            rolling["WaitIntervalInSeconds"],
            None if size is None or size.percent == 100 else size,
            rolling.get("MaximumExecutionTimeoutInSeconds"),
        )
    policy = given.get("BlueGreenUpdatePolicy")
    if not policy:
        return ALL_AT_ONCE
    return BlueGreen(tuple(_steps(policy)), policy.get("MaximumExecutionTimeoutInSeconds"))


def _steps(policy: Config) -> Iterator[Step]:
    routing = policy["TrafficRoutingConfiguration"]
    wait = routing["WaitIntervalInSeconds"]
    if routing["Type"] == "CANARY":
        size = _size(routing["CanarySize"])
        # How much that is of instances is known with their number only: see `shares`.
        yield Step(0.0, wait, size, "canary capacity", "WaitIntervalInSeconds")
    elif routing["Type"] == "LINEAR":
        size = _size(routing["LinearStepSize"])
        yield Step(0.0, wait, size, "linear", "WaitIntervalInSeconds")
    end = policy.get("TerminationWaitInSeconds", 0)
    yield Step(_WHOLE, end, None, "full capacity", "TerminationWaitInSeconds")


def spread(strategy: BlueGreen, counts: Mapping[str, int]) -> tuple[Step, ...]:
    """Return the steps for variants of so many instances: their shares, and a linear shift in as
    many as it takes."""
    least = min(counts.values())
    found: list[Step] = []
    for step in strategy.steps:
        if step.active is None:
            found.append(step)
            continue
        one = step.active.share(least)
        times = 1 if step.what != "linear" else max(1, math.ceil(_WHOLE / one - 1e-9) - 1)
        for time in range(1, times + 1):
            size = _times(step.active, time)
            found.append(Step(one * time, step.wait, size, "canary capacity", step.timer))
    return tuple(found)


def _times(size: Size, times: int) -> Size:
    if size.count is not None:
        return Size(count=size.count * times)
    return Size(percent=(size.percent or 0) * times)


def _size(given: Config) -> Size:
    if given["Type"] == "INSTANCE_COUNT":
        return Size(count=given["Value"])
    return Size(percent=given["Value"])


def _problems(config: Config, counts: Mapping[str, int]) -> Iterator[str]:
    blue_green, rolling = config.get("BlueGreenUpdatePolicy"), config.get("RollingUpdatePolicy")
    if blue_green and rolling:
        yield "Only one update policy can be used: BlueGreenUpdatePolicy or RollingUpdatePolicy."
    if blue_green:
        yield from _blue_green(blue_green, counts)
    if rolling:
        yield from _rolling(rolling, counts)
    if "AutoRollbackConfiguration" in config and not alarms(config):
        yield "AutoRollbackConfiguration needs at least one alarm with an AlarmName."


def _blue_green(policy: Config, counts: Mapping[str, int]) -> Iterator[str]:
    routing = policy["TrafficRoutingConfiguration"]
    kind, wait = routing["Type"], routing["WaitIntervalInSeconds"]
    total = policy.get("TerminationWaitInSeconds", 0)
    for member, needed, least in (
        ("CanarySize", "CANARY", 0),
        ("LinearStepSize", "LINEAR", _LINEAR_LEAST),
    ):
        given = routing.get(member)
        if kind == needed and given is None:
            yield f"{member} is required where the Type of TrafficRoutingConfiguration is {kind}."
        elif kind != needed and given is not None:
            yield f"{member} is for the Type {needed}, and the Type is {kind}."
        elif given is not None:
            wrong = list(_out_of_range(member, given, counts, least, _MOST))
            yield from wrong
            if not wrong:
                shares = spread(BlueGreen(tuple(_steps(policy))), counts)
                total += wait * (len(shares) - 1)
    yield from _too_short(policy, total)


def _rolling(policy: Config, counts: Mapping[str, int]) -> Iterator[str]:
    if len(counts) > 1:
        yield "Rolling deployments are not supported for endpoints with several variants."
        return
    batch = policy["MaximumBatchSize"]
    wrong = list(_out_of_range("MaximumBatchSize", batch, counts, _ROLLING_LEAST, _MOST))
    yield from wrong
    back = policy.get("RollbackMaximumBatchSize")
    if back is not None:
        yield from _out_of_range("RollbackMaximumBatchSize", back, counts, 0, 100)
    if not wrong:
        total = next(iter(counts.values()))
        times = math.ceil(total / _size(batch).of(total))
        yield from _too_short(policy, times * policy["WaitIntervalInSeconds"])


def _out_of_range(
    member: str, given: Config, counts: Mapping[str, int], least: int, most: int
) -> Iterator[str]:
    value = given["Value"]
    bounds = f"{least}-{most}%" if least else f"less than or equal to {most}%"
    for name, total in counts.items():
        percent = value * 100 / total if given["Type"] == "INSTANCE_COUNT" else value
        if not least <= percent <= most:
            yield (
                f"{member} must be {bounds} of the variant's total instance count: "
                f"{given['Type']} {value} is {percent:g}% of the {total} of {name}."
            )


def _too_short(policy: Config, waiting: int) -> Iterator[str]:
    limit = policy.get("MaximumExecutionTimeoutInSeconds")
    if limit is not None and limit <= waiting:
        yield (
            f"MaximumExecutionTimeoutInSeconds ({limit}) must be larger than the total waiting "
            f"time of the deployment ({waiting} seconds)."
        )
