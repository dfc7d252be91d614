"""How a model's endpoint takes a new version: how traffic moves over, what sends it back, how many
instances serve, and how much of what is asked is kept.

Source of the limits: SageMaker's API reference (BlueGreenUpdatePolicy, TrafficRoutingConfig,
CapacitySize) and its Developer Guide, "Canary traffic shifting" and "Linear traffic shifting".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from landrail.spec.texts import PLAIN, Said, mistake, mistakes
from landrail.spec.worded import Part

Strategy = Literal["all-at-once", "canary", "linear"]
LONGEST_WAIT = 3_600
"""Seconds that SageMaker waits between two steps, and before it ends the old fleet."""
LONGEST = 28_800
"""Seconds that SageMaker gives a deployment."""
STARTING = 3_600
"""Seconds of those that are left for instances to start."""
_MINUTE = 60
_LOCAL_PERIOD = 10
_HALF = 50.0
_LINEAR_LEAST = 10.0
_SPAN = r"(0|[1-9][0-9]{0,4})(s|m|h)"
_SECONDS = {"s": 1, "m": 60, "h": 3_600}
_PERCENT = r"(100|[1-9]?[0-9])(\.[0-9]{1,2})?%"
_SHARE = rf"{_PERCENT}|[1-9][0-9]?"
_TIME = r"[1-9][0-9]{0,5}(ms|s)"


def seconds(span: str) -> int:
    """Return how many seconds a span (`90s`, `10m`, `1h`) has."""
    return int(span[:-1]) * _SECONDS[span[-1]]


def percent(share: str) -> float:
    """Return the number before a percent sign."""
    return float(share.rstrip("%"))


def microseconds(time: str) -> int:
    """Return a latency (`500ms`, `2s`) in the unit of SageMaker's metric."""
    if time.endswith("ms"):
        return int(time[:-2]) * 1_000
    return int(time[:-1]) * 1_000_000


def _wait(value: str) -> str:
    if not re.fullmatch(_SPAN, value):
        raise mistake(f"`{value}` is not a span of time", _meant(value, "m", "10m", "90s", "1h"))
    if seconds(value) > LONGEST_WAIT:
        raise mistake(f"`{value}` is more than an hour", "SageMaker waits at most `1h`")
    return str(value)


def _share_of_hundred(value: str) -> str:
    if not re.fullmatch(_PERCENT, value) or not 0 < percent(value) <= 100:
        raise mistake(f"`{value}` is not a percentage", _meant(value, "%", "10%"))
    return str(value)


def _whole_share(value: str) -> str:
    checked = _share_of_hundred(value)
    if not percent(checked).is_integer():
        raise mistake(f"`{value}`: SageMaker takes whole percents here", "like `10%`")
    return checked


def _share(value: str) -> str:
    if not re.fullmatch(_SHARE, value) or not percent(value):
        raise mistake(
            f"`{value}` is not a share of the fleet",
            "a percentage like `10%`, or a number of instances like `1`",
        )
    if value.endswith("%"):
        return _whole_share(value)
    return str(value)


def _latency(value: str) -> str:
    if not re.fullmatch(_TIME, value):
        raise mistake(f"`{value}` is not a latency", _meant(value, "ms", "500ms", "2s"))
    return str(value)


def _meant(value: str, unit: str, *like: str) -> str:
    """What to write: the number with its unit, where the unit alone is missing."""
    shown = ", ".join(f"`{one}`" for one in like)
    if re.fullmatch(r"[1-9][0-9]*", value):
        return f"did you mean `{value}{unit}`? It is written with its unit, like {shown}"
    if re.fullmatch(r"0?\.[0-9]+", value) and unit == "%":
        return f"did you mean `{float(value) * 100:g}%`?"
    return f"like {shown}"


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


Wait = Annotated[str, PLAIN, AfterValidator(_wait), _text(_SPAN)]
Share = Annotated[
    str,
    PLAIN,
    AfterValidator(_share),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^({_SHARE})$"}),
]
Percent = Annotated[str, PLAIN, AfterValidator(_share_of_hundred), _text(_PERCENT)]
WholePercent = Annotated[str, PLAIN, AfterValidator(_whole_share), _text(_PERCENT)]
Latency = Annotated[str, PLAIN, AfterValidator(_latency), _text(_TIME)]
Instances = Annotated[int, Field(ge=1, le=100)]


class Alarms(Part):
    """What sends a new version back while traffic moves to it, measured on its own instances."""

    errors: Percent | None = None
    """Share of requests of a minute (on the local AWS, of ten seconds) that the model answers with
    a server error (5xx)."""
    latency: Latency | None = None
    """Time within which the model answers 99 % of the requests of that time (`500ms`)."""

    @property
    def any(self) -> bool:
        """Whether there is an alarm at all."""
        return self.errors is not None or self.latency is not None


class Autoscale(Part):
    """How many instances there are by what is asked of them."""

    min: Instances
    """At least so many."""
    max: Instances
    """At most so many."""
    invocations: Annotated[int, Field(ge=1)]
    """Requests a minute that each instance is to have."""

    @model_validator(mode="after")
    def _in_order(self) -> Autoscale:
        if self.max < self.min:
            raise mistake(f"`max` {self.max} is less than `min` {self.min}", "exchange them")
        return self


class Deploy(Part):
    """How an endpoint takes a new version. The first one has nothing to move over from."""

    strategy: Strategy = "canary"
    """How traffic moves to the instances of the new version: first a share and then the rest, in
    equal steps, or at once."""
    share: Share | None = None
    """Size of the canary (at most half) or of each linear step (10 % to half), of the instances:
    `10%`, or a number like `1`; `10%` for a canary and `20%` for steps where it is left out."""
    bake: Wait | None = None
    """How long each step is watched before the next (at most `1h`); 10 minutes where it is left
    out, 20 seconds on the local AWS."""
    keep: Wait | None = None
    """How long the old instances are kept, and the alarms watched, once all traffic has moved (at
    most `1h`); 10 minutes where it is left out, 20 seconds on the local AWS."""
    alarms: Alarms = Alarms(errors="5%")
    """What sends the new version back; `{}` is nothing."""
    instances: Instances | None = None
    """How many instances serve; 1, or what `autoscale` begins with, where it is left out."""
    autoscale: Autoscale | None = None
    """How their number follows the load; on the local AWS it is kept, and nothing scales."""
    capture: WholePercent | None = None
    """Share of requests that are kept with their answers in the stage's bucket, below
    `capture/`."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Deploy:
        if said := tuple(_together(self)):
            raise mistakes(said)
        return self

    @property
    def count(self) -> int:
        """How many instances an endpoint begins with."""
        if self.instances is not None:
            return self.instances
        return self.autoscale.min if self.autoscale is not None else 1

    @property
    def size(self) -> str:
        """The share of a canary or step; that of the strategy where none is said."""
        return self.share or ("20%" if self.strategy == "linear" else "10%")

    def waits(self, *, local: bool) -> tuple[int, int]:
        """Return the seconds between steps and before the old instances end."""
        default = "20s" if local else "10m"
        between = 0 if self.strategy == "all-at-once" else seconds(self.bake or default)
        return between, seconds(self.keep or default)

    def said(self, *, local: bool) -> dict[str, Any]:
        """Return what a step must know to write it into a template."""
        bake, keep = self.waits(local=local)
        found: dict[str, Any] = {
            "strategy": self.strategy,
            "share": self.size,
            "bake": bake,
            "keep": keep,
            "period": _LOCAL_PERIOD if local else _MINUTE,
            "limit": max(600, min(LONGEST, _total(self, bake, keep) + STARTING)),
            "instances": self.count,
        }
        if self.alarms.errors is not None:
            found["errors"] = percent(self.alarms.errors) / 100
        if self.alarms.latency is not None:
            found["latency"] = microseconds(self.alarms.latency)
        if self.autoscale is not None:
            found["autoscale"] = self.autoscale.model_dump()
        if self.capture is not None:
            found["capture"] = int(percent(self.capture))
        return found


def _of_fleet(deploy: Deploy) -> float:
    """The percentage of the instances that a share is."""
    size = deploy.size
    return percent(size) if size.endswith("%") else 100.0 * int(size) / deploy.count


def _total(deploy: Deploy, bake: int, keep: int) -> int:
    """The seconds that a deployment waits in all."""
    steps = {"all-at-once": 0, "canary": 1}.get(deploy.strategy)
    if steps is None:
        steps = math.ceil(100.0 / _of_fleet(deploy) - 1e-9) - 1
    return steps * bake + keep


def _together(deploy: Deploy) -> Iterator[Said]:
    if deploy.strategy == "all-at-once":
        for key in ("share", "bake"):
            if getattr(deploy, key) is not None:
                remedy = (
                    "all of the traffic moves at once; choose `canary` or `linear`"
                    if key == "share"
                    else "`keep` says how long it is watched then"
                )
                yield Said(f"`{key}` is not for the strategy `all-at-once`", remedy, (key,), True)
    else:
        yield from _steps(deploy)
    yield from _unwatched(deploy)
    yield from _scaling(deploy)


def _unwatched(deploy: Deploy) -> Iterator[Said]:
    """Alarms that nobody gives time to judge."""
    key = "keep" if deploy.strategy == "all-at-once" else "bake"
    written = getattr(deploy, key)
    if deploy.alarms.any and written is not None and not seconds(written):
        remedy = f"say how long, like `{key}: 10m`"
        if key == "keep":
            remedy += ", or that nothing does: `alarms: {}`"
        yield Said(f"`{key}: {written}` leaves no time to send a version back", remedy, (key,))


def _steps(deploy: Deploy) -> Iterator[Said]:
    if not deploy.alarms.any:
        what = "a canary" if deploy.strategy == "canary" else "a linear shift"
        yield Said(
            f"{what} without an alarm never goes back by itself",
            "say when: `alarms: {errors: 5%}`; or choose `all-at-once`",
            ("alarms",),
            True,
        )
    share, whole = _of_fleet(deploy), deploy.count
    where = ("share",) if deploy.share is not None else ("strategy",)
    if share > _HALF:
        many = "one instance" if whole == 1 else f"{whole} instances"
        shown = f"`{deploy.size}`" if deploy.size.endswith("%") else f"{deploy.size} of {many}"
        remedy = "at most half of the instances moves at first: write a percentage like `10%`"
        yield Said(f"a share of {shown} is more than half of the fleet", remedy, where)
    elif deploy.strategy == "linear" and share < _LINEAR_LEAST:
        yield Said(
            f"linear steps of `{deploy.size}` are less than a tenth of the fleet",
            "SageMaker takes steps from `10%` to `50%`",
            where,
        )
    elif (total := _total(deploy, *deploy.waits(local=False))) + STARTING > LONGEST:
        yield Said(
            f"the deployment waits {total // 60} minutes in all, and SageMaker ends one after "
            f"{LONGEST // 3_600} hours",
            "make `bake` shorter or `share` larger",
            ("bake",) if deploy.bake is not None else where,
        )


def _scaling(deploy: Deploy) -> Iterator[Said]:
    scale, count = deploy.autoscale, deploy.instances
    if scale is not None and count is not None and not scale.min <= count <= scale.max:
        yield Said(
            f"`instances` {count} is not between `min` {scale.min} and `max` {scale.max} of "
            "`autoscale`",
            "leave `instances` out, or write one between them",
            ("instances",),
        )
