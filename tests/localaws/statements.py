"""Policies in few words, for the tests of this folder."""

from __future__ import annotations

import json
from typing import Any

VERSION = "2012-10-17"


def document(*statements: dict[str, Any], version: str = VERSION) -> str:
    return json.dumps({"Version": version, "Statement": list(statements)})


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(who: Any, action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": "Allow", "Principal": who, "Action": action}
    return {**found, "Condition": condition} if condition else found
