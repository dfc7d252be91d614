"""Signing in on the local AWS: a person's token from the stand-in issuer, exchanged for a role.

The same exchange as on AWS (`sts:AssumeRoleWithWebIdentity`, decided by the role's trust policy);
only the issuer is a stand-in, which gives a token to whoever has the secret of the state folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from landrail.aws.entering import Entrances, loaded
from landrail.aws.errors import code, failure
from landrail.aws.sessions import Connection, Identity
from landrail.diagnostics import Failure, nearest
from landrail.operations.people import Entry
from landrail.operations.server import Server
from landrail.operations.target import person_token
from landrail.resources import Account, Wanted

MANAGEMENT = "management"
_RESERVED = "aws-reserved/sso.amazonaws.com/"


@dataclass(frozen=True, slots=True)
class Session:
    """A person in a role of an account, with credentials that end at `expires` (epoch seconds)."""

    entry: Entry
    account_id: str
    credentials: Credentials = field(repr=False)
    expires: float

    @property
    def role_arn(self) -> str:
        """The role's ARN."""
        return f"arn:aws:iam::{self.account_id}:role/{self.entry.way.path}"


def sign_in(server: Server, entrances: Entrances, wanted: Wanted, entry: Entry) -> Session:
    """Let a person into a role; raises Failure where the platform does not stand or refuses."""
    way = entry.way
    account_id = account_ids(entrances, wanted, way.account)[way.account]
    try:
        answer = entrances.connection.anonymous(
            "sts",
            "AssumeRoleWithWebIdentity",
            RoleArn=f"arn:aws:iam::{account_id}:role/{way.path}",
            RoleSessionName=entry.person,
            WebIdentityToken=person_token(server, entry.person, mfa=way.mfa),
        )
    except ClientError as error:
        words = error.response.get("Error", {}).get("Message", str(error))
        raise Failure(
            f"{entry.person} cannot enter {way.role} of {way.account}: {words}",
            "if the platform does not stand yet, or the file has changed: `landrail apply`",
        ) from error
    credentials, expires = loaded(answer)
    return Session(entry, account_id, credentials, expires)


def sign_in_by_portal(
    server: Server, entrances: Entrances, wanted: Wanted, entry: Entry, region: str
) -> Session:
    """Let a person into the reserved role of a permission set, by Identity Center's portal; raises
    Failure."""
    name, person, connection = entry.way.role, entry.person, entrances.connection
    account_id = account_ids(entrances, wanted, entry.way.account)[entry.way.account]
    at = {"accountId": account_id, "accessToken": person_token(server, person)}
    try:
        given = connection.anonymous("sso", "GetRoleCredentials", roleName=name, **at)[
            "roleCredentials"
        ]
    except ClientError as error:
        if code(error) != "ForbiddenException":
            raise failure(error, f"entering {entry.way.account} by Identity Center") from error
        raise Failure(
            f"{person} has no permission set `{name}` in {entry.way.account}",
            _assigned(connection, person, name, at),
        ) from error
    credentials = Credentials(given["accessKeyId"], given["secretAccessKey"], given["sessionToken"])
    expires = given["expiration"] / 1000
    who = connection.call(
        Identity(person, lambda: (credentials, expires)), "sts", "GetCallerIdentity"
    )
    role = str(who["Arn"]).split("/")[1]
    path = "" if region == "us-east-1" else f"{region}/"
    way = replace(entry.way, role=role, path=f"{_RESERVED}{path}{role}")
    return Session(Entry(person, way), account_id, credentials, expires)


def _assigned(connection: Connection, person: str, name: str, at: Mapping[str, str]) -> str:
    """Say which permission sets a person has in an account, and which may be meant."""
    try:
        listed = connection.anonymous("sso", "ListAccountRoles", **at)["roleList"]
    except ClientError:
        listed = []  # nobody of Identity Center
    names = [str(one["roleName"]) for one in listed]
    if not names:
        return "assign one in Identity Center: `aws sso-admin create-account-assignment`"
    near = nearest(name, names)
    hint = f"did you mean `{near}`? " if near else ""
    return f"{hint}those of {person} there: {', '.join(names)}"


def account_ids(entrances: Entrances, wanted: Wanted, *needed: str) -> dict[str, str]:
    """Return the ids of the platform's accounts by name, as Organizations tells the operator;
    raises Failure where one of the `needed` does not stand."""
    found = {MANAGEMENT: entrances.management_account}
    if any(name != MANAGEMENT for name in needed) or not needed:
        found |= _listed(entrances, wanted)
    missing = [name for name in needed if name not in found]
    if missing:
        raise Failure(
            f"these accounts do not stand yet: {', '.join(missing)}", "run `landrail apply` first"
        )
    return found


def _listed(entrances: Entrances, wanted: Wanted) -> dict[str, str]:
    by_email = {account.email.lower(): account.name for account in wanted.of_kind(Account)}
    who = entrances.management()
    try:
        listed = list(entrances.connection.listed(who, "organizations", "ListAccounts", "Accounts"))
    except ClientError as error:
        raise Failure(
            "the accounts cannot be listed: "
            f"{error.response.get('Error', {}).get('Message', error)}",
            "if the platform does not stand yet: `landrail apply`",
        ) from error
    return {
        by_email[account["Email"].lower()]: account["Id"]
        for account in listed
        if account["Email"].lower() in by_email and account["Id"] != entrances.management_account
    }
