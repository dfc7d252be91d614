"""What a name, id or key of a request means: things that only the service can look up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from landrail.localaws.store.peek import PARTITION, accounts, backend
from landrail.localaws.store.sources import holders, kms


def access_key_user(access_key_id: str) -> str | None:
    """Return the ARN of the IAM user that an access key belongs to."""
    for account in accounts("iam"):
        iam = backend("iam", account, PARTITION)
        key = None if iam is None else iam.access_keys.get(access_key_id)
        user = None if key is None else iam.users.get(key.user_name)  # type: ignore[union-attr]  # a key was found there
        if user is not None:
            return str(user.arn)
    return None


def boundary(account: str, kind: str, name: str) -> str | None:
    """Return the ARN of the permissions boundary of a `role` or `user`."""
    found = holders.find(account, kind, name)
    arn = getattr(found, "permissions_boundary_arn", None)
    return str(arn) if arn else None


def vpc_of(account: str, region: str, resource: str) -> str | None:
    """Return the id of the VPC that an EC2 resource (`subnet/subnet-...`) is in."""
    ec2 = backend("ec2", account, region)
    kind, _, identifier = resource.partition("/")
    if ec2 is None or kind not in _IN_VPC:
        return None
    for found in _IN_VPC[kind](ec2, identifier):
        vpc = getattr(found, "vpc_id", None)
        if vpc:
            return str(vpc)
    return None


def _instances(ec2: Any, identifier: str) -> list[Any]:
    return [
        instance
        for reservation in ec2.reservations.values()
        for instance in reservation.instances
        if instance.id == identifier
    ]


def _subnets(ec2: Any, identifier: str) -> list[Any]:
    return [z[identifier] for z in ec2.subnets.values() if identifier in z]


def _groups(ec2: Any, identifier: str) -> list[Any]:
    return [held[identifier] for held in ec2.groups.values() if identifier in held]


def _from(attribute: str) -> Callable[[Any, str], list[Any]]:
    def found(ec2: Any, identifier: str) -> list[Any]:
        kept = getattr(ec2, attribute)
        return [kept[identifier]] if identifier in kept else []

    return found


_IN_VPC: Mapping[str, Callable[[Any, str], list[Any]]] = {
    "instance": _instances,
    "natgateway": _from("nat_gateways"),
    "network-acl": _from("network_acls"),
    "route-table": _from("route_tables"),
    "security-group": _groups,
    "subnet": _subnets,
    "vpc-endpoint": _from("vpc_end_points"),
}


def secret_arn(account: str, region: str, name: str) -> str | None:
    """Return a secret's ARN, with the suffix it was given, by its name or its ARN without it."""
    held = backend("secretsmanager", account, region)
    if held is None:
        return None
    # By the store's own way: what is authorized must be what is then read.
    found = held.secrets.get(name)
    return None if found is None else str(found.arn)


def associated(account: str, region: str, identifier: str) -> tuple[str, ...]:
    """Return what an EC2 association or attachment joins, as ARNs end: `instance/i-...`."""
    ec2 = backend("ec2", account, region)
    if ec2 is None or not identifier:
        return ()
    return tuple(dict.fromkeys(_joined(ec2, identifier)))


def _joined(ec2: Any, identifier: str) -> Iterator[str]:
    for eni in ec2.enis.values():
        if getattr(eni, "attachment_id", None) == identifier and eni.instance is not None:
            yield from (f"instance/{eni.instance.id}", f"network-interface/{eni.id}")
    for profile in ec2.iam_instance_profile_associations.values():
        if profile.association_id == identifier:
            yield f"instance/{profile.instance_id}"
    for zones in ec2.subnets.values():
        for subnet in zones.values():
            if identifier in subnet.ipv6_cidr_block_associations:
                yield f"subnet/{subnet.id}"
    for table in ec2.route_tables.values():
        if identifier in table.all_associations_ids:
            yield f"route-table/{table.id}"
            subnet_id = table._associations.get(identifier)
            if subnet_id:
                yield f"subnet/{subnet_id}"
    for acl in ec2.network_acls.values():
        found = acl._associations.get(identifier)
        if found is not None:
            yield from (f"network-acl/{acl.id}", f"subnet/{found.subnet_id}")
    for vpc in ec2.vpcs.values():
        if identifier in vpc._cidr_block_association_set:
            yield f"vpc/{vpc.id}"
    for address in ec2.addresses:
        if address.association_id == identifier:
            yield f"elastic-ip/{address.allocation_id}"
            if address.instance is not None:
                yield f"instance/{address.instance.id}"
            if address.eni is not None:
                yield f"network-interface/{address.eni.id}"


def resource_key(arn: str) -> str | None:
    """Return the ARN of the customer's key of a queue, topic, secret or parameter; one that is not
    there is still returned, as an ARN that no policy allows."""
    parts = arn.split(":", 5)
    reader = _KEYS.get(parts[2]) if len(parts) == 6 else None
    if reader is None:
        return None
    region, account, name = parts[3], parts[4], parts[5]
    held = backend(parts[2], account, region)
    key = None if held is None else reader(held, name, arn)
    if not key or "alias/aws/" in str(key):
        return None
    unknown = str(key) if str(key).startswith("arn:") else f"arn:aws:kms:{region}:{account}:{key}"
    return kms.arn(account, region, str(key)) or unknown


def _of_queue(held: Any, name: str, _arn: str) -> Any:
    queue = held.queues.get(name)
    return None if queue is None else queue.kms_master_key_id


def _of_topic(held: Any, _name: str, arn: str) -> Any:
    topic = held.topics.get(arn)
    return None if topic is None else topic.kms_master_key_id


def _of_secret(held: Any, _name: str, arn: str) -> Any:
    found = (s for s in dict.values(held.secrets) if s.arn == arn)
    return next((s.kms_key_id for s in found), None)


def _of_parameter(held: Any, name: str, _arn: str) -> Any:
    bare = name.removeprefix("parameter/")
    kept = held._parameters.get(f"/{bare}") or held._parameters.get(bare)
    secure = kept[-1] if kept and kept[-1].parameter_type == "SecureString" else None
    return None if secure is None else secure.keyid


_KEYS = {"sqs": _of_queue, "sns": _of_topic, "secretsmanager": _of_secret, "ssm": _of_parameter}
