"""What is switched off inside moto, because the gate in front of it decides, or because it would
give what was not asked for. Each touched internal has a test that fails when moto changes it."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, NoReturn

from moto import settings
from moto.core import responses as core_responses
from moto.core import utils as core_utils
from moto.core.base_backend import AccountSpecificBackend
from moto.core.exceptions import JsonRESTError
from moto.iam import models as iam_models
from moto.iam.access_control import PermissionResult
from moto.kms import models as kms_models
from moto.kms import utils as kms_utils
from moto.s3.models import FakeBucket

from landrail.localaws.store import determinism
from landrail.localaws.store.loading import loader, regions


def _neutral(_bucket: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    """moto half-evaluates bucket policies (no principal, no condition): a policy that demands TLS
    would refuse everything."""
    return PermissionResult.NEUTRAL


def _unvisited(**_visit: Any) -> None:
    """moto opens accounts and keeps books at every request, by the key; ours is in the trail."""


_AWS_POLICIES: list[Any] = []


def _aws_policies(backend: iam_models.IAMBackend) -> list[Any]:
    """The 1,582 policies of AWS's own, read once and copied for each account: reading them again
    costs more than all else an account costs."""
    if not _AWS_POLICIES:
        _AWS_POLICIES.extend(_READ_AWS_POLICIES(backend))
    return [copy.copy(policy) for policy in _AWS_POLICIES]


_READ_AWS_POLICIES = iam_models.IAMBackend._init_aws_policies


class _NoPair:
    """What a symmetric key has in place of a pair of keys: a refusal, as AWS has it."""

    def _refuse(self, *_: object) -> NoReturn:
        message = "A symmetric KMS key has no public key and signs nothing."
        raise JsonRESTError("UnsupportedOperationException", message)

    sign = verify = public_key = _refuse


def _private_key(key_spec: str) -> Any:
    """moto draws an RSA pair for symmetric keys too, and that takes longer than all else."""
    return _NoPair() if key_spec == "SYMMETRIC_DEFAULT" else _DRAW_PRIVATE_KEY(key_spec)


_DRAW_PRIVATE_KEY = kms_utils.generate_private_key


@cache
def _methods(of: type) -> frozenset[str]:
    """The names of a class's functions, which moto lists anew at every request."""
    return frozenset(_LIST_METHODS(of))


_LIST_METHODS = core_utils.method_names_from_class


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (FakeBucket, "get_permission", _neutral),
    (iam_models, "mark_account_as_visited", _unvisited),
    (iam_models.IAMBackend, "_init_aws_policies", _aws_policies),
    (core_responses, "method_names_from_class", _methods),
    (core_utils, "create_loader", loader),
    (AccountSpecificBackend, "_generate_regions", regions),
    (kms_models, "generate_private_key", _private_key),
    # How many calls moto lets pass before its own authorization begins.
    (settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf")),
)


def neutralize() -> None:
    """Switch off moto's own decisions; idempotent. Raises AttributeError where moto has changed."""
    for holder, name, replacement in (*TOUCHED, *determinism.TOUCHED):
        if not hasattr(holder, name):
            raise AttributeError(f"moto's {holder.__name__}.{name} is gone")
        setattr(holder, name, replacement)
