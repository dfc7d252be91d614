"""Glue jobs: whether they log, and under which security configuration."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask, items
from landrail.inventory.table import Column, Row, Table

_HIDDEN = ("DefaultArguments", "NonOverridableArguments")
_LOGS = "--enable-continuous-cloudwatch-log"


def _collect(ask: Ask) -> Iterator[Row]:
    for job in items(ask, "glue", "GetJobs", "Jobs"):
        name, arguments = job["Name"], job.get("DefaultArguments") or {}
        fixed = job.get("NonOverridableArguments") or {}
        said = {**arguments, **fixed}.get(_LOGS, "")
        yield {
            "resource_id": name,
            "resource_name": name,
            "arn": f"arn:aws:glue:{ask.region}:{ask.account}:job/{name}",
            "created": job.get("CreatedOn"),
            # Arguments may be secrets: of them, the one that is asked about.
            "configuration": {
                **{key: given for key, given in job.items() if key not in _HIDDEN},
                "DefaultArguments": {_LOGS: said} if said else {},
            },
            "logs": said.lower() == "true",
            "security_configuration": job.get("SecurityConfiguration"),
            "role": job.get("Role"),
        }


TABLE = Table(
    name="glue_jobs",
    resource_type="AWS::Glue::Job",
    services=("glue",),
    columns=(
        Column("logs", "boolean", "whether it logs to CloudWatch while it runs"),
        Column("security_configuration", "text", "its security configuration"),
        Column("role", "text", "the role that it runs as"),
    ),
    collect=_collect,
    reads=("glue:GetJobs",),
)
