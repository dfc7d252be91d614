"""Who acts where: the way from the caller to the management account and into each member account.

The operator's role enters everything; before it exists, the ground identity (the local AWS's
`bootstrap` user, or whoever is signed in to AWS) does. A member account is entered by its platform
role, and before that exists by the role that Organizations made there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from landrail.aws.errors import is_denied
from landrail.aws.sessions import Connection, Identity, Loaded
from landrail.diagnostics import Failure
from landrail.plan.marks import BASELINE_ROLE
from landrail.spec.landing_zone import EXECUTION_ROLE

OPERATOR_ROLE = "landrail/operator"
PLATFORM_ROLE = "landrail/platform"
READER_ROLE = "landrail/reader"
SESSION = "landrail"
_ABSENT = ("NoSuchEntity", "ValidationError", "InvalidIdentityToken")


class NoEntry(Exception):
    """An account that lets the operator in by no role."""


class Entrances:
    """The identities of one run, made when they are first needed and kept while they last.

    `ground` acts in the management account until the operator can; `operate` loads the operator's
    credentials from outside the organization's roles (a person's token), or is None where the
    operator's role is assumed by `ground`.
    """

    def __init__(
        self,
        connection: Connection,
        management_account: str,
        ground: Identity | None,
        operate: Callable[[], Loaded] | None,
    ) -> None:
        self.connection = connection
        self.management_account = management_account
        self._ground = ground
        self._operate = operate
        self._lock = threading.RLock()
        self._operator: Identity | None = None
        self._platform: dict[str, Identity] = {}
        self._first: dict[str, Identity] = {}
        self._reader: dict[str, Identity] = {}
        self._absent: set[str] = set()

    def management(self) -> Identity:
        """Return who acts in the management account."""
        operator = self._enter_operator()
        if operator is not None:
            return operator
        if self._ground is None:
            raise Failure(
                "nobody can act in the management account",
                f"the role {OPERATOR_ROLE} is missing or does not let you in",
            )
        return self._ground

    def founder(self) -> Identity:
        """Return who sets up what stands before a platform: the ground identity where there is
        one, as the operator may not."""
        return self._ground or self.management()

    def member(self, account_id: str) -> Identity:
        """Return who acts in an account; raises NoEntry."""
        entered = self.platform_only(account_id)
        if entered is not None:
            return entered
        if account_id == self.management_account:
            return self._ground or self.management()
        return self.first_door(account_id)

    def platform_only(self, account_id: str) -> Identity | None:
        """Return the platform role of an account, or None where it cannot be entered."""
        with self._lock:
            return self._platform.get(account_id) or self._by_platform(account_id)

    def reader(self, account_id: str) -> Identity:
        """Return who reads an account for the audit: its reader or, in one that is not of the
        platform, the role that Organizations made there; raises NoEntry."""
        with self._lock:
            held = self._reader.get(account_id)
        if held is None:
            held = self._assumed(self.management(), account_id, READER_ROLE)
        if held is None and account_id != self.management_account:
            held = self._assumed(self.management(), account_id, BASELINE_ROLE)
        if held is None:
            raise NoEntry(
                f"account {account_id} lets the audit in neither by {READER_ROLE} nor by "
                f"{BASELINE_ROLE}"
            )
        with self._lock:
            return self._reader.setdefault(account_id, held)

    def first_door(self, account_id: str) -> Identity:
        """Return the role that Organizations made in an account; raises NoEntry."""
        with self._lock:
            held = self._first.get(account_id)
            if held is None:
                held = self._assumed(self.management(), account_id, BASELINE_ROLE)
                # Accounts that Control Tower makes have its role and not that of Organizations.
                held = held or self._assumed(self.management(), account_id, EXECUTION_ROLE)
                if held is None:
                    raise NoEntry(
                        f"account {account_id} lets the operator in neither by {PLATFORM_ROLE} "
                        f"nor by {BASELINE_ROLE}"
                    )
                self._first[account_id] = held
            return held

    def changed(self) -> None:
        """Forget which roles were missing: some may have been made since."""
        with self._lock:
            self._absent.clear()

    def _enter_operator(self) -> Identity | None:
        with self._lock:
            if self._operator is None and OPERATOR_ROLE not in self._absent:
                self._operator = self._new_operator()
                if self._operator is None:
                    self._absent.add(OPERATOR_ROLE)
            return self._operator

    def _new_operator(self) -> Identity | None:
        if self._operate is not None:
            return _tried(Identity("operator", self._operate))
        if self._ground is None:
            return None
        return self._assumed(self._ground, self.management_account, OPERATOR_ROLE)

    def _by_platform(self, account_id: str) -> Identity | None:
        if account_id in self._absent:
            return None
        entered = self._assumed(self.management(), account_id, PLATFORM_ROLE)
        if entered is None:
            self._absent.add(account_id)
        else:
            self._platform[account_id] = entered
        return entered

    def _assumed(self, who: Identity, account_id: str, role: str) -> Identity | None:
        arn = f"arn:aws:iam::{account_id}:role/{role}"

        def load() -> Loaded:
            return loaded(
                self.connection.call(who, "sts", "AssumeRole", RoleArn=arn, RoleSessionName=SESSION)
            )

        return _tried(Identity(f"{role} of {account_id}", load))


def loaded(answer: dict[str, Any]) -> Loaded:
    """Return the credentials in an answer of STS."""
    given = answer["Credentials"]
    end: datetime = given["Expiration"]
    held = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return held, end.timestamp()


def _tried(identity: Identity) -> Identity | None:
    try:
        identity.credentials()
    except ClientError as error:
        if is_denied(error) or error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    return identity
