"""The ways of `ways.yaml`: what each calls, and what is expected of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from guarded_world import Actor, over_tls, policy, right_bucket

_READ_AND_WRITE = (
    {"s3.put_object": {"Bucket": "$bucket", "Key": "new", "Body": "x"}},
    {"s3.get_object": {"Bucket": "$bucket", "Key": "new"}},
)
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Way:
    """One way to break a guardrail; `said` is its entry in the file."""

    name: str
    said: Mapping[str, Any]

    @property
    def never(self) -> bool:
        """Whether nobody at all can go it."""
        return bool(self.said.get("never"))

    @property
    def open(self) -> bool:
        """Whether it is made in an account whose own block is lifted."""
        return bool(self.said.get("open"))

    @property
    def refused(self) -> str:
        """The words of the refusal."""
        return str(self.said.get("refused", "service control policy"))

    @property
    def code(self) -> str:
        """What the code of the refusal begins with."""
        return str(self.said.get("code", "AccessDenied"))

    def calls(self, part: str, names: Mapping[str, str]) -> list[Call]:
        """The calls of a part, with `$name` filled in."""
        given = self.said.get(part, _READ_AND_WRITE if part == "twin" else ())
        return [_call(step, names) for step in _filled(given, names)]

    def about(self, part: str, names: Mapping[str, str]) -> dict[str, str]:
        """What is said by rule in a part, with `$name` filled in."""
        return {
            str(rule): str(text) for rule, text in _filled(self.said.get(part, {}), names).items()
        }


def names_of(actor: Actor, way: Way) -> dict[str, str]:
    """Make a right bucket for a way, and return the names of what it is about."""
    unique = uuid.uuid4().hex[:10]
    bucket = right_bucket(actor, f"{way.said.get('bucket', 'tried')}-{unique}")
    owner = actor.call("s3.get_bucket_acl", {"Bucket": bucket})["Owner"]["ID"]
    account = actor.environment["LANDRAIL_ACCOUNT_ID"]
    return {"bucket": bucket, "owner": owner, "account": account, "point": f"point-{unique}"}


def _filled(given: Any, names: Mapping[str, str]) -> Any:
    text = json.dumps(given)
    for name, value in names.items():
        text = text.replace(f"${name}", value)
    return json.loads(text)


def _call(step: Mapping[str, Any], names: Mapping[str, str]) -> Call:
    ((call, params),) = step.items()
    statement = params.get("Policy")
    if call == "s3.put_bucket_policy":
        params["Policy"] = policy(over_tls(names["bucket"]), statement)
    elif statement is not None:
        params["Policy"] = policy(statement)
    return call, params


WAYS = tuple(
    Way(name, said)
    for name, said in yaml.safe_load(
        (Path(__file__).parent / "ways.yaml").read_text(encoding="utf-8")
    ).items()
)
MADE = tuple(way for way in WAYS if not way.never)
