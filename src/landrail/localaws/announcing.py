"""What services tell on the bus of an account. What follows from it, the rules of Events decide."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from landrail.localaws.api import ApiError, Caller, Platform

_log = logging.getLogger(__name__)


class Origin(NamedTuple):
    """Where something happened, and to what; `arn` is empty where the thing has none."""

    account: str
    region: str
    arn: str


def announce(
    platform: Platform, service: str, origin: Origin, kind: str, detail: Mapping[str, Any]
) -> None:
    """Put an event of a service (`codebuild`) on the default bus. What happened stands, whether or
    not it could be told: an event that is refused is only logged."""
    entry = {
        "Source": f"aws.{service}",
        "DetailType": kind,
        "Resources": [origin.arn] if origin.arn else [],
        "Detail": json.dumps(detail),
    }
    try:
        platform.call(
            Caller(kind="service", arn=f"{service}.amazonaws.com", account=None),
            "events",
            "PutEvents",
            {"Entries": [entry]},
            region=origin.region,
            account=origin.account,
        )
    except ApiError as error:
        _log.warning("`%s` of %s was not taken: %s", kind, origin.arn or origin.account, error)
