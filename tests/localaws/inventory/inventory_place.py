"""The account that the tests of this folder look at: clients that change it, and rows as a reader
sees them who may do what the table says that it takes and nothing else."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from landrail.inventory import Realm, Refused, Remembering, Row, Table
from landrail.inventory.catalogue import tables
from landrail.rules.catalogue import rules
from landrail.rules.columns import wanted
from landrail.rules.engine import connect, load, wrong

REGION = "eu-west-1"


@dataclass
class Asking:
    """An Ask by boto3 clients."""

    account: str
    client: Callable[[str], Any]
    realm: Realm
    region: str = REGION

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self.client(service), xform_name(operation))(
                **parameters
            )
        except ClientError as error:
            said = error.response["Error"]
            raise Refused(said["Code"], said["Message"]) from error
        return answer


@dataclass
class Place:
    """The account under test; `local` is the local AWS, `neighbour` another account of its
    organization, `worker` a role that services take on, `image` one of the account's registry."""

    local: Any
    account: str
    administrator: Any
    reader: str
    neighbour: str = ""
    organization: str = ""
    worker: str = ""
    image: str = ""
    clients: dict[str, Any] = field(default_factory=dict)
    readers: dict[str, Asking] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A client of the account's administrator."""
        if service not in self.clients:
            self.clients[service] = self.client_of(self.administrator, service)
        return self.clients[service]

    def client_of(self, session: Any, service: str) -> Any:
        """A client of a session; by the server as a proxy where the host's name says something."""
        if service == "s3control":
            config = Config(proxies={"http": self.local.endpoint}, retries={"max_attempts": 0})
            return session.client(service, use_ssl=False, config=config)
        return self.local.client(service, session)

    def ask(self, table: Table) -> Remembering:
        """An Ask that may do what a table says that reading it takes, and no more."""
        if table.name not in self.readers:
            statement = {"Effect": "Allow", "Action": list(table.reads), "Resource": "*"}
            session = self.local.assume(self.reader, Policy=policy(statement))
            ours = frozenset({self.account, self.neighbour, self.local.management_account})
            client = cache(lambda service: self.client_of(session, service))
            realm = Realm(self.organization, ours)
            self.readers[table.name] = Asking(self.account, client, realm)
        return Remembering(self.readers[table.name])

    def rows(self, name: str) -> list[Row]:
        """All rows of a table, every column of them."""
        table = tables()[name]
        return list(table.rows(self.ask(table)))

    def found(
        self,
        names: Sequence[str],
        parameters: Mapping[str, str] | None = None,
        only: Sequence[str] = (),
    ) -> tuple[dict[str, set[str]], set[str]]:
        """By rule, the names of what it finds wrong; and the names of all that the rules' table
        has. No more is read than they need: `only` some resources, by their ids."""
        asked = {name: rules()[name] for name in names}
        (table_name,) = {rule.table for rule in asked.values()}
        table, columns = tables()[table_name], wanted(asked.values())[table_name]
        ask = self.ask(table)
        rows = [row for one in only or (None,) for row in table.rows(ask, one, columns)]
        with connect() as database:
            load(database, table, rows)
            found = {
                name: {f.resource_name or f.resource_id for f in wrong(database, rule, parameters)}
                for name, rule in asked.items()
            }
        return found, {row["resource_name"] or row["resource_id"] for row in rows}


@dataclass(frozen=True, kw_only=True)
class Made:
    """Two resources of a table: one that breaks some rules and one that keeps them. Each is made
    under a name that no other has, and returns the name that its row goes by; `alone` says that
    this is its id too, and that they are read by it."""

    table: str
    rules: tuple[str, ...]
    wrong: Callable[[Place, str], str]
    right: Callable[[Place, str], str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    alone: bool = False


def either(
    make: Callable[[Place, str, bool], str],
    *,
    table: str,
    rules: tuple[str, ...],
    parameters: Mapping[str, str] | None = None,
    alone: bool = False,
) -> Made:
    """What one function makes wrong, or right where it is told to."""
    return Made(
        table=table,
        rules=rules,
        wrong=lambda place, name: make(place, name, False),
        right=lambda place, name: make(place, name, True),
        parameters=parameters or {},
        alone=alone,
    )


@dataclass(frozen=True, kw_only=True)
class Switched:
    """A setting of the account, first wrong and then right."""

    rules: tuple[str, ...]
    wrong: Callable[[Place], object]
    right: Callable[[Place], object]
    parameters: Mapping[str, str] = field(default_factory=dict)


def unique(prefix: str) -> str:
    """A name that nothing else has."""
    return f"{prefix}-{uuid.uuid4().hex[:10]}"


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], principal: Any, resource: Any = "*", **more: Any) -> Any:
    """A statement that lets somebody in."""
    given = {"Effect": "Allow", "Action": action, "Principal": principal, **more}
    return given if resource is None else {**given, "Resource": resource}


def new_bucket(place: Place, name: str, **more: Any) -> Any:
    """Make a bucket; returns the client that made it."""
    s3 = place.client("s3")
    where = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=where, **more)
    return s3


def neighbour(place: Place) -> dict[str, str]:
    """The principal of the other account."""
    return {"AWS": f"arn:aws:iam::{place.neighbour}:root"}


STRANGER = {"AWS": "arn:aws:iam::999900009999:root"}
EVERYBODY = "*"


def each_name(made: tuple[Made, ...]) -> Iterator[str]:
    """The ids of parametrized tests."""
    yield from (f"{one.table}-{one.rules[0]}" for one in made)
