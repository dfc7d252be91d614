"""ARNs of SageMaker's things, written and read."""

from __future__ import annotations

from dataclasses import dataclass

from landrail.localaws.api import ApiCall


@dataclass(frozen=True, slots=True)
class Place:
    """A named thing of an account and region; `name` may hold slashes (`GROUP/3`)."""

    account: str
    region: str
    kind: str
    name: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}:{self.kind}/{self.name}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What its record is kept under."""
        return self.account, self.region, self.name


def here(call: ApiCall, kind: str, name: str) -> Place:
    """Return the thing of this name where the call acts."""
    return Place(call.account, call.region, kind, name)


def place(call: ApiCall, kind: str, text: str) -> Place:
    """Return the thing that a name or ARN means; an ARN may be of another account."""
    parts = text.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        return Place(parts[4], parts[3], kind, parts[5].partition("/")[2])
    return here(call, kind, text)
