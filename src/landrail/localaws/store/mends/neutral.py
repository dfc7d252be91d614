"""What is switched off inside moto, because the gate in front of it decides, or because it would
give what was not asked for. Each touched internal has a test that fails when moto changes it."""

from __future__ import annotations

import copy
import hashlib
from functools import cache
from typing import Any, NoReturn

from moto import settings
from moto.core import responses as core_responses
from moto.core import utils as core_utils
from moto.core.base_backend import AccountSpecificBackend
from moto.core.common_models import BaseModel
from moto.core.exceptions import JsonRESTError
from moto.ec2.models.subnets import Subnet
from moto.iam import models as iam_models
from moto.iam.access_control import PermissionResult
from moto.kms import models as kms_models
from moto.kms import utils as kms_utils
from moto.s3 import models as s3_models
from moto.s3.models import FakeBucket, FakeKey
from moto.sns import models as sns_models

from landrail.localaws.store import bodies, determinism
from landrail.localaws.store.loading import loader, regions
from landrail.localaws.store.mends import answers as mended
from landrail.localaws.store.mends import (
    bucket_encryption,
    canned_lists,
    database_groups,
    default_groups,
    default_subnets,
    default_volumes,
    function_principals,
    gone_principals,
    new_buckets,
    own_keys,
    policy_types,
    user_boundaries,
)
from landrail.localaws.store.mends import settings as kept


def _neutral(_bucket: FakeBucket, _action: str, _resource: str) -> PermissionResult:
    """moto half-evaluates bucket policies (no principal, no condition): a policy that demands TLS
    would refuse everything."""
    return PermissionResult.NEUTRAL


def _unvisited(**_visit: Any) -> None:
    """moto opens accounts and keeps books at every request, by the key; ours is in the trail."""


class _Aws(iam_models.IAMBackend):
    """The account whose policies AWS's own are."""

    def __init__(self) -> None:
        self.region_name = self.account_id = self.partition = "aws"


@cache
def _aws_policies_by_arn() -> dict[str, Any]:
    """The 1,582 policies of AWS's own, read once, under the same ids whoever asks first: reading
    them again for each account costs more than all else an account costs."""
    with determinism.always("policies of AWS"):
        return {policy.arn: policy for policy in _READ_AWS_POLICIES(_Aws())}


def aws_policy(arn: str) -> Any:
    """Return what the accounts' copies of a policy of AWS's own are made from, or None."""
    return _aws_policies_by_arn().get(arn)


def copied(arn: str) -> Any:
    """Return a new copy of a policy of AWS's own; raises KeyError."""
    return copy.copy(_aws_policies_by_arn()[arn])


def _aws_policies(_backend: iam_models.IAMBackend) -> list[Any]:
    return [copy.copy(policy) for policy in _aws_policies_by_arn().values()]


_READ_AWS_POLICIES = iam_models.IAMBackend._init_aws_policies


def _untracked(cls: type, *_: Any, **__: Any) -> Any:
    """moto keeps everything that was ever made, for a page that nobody sees."""
    made: Any = super(BaseModel, cls).__new__(cls)  # type: ignore[misc]  # moto's is gone over
    return made


class _Unchecked:
    """What signs a notification and certifies its key: the same at each replay. moto's key is drawn
    anew by each process, and nothing here serves a certificate to check with."""

    def __call__(self, *_: Any) -> _Unchecked:
        return self

    def __getattr__(self, _name: str) -> _Unchecked:
        return self

    def sign(self, data: Any, *_: Any) -> Any:
        """Return as many bytes as a signature has; itself for a certificate."""
        return hashlib.sha256(data).digest() * 8 if isinstance(data, bytes) else self

    def public_bytes(self, *_: Any) -> bytes:
        """There is no certificate."""
        return b""


_UNCHECKED = _Unchecked()


def _nothing(_: Any) -> None:
    """moto warns of objects that were not put away; ours have nothing to put away."""


class _Hosts:
    """The addresses of a subnet, each once, as a value: moto keeps a generator for each subnet in
    a cache of the process, which nothing brings back after a restart."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self._next = 0 if network.prefixlen >= network.max_prefixlen - 1 else 1

    def __iter__(self) -> _Hosts:
        return self

    def __next__(self) -> Any:
        wide = self._network.prefixlen < self._network.max_prefixlen - 1
        if self._next >= self._network.num_addresses - (wide and self._network.version == 4):
            raise StopIteration
        self._next += 1
        return self._network[self._next - 1]


def _hosts(subnet: Subnet) -> _Hosts:
    kept: dict[str, Any] = vars(subnet)
    if "_landrail_hosts" not in kept:
        kept["_landrail_hosts"] = _Hosts(subnet.cidr)
    hosts: _Hosts = kept["_landrail_hosts"]
    return hosts


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
    (BaseModel, "__new__", _untracked),
    (Subnet, "_base_avail_ip_iterator", _hosts),
    (s3_models, "tempfile", bodies.files),
    (sns_models, "cryptography", _UNCHECKED),
    (sns_models.Subscription, "private_key", _UNCHECKED),
    (FakeKey, "__del__", _nothing),
    # How many calls moto lets pass before its own authorization begins.
    (settings, "INITIAL_NO_AUTH_ACTION_COUNT", float("inf")),
)


def neutralize() -> None:
    """Switch off moto's own decisions; idempotent. Raises AttributeError where moto has changed."""
    for holder, name, replacement in (
        *TOUCHED,
        *mended.TOUCHED,
        *determinism.TOUCHED,
        *new_buckets.TOUCHED,
        *database_groups.TOUCHED,
        *default_groups.TOUCHED,
        *default_subnets.TOUCHED,
        *default_volumes.TOUCHED,
        *own_keys.TOUCHED,
        *kept.TOUCHED,
        *bucket_encryption.TOUCHED,
        *canned_lists.TOUCHED,
        *function_principals.TOUCHED,
        *policy_types.TOUCHED,
        *user_boundaries.TOUCHED,
        *gone_principals.TOUCHED,
    ):
        if not hasattr(holder, name):
            raise AttributeError(f"moto's {holder.__name__}.{name} is gone")
        setattr(holder, name, replacement)
    for holder, name, addition in (*user_boundaries.ADDED, *kept.ADDED):
        setattr(holder, name, addition)
