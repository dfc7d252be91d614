"""What the families of resources are written with."""

from __future__ import annotations

from typing import Any


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(service: Any) -> dict[str, Any]:
    principal = {"Service": service}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


ROOT = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}
EVERYTHING = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
KEY_POLICY = policy(
    {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
)


ROOT = {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}
EVERYTHING = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
KEY_POLICY = policy(
    {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}
