"""Where a command acts: the local AWS of the folder, or one organization of AWS.

Every command that reads or changes accounts opens its target here and prints it first.
"""

from __future__ import annotations

from dataclasses import dataclass

from landrail.aws.entering import Entrances
from landrail.aws.local import LocalDoor, open_local
from landrail.aws.real import open_aws
from landrail.diagnostics import Failure
from landrail.operations import local
from landrail.operations.project import STATE, Project
from landrail.operations.server import Server, require


@dataclass(frozen=True, slots=True)
class Target:
    """An opened target: `words` and `data` name it for people and programs."""

    words: str
    data: dict[str, str]
    entrances: Entrances


def open_target(project: Project, *, start: bool = False, parallel: int | None = None) -> Target:
    """Open the target of a file; `start` starts the local AWS where it does not run. Raises
    Failure, also for a caller of another organization."""
    document = project.document
    aws = document.target.aws
    if aws is not None:
        entrances = open_aws(
            document.region, aws.organization, aws.management_account, parallel=parallel or 16
        )
        words = f"AWS organization {aws.organization}, management account {aws.management_account}"
        data = {"organization": aws.organization, "management_account": aws.management_account}
        return Target(words, {"kind": "aws", **data}, entrances)
    server = local.start(project.state) if start else require(project.state)
    person = next(iter(document.operators), None)
    door = LocalDoor(
        server.endpoint,
        server.management_account,
        (server.access_key_id, server.secret_access_key),
    )
    entrances = open_local(
        door,
        document.region,
        person=person,
        token=lambda name: person_token(server, name),
        parallel=parallel or 8,
    )
    data = {"kind": "local", "endpoint": server.endpoint, "state": str(project.state)}
    return Target(f"local ({STATE}, {server.address})", data, entrances)


def person_token(server: Server, person: str, *, mfa: bool = False) -> str:
    """Return a token of the local stand-in for the enterprise's issuer; raises Failure."""
    body = {"secret": server.secret, "sub": person, "amr": ["pwd", "mfa"] if mfa else ["pwd"]}
    answer = server.post("/_landrail/identity/token", body)
    if "token" not in answer:
        raise Failure(f"the local AWS gives no token for {person}")
    return str(answer["token"])
