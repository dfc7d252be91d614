"""Rules that several types of resources have alike, of this project's own."""

from __future__ import annotations

from landrail.rules.rule import Rule


def open_outside(kind: str, table: str, says: str) -> Rule:
    """Return the rule that a resource of a kind (`s3-bucket`) lets in nobody from outside the
    organization."""
    return Rule(name=f"{kind}-open-outside", table=table, wrong="outsiders <> ','", says=says)


def of_allowed_types(kind: str, table: str, says: str) -> Rule:
    """Return the rule that what runs is of an instance type that the file allows, where it says
    any; `says` what is of another."""
    return Rule(
        name=f"{kind}-instance-types",
        table=table,
        applies=":allowedInstanceTypes <> ''",
        wrong="NOT ALL_AMONG(instance_types, :allowedInstanceTypes)",
        says=f"{says} that is not allowed",
        parameters={"allowedInstanceTypes": ""},
    )


def in_allowed_subnets(kind: str, table: str, says: str) -> Rule:
    """Return the rule that what runs is in subnets that the file allows, where it says any;
    `says` what is not."""
    return Rule(
        name=f"{kind}-subnets",
        table=table,
        applies=":allowedSubnets <> ''",
        wrong="NOT in_vpc OR NOT ALL_AMONG(subnets, :allowedSubnets)",
        says=f"{says} in subnets that are allowed",
        parameters={"allowedSubnets": ""},
    )
