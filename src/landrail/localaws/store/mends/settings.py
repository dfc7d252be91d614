"""Settings of resources that moto takes and forgets, or does not tell as AWS does: keys of
snapshots and log groups, a key's regions and period of rotation, rotation of secrets, EMR's block
of public clusters, a catalogue without a policy, a workgroup without tags.

Each touched internal has a test that fails when moto changes it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from moto.athena.models import AthenaBackend
from moto.core.responses import EmptyResult
from moto.core.utils import utcnow
from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot
from moto.emr.models import ElasticMapReduceBackend
from moto.emr.responses import ElasticMapReduceResponse
from moto.glue.exceptions import GlueClientError
from moto.glue.models import GlueBackend
from moto.kms.models import Key
from moto.kms.responses import KmsResponse
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    SecretNotFoundException,
)
from moto.secretsmanager.models import SecretsManagerBackend

_SNAPSHOT = EBSBackend.create_snapshot
_KEY = Key.to_dict
_ENABLE_ROTATION = KmsResponse.enable_key_rotation
_ROTATION_STATUS = KmsResponse.get_key_rotation_status
_CATALOGUE_POLICY = GlueBackend.get_resource_policy
_EMR_BLOCK = ElasticMapReduceBackend.get_block_public_access_configuration
_SSH = {"min_range": 22, "max_range": 22}
_USUAL_PERIOD = 365


def _create_snapshot(backend: EBSBackend, *given: Any, **named: Any) -> Snapshot:
    """A snapshot is under the key of its volume."""
    made = _SNAPSHOT(backend, *given, **named)
    made.kms_key_id = made.volume.kms_key_id
    return made


def _told_key(key: Key) -> dict[str, Any]:
    """AWS says of every key whether it is of several regions."""
    told = _KEY(key)
    told["KeyMetadata"]["MultiRegion"] = bool(told["KeyMetadata"]["MultiRegion"])
    return told


def _enable_rotation(response: KmsResponse) -> str:
    answer = _ENABLE_ROTATION(response)
    key: Any = _key(response)
    key.landrail_rotation_period = int(response._get_param("RotationPeriodInDays") or _USUAL_PERIOD)
    key.landrail_rotation_since = utcnow()
    return answer


def _rotation_status(response: KmsResponse) -> str:
    """AWS tells the period, and the next time, of a rotation that is on."""
    told, key = json.loads(_ROTATION_STATUS(response)), _key(response)
    if told["KeyRotationEnabled"]:
        period = timedelta(days=getattr(key, "landrail_rotation_period", _USUAL_PERIOD))
        since = getattr(key, "landrail_rotation_since", key.creation_date)
        past = (utcnow() - since) // period
        told["RotationPeriodInDays"] = period.days
        told["NextRotationDate"] = (since + period * (past + 1)).timestamp()
    return json.dumps({**told, "KeyId": key.id})


def _key(response: KmsResponse) -> Any:
    named = response._get_param("KeyId")
    return response.kms_backend.keys[response.kms_backend.get_key_id(named)]


def _associate(response: LogsResponse) -> EmptyResult:
    _log_group(response).kms_key_id = response._get_param("kmsKeyId")
    return EmptyResult()


def _disassociate(response: LogsResponse) -> EmptyResult:
    _log_group(response).kms_key_id = None
    return EmptyResult()


def _log_group(response: LogsResponse) -> LogGroup:
    name = response._get_param("logGroupName")
    if not name:
        name = str(response._get_param("resourceIdentifier")).partition(":log-group:")[2]
    found = response.logs_backend.groups.get(name.removesuffix(":*"))
    if found is None:
        raise ResourceNotFoundException("The specified log group does not exist.")
    return found


def _rotate(
    backend: SecretsManagerBackend,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> str:
    """The schedule is kept; no function runs here, and none is asked to."""
    del client_request_token, rotate_immediately
    if not backend._is_valid_identifier(secret_id):
        raise SecretNotFoundException()
    secret: Any = backend.secrets[secret_id]
    if secret.is_deleted():
        message = "You can't perform this operation on the secret because it was marked deleted."
        raise InvalidRequestException(message)
    function = rotation_lambda_arn or secret.rotation_lambda_arn
    if not function:
        message = "No Lambda rotation function ARN is associated with this secret."
        raise InvalidRequestException(message)
    days = int((rotation_rules or {}).get("AutomaticallyAfterDays", 0))
    if rotation_rules and "AutomaticallyAfterDays" in rotation_rules and not 1 <= days <= 1000:
        message = "RotationRules.AutomaticallyAfterDays must be within 1-1000."
        raise InvalidParameterException(message)
    secret.rotation_requested = True
    secret.rotation_lambda_arn = function
    secret.rotation_enabled = True
    if days:
        secret.auto_rotate_after_days = days
        secret.next_rotation_date = int(utcnow().timestamp()) + days * 86_400
    return str(secret.to_short_dict())


def _catalogue_policy(backend: GlueBackend, resource_arn: str | None = None) -> dict[str, Any]:
    found = _CATALOGUE_POLICY(backend, resource_arn)
    if not found:
        raise GlueClientError("EntityNotFoundException", "Policy not found")
    return found


def _tags_of_athena(backend: AthenaBackend, resource_arn: str) -> dict[str, Any] | None:
    """What has no tags is there all the same."""
    held = (backend.work_groups, backend.data_catalogs, backend.capacity_reservations)
    if any(one.arn == resource_arn for things in held for one in things.values()):
        return backend.tagger.list_tags_for_resource(resource_arn)
    return None


def _put_emr_block(response: ElasticMapReduceResponse) -> EmptyResult:
    """moto takes every answer for yes."""
    asked = response._get_params()["BlockPublicAccessConfiguration"]
    response.backend.put_block_public_access_configuration(
        block_public_security_group_rules=bool(asked["BlockPublicSecurityGroupRules"]),
        rule_ranges=asked.get("PermittedPublicSecurityGroupRuleRanges"),
    )
    return EmptyResult()


def _emr_block(backend: ElasticMapReduceBackend) -> dict[str, Any]:
    """On from the beginning, but for SSH."""
    return _EMR_BLOCK(backend) or {
        "block_public_access_configuration": {
            "block_public_security_group_rules": True,
            "permitted_public_security_group_rule_ranges": [_SSH],
        },
        "block_public_access_configuration_metadata": {
            "creation_date_time": utcnow(),
            "created_by_arn": f"arn:aws:iam::{backend.account_id}:root",
        },
    }


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (EBSBackend, "create_snapshot", _create_snapshot),
    (Key, "to_dict", _told_key),
    (KmsResponse, "enable_key_rotation", _enable_rotation),
    (KmsResponse, "get_key_rotation_status", _rotation_status),
    (SecretsManagerBackend, "rotate_secret", _rotate),
    (GlueBackend, "get_resource_policy", _catalogue_policy),
    (AthenaBackend, "list_tags_for_resource", _tags_of_athena),
    (ElasticMapReduceResponse, "put_block_public_access_configuration", _put_emr_block),
    (ElasticMapReduceBackend, "get_block_public_access_configuration", _emr_block),
)
# class, attribute that moto does not have, what it becomes
ADDED: tuple[tuple[Any, str, Any], ...] = (
    (LogsResponse, "associate_kms_key", _associate),
    (LogsResponse, "disassociate_kms_key", _disassociate),
)
