"""The way into the local AWS: the bootstrap user first, then the operator by a person's token.

Nothing is taken from the environment, and no host but the server's is spoken to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from landrail.aws.entering import OPERATOR_ROLE, Entrances, loaded
from landrail.aws.sessions import Connection, Loaded, fixed


@dataclass(frozen=True, slots=True)
class LocalDoor:
    """How to enter a local AWS: its address, and the key of its bootstrap user."""

    endpoint: str
    management_account: str
    bootstrap: tuple[str, str] = field(repr=False)


def open_local(
    door: LocalDoor,
    region: str,
    *,
    person: str | None = None,
    token: Callable[[str], str] | None = None,
    parallel: int = 8,
) -> Entrances:
    """Return the entrances of a local AWS; `person` is who operates, `token` gives their token."""
    connection = Connection(region, endpoint=door.endpoint, parallel=parallel)
    ground = fixed("bootstrap", *door.bootstrap)
    operate = None
    if person is not None and token is not None:
        operate = _by_token(connection, door, person, token)
    return Entrances(connection, door.management_account, ground, operate)


def _by_token(
    connection: Connection, door: LocalDoor, person: str, token: Callable[[str], str]
) -> Callable[[], Loaded]:
    arn = f"arn:aws:iam::{door.management_account}:role/{OPERATOR_ROLE}"

    def load() -> Loaded:
        return loaded(
            connection.anonymous(
                "sts",
                "AssumeRoleWithWebIdentity",
                RoleArn=arn,
                RoleSessionName=person,
                WebIdentityToken=token(person),
            )
        )

    return load
