"""Calls that the tests beside it sign, one for each kind of protocol."""

from __future__ import annotations

import base64

from signed_wire import Call

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
WHO = Call(
    "sts",
    "POST",
    headers=FORM,
    body=b"Action=GetCallerIdentity&Version=2011-06-15",
    region="us-east-1",
)
JSON = Call(
    "ssm",
    "POST",
    headers={
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "AmazonSSM.DescribeParameters",
    },
    body=b"{}",
)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()
