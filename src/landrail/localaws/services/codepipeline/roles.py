"""Whom an action acts as: the pipeline's role, or one it assumes with that role's credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import Credentials, Platform

PRINCIPAL = "codepipeline.amazonaws.com"


def enter(platform: Platform, document: Mapping[str, Any], role: str | None) -> Credentials:
    """Return credentials for an action; raises ApiError as the trust or identity policy says."""
    pipeline_role = str(document["definition"]["roleArn"])
    session = str(document["name"])[:64]
    own = platform.assume(
        PRINCIPAL,
        pipeline_role,
        session,
        context={"aws:SourceArn": document["arn"], "aws:SourceAccount": document["account"]},
    )
    if role is None or role == pipeline_role:
        return own
    answer = platform.call(
        own.caller,
        "sts",
        "AssumeRole",
        {"RoleArn": role, "RoleSessionName": session},
        region=document["region"],
    )
    given = answer["Credentials"]
    caller, _ = platform.authenticate(given["AccessKeyId"])
    expiration = given["Expiration"]
    return Credentials(
        access_key_id=given["AccessKeyId"],
        secret_access_key=given["SecretAccessKey"],
        session_token=given["SessionToken"],
        expiration=expiration.timestamp()
        if hasattr(expiration, "timestamp")
        else float(expiration),
        caller=caller,
    )
