"""What moto answers otherwise than AWS, put right: small things that real clients trip over.

Each touched internal has a test that fails when moto changes it. What moto decides, and must not,
is in `neutral`.
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend
from moto.organizations.models import FakeDelegatedAdministrator
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response
from moto.sqs.models import Queue

from landrail.localaws.store.mends import vpc_endpoints

_PUT_OBJECT = S3Backend.put_object
_NOTIFICATION = S3Response.get_bucket_notification
_QUEUE_ATTRIBUTES = vars(Queue)["attributes"].fget


def _put_object(
    backend: S3Backend, bucket_name: str, key_name: str, value: bytes, *more: Any, **named: Any
) -> Any:
    """Every object is encrypted, by the default of its bucket where nothing is asked for."""
    if backend.get_bucket(bucket_name).encryption is None and not more:
        named["encryption"] = named.get("encryption") or "AES256"
    return _PUT_OBJECT(backend, bucket_name, key_name, value, *more, **named)


def _queue_attributes(queue: Queue) -> dict[str, Any]:
    """AWS writes the policy for dead letters without spaces; Terraform compares the text."""
    attributes: dict[str, Any] = _QUEUE_ATTRIBUTES(queue)
    redrive = attributes.get("RedrivePolicy")
    if redrive:
        attributes["RedrivePolicy"] = json.dumps(json.loads(redrive), separators=(",", ":"))
    return attributes


def _bucket_notification(response: S3Response) -> Any:
    """moto keeps that events go to EventBridge, and does not tell it."""
    status, headers, body = _NOTIFICATION(response)
    kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if kept is None or kept.event_bridge is None:
        return status, headers, body
    text = body.decode() if isinstance(body, bytes) else str(body)
    told = "<EventBridgeConfiguration/></NotificationConfiguration>"
    if text.endswith("/>"):
        text = f"{text[:-2]}>{told}"
    else:
        text = text.replace("</NotificationConfiguration>", told)
    return status, headers, text


def _delete_trail(backend: CloudTrailBackend, name: str) -> None:
    """A trail is deleted by its ARN too, and one that is not there is an error."""
    del backend.trails[backend.get_trail(name).trail_name]


# Services that an account may administer for its organization, beside those that moto knows.
_ADMINISTERED = [
    *FakeDelegatedAdministrator.SUPPORTED_SERVICES,
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
]


def _lets_log(target_bucket: FakeBucket, target_prefix: str | None) -> bool:
    """Whether a bucket's policy lets S3 write logs there; moto reads statements of one shape."""
    document = json.loads(target_bucket.policy) if target_bucket.policy else {}
    wanted = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}x"
    return any(
        statement.get("Effect") == "Allow"
        and isinstance(who := statement.get("Principal"), dict)
        and "logging.s3.amazonaws.com" in _several(who.get("Service"))
        and any(fnmatchcase("s3:PutObject", one) for one in _several(statement.get("Action")))
        and any(fnmatchcase(wanted, one) for one in _several(statement.get("Resource")))
        for statement in _several(document.get("Statement"))
    )


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (S3Backend, "put_object", _put_object),
    (S3Response, "get_bucket_notification", _bucket_notification),
    (FakeBucket, "_log_permissions_enabled_policy", staticmethod(_lets_log)),
    (CloudTrailBackend, "delete_trail", _delete_trail),
    (FakeDelegatedAdministrator, "SUPPORTED_SERVICES", _ADMINISTERED),
    (Queue, "attributes", property(_queue_attributes)),
    *vpc_endpoints.TOUCHED,
)
