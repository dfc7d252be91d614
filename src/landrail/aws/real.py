"""The way into an organization of AWS: whoever is signed in, checked to be of the right one."""

from __future__ import annotations

from landrail.aws.entering import Entrances
from landrail.aws.errors import CallError, failure
from landrail.aws.organization import observe_organization
from landrail.aws.sessions import Connection
from landrail.diagnostics import Failure


def open_aws(
    region: str, organization: str, management_account: str, *, parallel: int = 16
) -> Entrances:
    """Return the entrances of an AWS organization; raises Failure for any other caller."""
    connection = Connection(region, sealed=False, parallel=parallel)
    ground = connection.ambient()
    try:
        caller = connection.call(ground, "sts", "GetCallerIdentity")
        if caller["Account"] != management_account:
            raise Failure(
                f"you are signed in to account {caller['Account']}, not {management_account}",
                "sign in to the management account that the file names under `target`",
            )
        found = observe_organization(connection, ground)
    except CallError as error:
        raise failure(error, "asking AWS who is signed in") from error
    if found is None or found.organization_id != organization:
        named = "no organization" if found is None else found.organization_id
        raise Failure(
            f"account {management_account} is of {named}, not of {organization}",
            "correct `target` in the file, or sign in elsewhere",
        )
    return Entrances(connection, management_account, ground, None)
