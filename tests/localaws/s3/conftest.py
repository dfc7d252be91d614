"""Clients of S3 and S3 Control as whoever is asked for."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

REGION = "eu-west-1"
OFF = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)


class Clients:
    """Clients that reach AWS's own names by the proxy, as `landrail as` sets them up."""

    def __init__(self, local_aws: Any) -> None:
        self.local = local_aws
        self._config = Config(proxies={"http": local_aws.endpoint}, retries={"max_attempts": 0})

    def control(self, session: boto3.Session) -> Any:
        """S3 Control, which puts the account before its host's name."""
        return self._client(session, "s3control", f"http://s3-control.{REGION}.amazonaws.com")

    def s3(self, session: boto3.Session) -> Any:
        """S3, which puts an access point before it."""
        return self._client(session, "s3", f"http://s3.{REGION}.amazonaws.com")

    def _client(self, session: boto3.Session, service: str, url: str) -> Any:
        return session.client(service, endpoint_url=url, config=self._config)


@pytest.fixture
def clients(local_aws: Any) -> Clients:
    return Clients(local_aws)
