"""The data lake: a catalog in each account of data management, and for each data set a bucket, a
key and a table, shared with named roles of named accounts until a day.

A cross-account read needs four allows. Two stand here, in the bucket's and the key's policy; the
other two in the identity policies of the consumers (`parts.consuming`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from landrail.compiler import names, site
from landrail.compiler.parts import buckets, keys
from landrail.compiler.parts.roles import by_people, managed_policy, role, roles
from landrail.compiler.parts.templates import Resources, ref, resource, template
from landrail.compiler.statements import (
    Statement,
    allow,
    aws,
    deny,
    of_organization,
    role_arn,
)
from landrail.resources import Address, Stack, account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

_DATABASE = "lake"
_ENGINEERING = "data-engineering"
_CATALOG = (
    "glue:BatchCreatePartition",
    "glue:BatchDeletePartition",
    "glue:CreatePartition",
    "glue:DeletePartition",
    "glue:GetDatabase",
    "glue:GetDatabases",
    "glue:GetPartition",
    "glue:GetPartitions",
    "glue:GetTable",
    "glue:GetTables",
    "glue:UpdateTable",
)


def compile_lake(platform: Platform) -> Iterator[Stack]:
    """Yield for each account of data management its roles and catalog, then its data sets."""
    for made in platform.accounts_of("data-management"):
        yield site.stack(platform, made.name, "lake", _lake(platform, made))
        for name, dataset in platform.datasets.items():
            if dataset.owner == made.key:
                yield _dataset(platform, made, name)


def _lake(platform: Platform, account: AccountMade) -> dict[str, Any]:
    engineers = [
        (
            site.team_role("data-engineer", team),
            role(
                site.team_role("data-engineer", team),
                by_people(platform, account.name, entry.data_engineers),
                managed=[ref(names.logical_id("policy", _ENGINEERING))],
                hours=8,
                description=f"Publishes the data sets that {team} answers for",
            ),
        )
        for team, entry in platform.teams.items()
        if entry.data_engineers
    ]
    database = {
        "CatalogId": account_id(account.name),
        "DatabaseInput": {"Name": _DATABASE, "Description": "Data sets of the platform"},
    }
    shared = managed_policy(_ENGINEERING, _engineering(platform, account)) if engineers else {}
    return template(
        "Landrail: data engineers and the catalog of the lake",
        shared,
        roles(*engineers),
        {"Database": resource("AWS::Glue::Database", database, retain=True)},
    )


def _dataset(platform: Platform, account: AccountMade, name: str) -> Stack:
    shared = site.lake_account(platform, name).name == account.name
    consumers = site.consumers(platform, name) if shared else ()
    engineers = [
        role_arn(account.name, site.team_role("data-engineer", team))
        for team in site.engineering_teams(platform)
    ]
    bucket = site.lake_bucket(platform, account.name, name)
    made = template(
        f"Landrail: data set {name}",
        keys.key(
            platform,
            account.name,
            site.lake_alias(name),
            f"Data set {name}",
            _key_uses(platform, name, engineers, consumers),
        ),
        buckets.bucket(
            bucket,
            [
                buckets.refuse_other_writers(platform, account.name, bucket, engineers),
                *_bucket_uses(platform, name, bucket, engineers, consumers),
                *(_perimeter(platform, account, name, bucket, engineers) if consumers else ()),
            ],
        ),
        _table(account, name, bucket),
    )
    after: list[Address] = [site.stack_address(account.name, "lake")]
    if shared:
        after.extend(site.consumer_stacks(platform, name))
    return site.stack(platform, account.name, f"dataset-{name}", made, after=after)


def _table(account: AccountMade, name: str, bucket: str) -> Resources:
    properties = {
        "CatalogId": account_id(account.name),
        "DatabaseName": _DATABASE,
        "TableInput": {
            "Name": name.replace("-", "_"),
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE"},
            "PartitionKeys": [{"Name": "v", "Type": "string"}],
            "StorageDescriptor": {"Location": f"s3://{bucket}/{name}/"},
        },
    }
    return {"Table": resource("AWS::Glue::Table", properties)}


def _key_uses(
    platform: Platform, name: str, engineers: Sequence[str], consumers: Sequence[str]
) -> list[Statement]:
    s3 = keys.via("s3", platform.region)
    made = [keys.used_by("Publish", engineers, [s3])] if engineers else []
    if consumers:
        condition = _while_granted(platform, name)
        condition["StringEquals"]["kms:ViaService"] = s3
        made.append(keys.for_roles("Granted", consumers, keys.READ, condition))
    return made


def _bucket_uses(
    platform: Platform,
    name: str,
    bucket: str,
    engineers: Sequence[str],
    consumers: Sequence[str],
) -> list[Statement]:
    made = []
    objects = buckets.arn(bucket, f"{name}/*")
    if engineers:
        who = aws(engineers)
        actions = (*buckets.READ, *buckets.WRITE, "s3:DeleteObject")
        made += [
            allow(buckets.LIST, buckets.arn(bucket), sid="PublishList", principal=who),
            allow(actions, objects, sid="Publish", principal=who),
        ]
    if consumers:
        who, condition = aws(consumers), _while_granted(platform, name)
        made += [
            # One statement, so that the consumers stand once: their names are most of its size.
            allow(
                (*buckets.LIST, *buckets.READ),
                [buckets.arn(bucket), objects],
                condition,
                sid="Granted",
                principal=who,
            ),
        ]
    return made


def _perimeter(
    platform: Platform,
    account: AccountMade,
    name: str,
    bucket: str,
    engineers: Sequence[str],
) -> list[Statement]:
    """Refuse reading but through the consumers' endpoints. Publishers are let be, and services that
    read for somebody (Athena): to these no network's keys come."""
    if platform.datasets[name].network != "required":
        return []
    keepers = [*engineers, role_arn(account.name, "platform")]
    if platform.break_glass:
        keepers.append(role_arn(account.name, "break-glass"))
    return [
        deny(
            buckets.READ,
            buckets.arn(bucket, "*"),
            {
                "StringNotEquals": {
                    "aws:SourceVpce": list(site.consumer_endpoints(platform, name))
                },
                "ArnNotEquals": {"aws:PrincipalArn": keepers},
                "BoolIfExists": {
                    "aws:PrincipalIsAWSService": "false",
                    "aws:ViaAWSService": "false",
                },
            },
            sid="RefuseOtherNetworks",
            principal="*",
        )
    ]


def _while_granted(platform: Platform, name: str) -> dict[str, dict[str, Any]]:
    condition: dict[str, dict[str, Any]] = {"StringEquals": dict(of_organization())}
    expires = platform.datasets[name].expires
    if expires is not None:
        condition["DateLessThan"] = {"aws:CurrentTime": _day_after(expires)}
    return condition


def _day_after(last: date) -> str:
    return f"{(last + timedelta(days=1)).isoformat()}T00:00:00Z"


def _engineering(platform: Platform, account: AccountMade) -> list[Statement]:
    # Objects and keys are left to the policies of each data set: within one account the policy
    # that names the role is enough.
    number, region = account_id(account.name), platform.region
    catalog = [
        f"arn:aws:glue:{region}:{number}:catalog",
        f"arn:aws:glue:{region}:{number}:database/{_DATABASE}",
        f"arn:aws:glue:{region}:{number}:table/{_DATABASE}/*",
    ]
    return [
        allow(_CATALOG, catalog, sid="Catalog"),
        allow(
            "glue:GetDatabases",
            [catalog[0], f"arn:aws:glue:{region}:{number}:database/*"],
            sid="FindDatabases",
        ),
        allow("s3:ListAllMyBuckets", "*", sid="FindBuckets"),
        allow("kms:ListAliases", "*", sid="FindKeys"),
    ]
