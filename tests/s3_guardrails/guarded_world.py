"""A platform that stands, and who acts in one of its accounts: its administrator, bound by every
guardrail, and break-glass, who makes what the guardrails forbid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.audit.audit_platform import FILE, Standing

from landrail.operations.enter import enter

REGION = "eu-west-1"
TEXT = FILE + "administrators: [adam]\n"
_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_BY_KEY = {
    "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"},
    "BucketKeyEnabled": True,
}
RIGHT_BUCKET: Mapping[str, Any] = {
    "PublicAccessBlockConfiguration": dict.fromkeys(_BLOCK, True),
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
    "VersioningConfiguration": {"Status": "Enabled"},
    "BucketEncryption": {"ServerSideEncryptionConfiguration": [_BY_KEY]},
}
"""The properties of a bucket in a template, each setting named in so many words."""
_CONFIG = Config(retries={"max_attempts": 0})


@dataclass
class Actor:
    """A person in a role of an account."""

    file: Path
    who: str
    _clients: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """What `landrail as` would set."""
        return enter(self.file, self.who).environment

    def client(self, service: str) -> Any:
        """A client of a service; S3's and S3 Control's take the local AWS for their proxy."""
        if service not in self._clients:
            known = self.environment
            session = boto3.Session(
                known["AWS_ACCESS_KEY_ID"],
                known["AWS_SECRET_ACCESS_KEY"],
                known["AWS_SESSION_TOKEN"],
                region_name=REGION,
            )
            here, config = known["AWS_ENDPOINT_URL"], _CONFIG
            if service == "s3control":
                config = _CONFIG.merge(Config(proxies={"http": here}))
                here = known["AWS_ENDPOINT_URL_S3_CONTROL"]
            self._clients[service] = session.client(service, endpoint_url=here, config=config)
        return self._clients[service]

    def call(self, call: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Make a call, `s3.put_object`."""
        service, _, operation = call.partition(".")
        found: dict[str, Any] = getattr(self.client(service), operation)(**params)
        return found

    def refusal(self, call: str, params: Mapping[str, Any]) -> str:
        """What a call is told: empty where it succeeds."""
        try:
            self.call(call, params)
        except ClientError as error:
            said = error.response["Error"]
            return f"{said.get('Code')}: {said.get('Message')}"
        return ""


@dataclass
class World:
    """The platform, and the actors in it by account."""

    platform: Standing
    actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, person: str, role: str, account: str) -> Actor:
        """Somebody in a role of an account."""
        who = f"{person}/{role}@{account}"
        if who not in self.actors:
            self.actors[who] = Actor(self.platform.file, who)
        return self.actors[who]

    def administrator(self, account: str) -> Actor:
        """Who has AdministratorAccess in an account."""
        return self.actor("adam", "administrator", account)

    def break_glass(self, account: str) -> Actor:
        """Whom no guardrail of identities binds."""
        return self.actor("brit", "break-glass", account)

    def account_id(self, account: str) -> str:
        """The id of an account."""
        return str(self.break_glass(account).environment["LANDRAIL_ACCOUNT_ID"])


def right_bucket(actor: Actor, name: str) -> str:
    """Make a bucket that no guardrail has anything against, with an object, and return its name."""
    s3 = actor.client("s3")
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_policy(Bucket=name, Policy=policy(over_tls(name)))
    s3.put_object(Bucket=name, Key="there", Body=b"data")
    return name


def over_tls(bucket: str) -> Mapping[str, Any]:
    """The denial of requests to a bucket that come without TLS."""
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def for_everybody(bucket: str) -> Mapping[str, Any]:
    """The grant of a bucket's objects to everybody."""
    resource = f"arn:aws:s3:::{bucket}/*"
    return {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resource}


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})
