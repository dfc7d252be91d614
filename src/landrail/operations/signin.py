"""Signing in on the local AWS: a person's token from the stand-in issuer, exchanged for a role.

The same exchange as on AWS (`sts:AssumeRoleWithWebIdentity`, decided by the role's trust policy);
only the issuer is a stand-in, which gives a token to whoever has the secret of the state folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from landrail.aws.entering import loaded
from landrail.aws.sessions import Connection, Identity, Loaded
from landrail.diagnostics import Failure
from landrail.operations.people import Entry, choose
from landrail.operations.server import Server
from landrail.resources import Account, Wanted

_TOKEN = "/_landrail/identity/token"
MANAGEMENT = "management"


@dataclass(frozen=True, slots=True)
class Session:
    """A person in a role of an account, with credentials that end at `expires` (epoch seconds)."""

    entry: Entry
    account_id: str
    credentials: Credentials = field(repr=False)
    expires: float


def sign_in(server: Server, connection: Connection, wanted: Wanted, entry: Entry) -> Session:
    """Let a person into a role; raises Failure where the platform does not stand or refuses."""
    account_id = account_ids(server, connection, wanted)[entry.way.account]
    credentials, expires = _entered(server, connection, entry, account_id)
    return Session(entry, account_id, credentials, expires)


def operator(server: Server, connection: Connection, wanted: Wanted) -> Identity:
    """Return the operator of the platform, as an identity that renews itself."""
    entry = choose(wanted, f"operator@{MANAGEMENT}")

    def load() -> Loaded:
        return _entered(server, connection, entry, server.management_account)

    return Identity("operator", load)


def account_ids(server: Server, connection: Connection, wanted: Wanted) -> dict[str, str]:
    """Return the ids of the platform's accounts by name, as Organizations tells the operator."""
    by_email = {a.email.lower(): a.name for a in wanted.of_kind(Account)}
    who = operator(server, connection, wanted)
    found = {MANAGEMENT: server.management_account}
    listed = connection.listed(who, "organizations", "ListAccounts", "Accounts")
    for account in listed:
        name = by_email.get(account["Email"].lower())
        if name is not None and account["Id"] != server.management_account:
            found[name] = account["Id"]
    missing = [a.name for a in wanted.of_kind(Account) if a.name not in found]
    if missing:
        raise Failure(
            f"these accounts do not stand yet: {', '.join(missing)}", "run `landrail apply` first"
        )
    return found


def _entered(server: Server, connection: Connection, entry: Entry, account_id: str) -> Loaded:
    way = entry.way
    try:
        answer = connection.anonymous(
            "sts",
            "AssumeRoleWithWebIdentity",
            RoleArn=f"arn:aws:iam::{account_id}:role/{way.path}",
            RoleSessionName=entry.person,
            WebIdentityToken=_token(server, entry.person, mfa=way.mfa),
        )
    except ClientError as error:
        words = error.response.get("Error", {}).get("Message", str(error))
        raise Failure(
            f"{entry.person} cannot enter {way.role} of {way.account}: {words}",
            "if the platform does not stand yet, or the file has changed: `landrail apply`",
        ) from error
    return loaded(answer)


def _token(server: Server, person: str, *, mfa: bool) -> str:
    body = {"secret": server.secret, "sub": person, "amr": ["pwd", "mfa"] if mfa else ["pwd"]}
    token = server.post(_TOKEN, body).get("token")
    if not isinstance(token, str):
        raise Failure("the local issuer gave no token", "`landrail local status` tells how it is")
    return token
