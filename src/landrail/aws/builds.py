"""The session inside a build: the build's own role, and the roles that it may enter.

Unlike every other session of the author's house, this one takes its credentials from the
environment, because that is where CodeBuild puts them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import RefreshableCredentials

_CONFIG = Config(retries={"mode": "adaptive", "max_attempts": 8})


class BuildSession:
    """Clients of one role; `entered` gives those of another."""

    def __init__(self, session: boto3.Session | None = None) -> None:
        self._session = session or boto3.Session()
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        return self._session.client(service, config=_CONFIG)

    @property
    def region(self) -> str:
        """The region of the build."""
        return str(self._session.region_name)

    def entered(self, role_arn: str, session_name: str) -> BuildSession:
        """Return the session of a role that this one may assume; raises where it may not. A session
        that one role enters from another lasts an hour and jobs take longer: it is entered again
        before it ends."""

        def enter() -> dict[str, str]:
            answer = self.client("sts").assume_role(
                RoleArn=role_arn, RoleSessionName=session_name[:64], DurationSeconds=3600
            )["Credentials"]
            return {
                "access_key": answer["AccessKeyId"],
                "secret_key": answer["SecretAccessKey"],
                "token": answer["SessionToken"],
                "expiry_time": answer["Expiration"].isoformat(),
            }

        inside = botocore.session.Session()
        # botocore has no public way to give a session credentials that are made anew.
        inside._credentials = RefreshableCredentials.create_from_metadata(
            metadata=enter(), refresh_using=enter, method="sts-assume-role"
        )
        return BuildSession(boto3.Session(botocore_session=inside, region_name=self.region))
