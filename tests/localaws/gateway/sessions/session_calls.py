"""Entering roles, for the tests beside it."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

UNCHECKED = Config(parameter_validation=False, retries={"max_attempts": 0})
ALL = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]


def assumed(local: Any, by: Any, arn: str, **more: Any) -> Any:
    return local.client("sts", by).assume_role(RoleArn=arn, RoleSessionName="test", **more)


def inside(local: Any, by: Any, arn: str, **more: Any) -> boto3.Session:
    return local.session_of(assumed(local, by, arn, **more)["Credentials"])
