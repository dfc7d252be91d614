"""A database has an id of its own; moto gives all of them one.

A database without security groups gets the default one of its subnet group's VPC, else that of
the default VPC where there is one; moto looks for the default VPC that an account began with.

Each touched internal has a test that fails when moto changes it.
Sources: RDS API Reference, "CreateDBInstance" (`VpcSecurityGroupIds`, `InvalidSubnet`).
"""

from __future__ import annotations

import string
from typing import Any

from moto.ec2.models import ec2_backends
from moto.moto_api._internal import mock_random as random
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBInstance, RDSBackend

_LETTERS = string.ascii_uppercase + string.digits
_CREATE = RDSBackend.create_db_instance


def _create(backend: Any, given: dict[str, Any]) -> DBInstance:
    if given.get("db_cluster_identifier") is None and not given.get("vpc_security_group_ids"):
        given = {**given, "vpc_security_group_ids": [_default_group(backend, given)]}
    made: DBInstance = _CREATE(backend, given)
    made.dbi_resource_id = "db-" + "".join(random.choices(_LETTERS, k=26))
    return made


def _default_group(backend: Any, given: dict[str, Any]) -> str:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    named = given.get("db_subnet_group_name")
    if named:
        vpc = backend.describe_db_subnet_groups(named)[0].vpc_id
    else:
        default = ec2.get_default_vpc()
        vpc = default.id if default else None
    group = ec2.get_default_security_group(vpc) if vpc else None
    if group is None:
        raise RDSClientError("InvalidSubnet", "No default subnet detected in VPC.")
    return str(group.id)


# class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((RDSBackend, "create_db_instance", _create),)
