"""One botocore session for every account: clients are shared, credentials go with each request.

A session or client per account costs a hundred times more. Credentials are handed to the signer by
botocore's `request_credentials`, kept in a context variable for the length of one call; a call
made without an identity is refused by the signer, because the clients have no credentials of their
own. A `sealed` connection reads no environment variable, profile, file or metadata service.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.credentials import CredentialResolver, Credentials

from landrail.diagnostics import Failure

Answer = dict[str, Any]
Loaded = tuple[Credentials, float]
"""Credentials and when they end, in seconds since the epoch."""

_signing: ContextVar[Credentials | None] = ContextVar("signing", default=None)
_MARGIN = 300.0
_RETRIES = {"mode": "adaptive", "max_attempts": 8}
_LOCAL_RETRIES = {"mode": "standard", "max_attempts": 3}
"""A local AWS never throttles: one that does not answer is gone, and its user waits."""
_READS = (
    "Assume",
    "BatchGet",
    "Describe",
    "Detect",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Search",
    "Select",
    "Simulate",
    "Validate",
)
_TOKENS = ("NextToken", "nextToken")
"""What a page of a listing calls the next one."""
_SERIAL = frozenset({"organizations"})
"""Services whose changes are made one at a time: Organizations answers others with
ConcurrentModificationException."""


def is_mutating(operation: str) -> bool:
    """Say whether an operation changes something; assuming a role and detecting drift do not."""
    return not operation.startswith(_READS)


class Identity:
    """Somebody to act as: `load` gives credentials and their end, and is asked again in time."""

    def __init__(self, name: str, load: Callable[[], Loaded]) -> None:
        self.name = name
        self._load = load
        self._lock = threading.Lock()
        self._held: Loaded | None = None

    def credentials(self) -> Credentials:
        """Return credentials that last at least five minutes more."""
        with self._lock:
            if self._held is None or self._held[1] - time.time() < _MARGIN:
                self._held = self._load()
            return self._held[0]

    def __repr__(self) -> str:
        return f"Identity({self.name})"


def fixed(name: str, access_key_id: str, secret: str, token: str | None = None) -> Identity:
    """Return an identity of credentials that do not end."""
    return Identity(name, lambda: (Credentials(access_key_id, secret, token), float("inf")))


class Calls:
    """How many calls were made, by kind; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, service: str, operation: str) -> None:
        """Count one call."""
        with self._lock:
            self._counts[service, operation] += 1

    @property
    def total(self) -> int:
        """All calls."""
        return self._counts.total()

    @property
    def mutating(self) -> int:
        """The calls that change something."""
        with self._lock:
            return sum(n for (_, name), n in self._counts.items() if is_mutating(name))

    def by_operation(self) -> dict[str, int]:
        """Return `service:Operation` -> number of calls, most first."""
        with self._lock:
            return {f"{s}:{o}": n for (s, o), n in self._counts.most_common()}


class Connection:
    """The way to AWS or the local AWS. `call` is the only door; it may be used from any thread."""

    def __init__(
        self,
        region: str,
        *,
        endpoint: str | None = None,
        sealed: bool = True,
        parallel: int = 8,
    ) -> None:
        if sealed and endpoint is None:
            raise ValueError("a sealed connection needs its endpoint")
        self.region = region
        self.endpoint = endpoint
        self.is_local = endpoint is not None
        self.parallel = parallel
        self.calls = Calls()
        self._session = sealed_session() if sealed else botocore.session.Session()
        self._session.register("before-sign", _hand_over)
        if endpoint is not None:
            self._session.register("before-sign", _kept_to(endpoint))
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = threading.Lock()
        self._serial = {service: threading.Lock() for service in _SERIAL}

    def call(
        self,
        who: Identity,
        service: str,
        operation: str,
        /,
        *,
        region: str | None = None,
        **given: Any,
    ) -> Answer:
        """Make one call as `who`; raises botocore's ClientError."""
        client = self._client(service, region or self.region)
        credentials = who.credentials()
        lock = self._serial.get(service) if is_mutating(operation) else None
        if lock is None:
            return self._made(client, credentials, service, operation, given)
        with lock:
            return self._made(client, credentials, service, operation, given)

    def anonymous(self, service: str, operation: str, /, **given: Any) -> Answer:
        """Make one call that is not signed (entering by a token)."""
        return self._made(self._client(service, self.region), None, service, operation, given)

    def listed(
        self, who: Identity, service: str, operation: str, key: str, /, **given: Any
    ) -> Iterator[Any]:
        """Yield the entries under `key` of every page of a listing."""
        token: dict[str, Any] = {}
        while True:
            answer = self.call(who, service, operation, **given, **token)
            yield from answer.get(key, ())
            token = {name: answer[name] for name in _TOKENS if answer.get(name)}
            if not token:
                return

    def ambient(self) -> Identity:
        """Return whoever the environment says; only for a connection that is not sealed."""
        held = self._session.get_credentials()
        if held is None:
            return Identity("nobody", _nobody)
        return Identity("ambient", lambda: (_frozen(held), time.time() + 2 * _MARGIN))

    def _made(
        self,
        client: Any,
        credentials: Credentials | None,
        service: str,
        operation: str,
        given: dict[str, Any],
    ) -> Answer:
        self.calls.add(service, operation)
        mark = _signing.set(credentials)
        try:
            answer: Answer = getattr(client, xform_name(operation))(**given)
        finally:
            _signing.reset(mark)
        return answer

    def _client(self, service: str, region: str) -> Any:
        key = (service, region)
        client = self._clients.get(key)
        if client is None:
            with self._making:
                client = self._clients.get(key) or self._make(service, region)
                self._clients[key] = client
        return client

    def _make(self, service: str, region: str) -> Any:
        local: dict[str, Any] = {"proxies": {}, "inject_host_prefix": False}
        config = Config(
            retries=_LOCAL_RETRIES if self.is_local else _RETRIES,
            max_pool_connections=self.parallel + 2,
            connect_timeout=10,
            read_timeout=300,
            s3={"addressing_style": "path"} if self.is_local else None,
            **(local if self.is_local else {}),
        )
        return self._session.create_client(
            service, region_name=region, endpoint_url=self.endpoint, config=config
        )


def sealed_session() -> botocore.session.Session:
    """Return a session that takes nothing from the environment: each variable keeps its default,
    no profile or file is read, and no provider of credentials is asked."""
    variables = {
        name: (
            None,
            None,
            os.devnull if name in ("config_file", "credentials_file") else rest[0],
            rest[1],
        )
        for name, (_, _, *rest) in botocore.session.Session.SESSION_VARIABLES.items()
    }
    session = botocore.session.Session(session_vars=variables)
    session.register_component("credential_provider", CredentialResolver(providers=[]))
    return session


def _hand_over(request: Any, **_: Any) -> None:
    request.context.setdefault("signing", {})["request_credentials"] = _signing.get()


def _kept_to(endpoint: str) -> Callable[..., None]:
    """A handler that sends every request to one host: some services put an account id before it,
    which no name server knows."""
    home = urlsplit(endpoint)

    def send_home(request: Any, **_: Any) -> None:
        parts = urlsplit(request.url)
        if parts.netloc != home.netloc or parts.scheme != home.scheme:
            request.url = urlunsplit((home.scheme, home.netloc, *parts[2:]))

    return send_home


def _frozen(held: Any) -> Credentials:
    keys = held.get_frozen_credentials()
    return Credentials(keys.access_key, keys.secret_key, keys.token)


def _nobody() -> Loaded:
    raise Failure("there are no AWS credentials", "sign in to the management account first")
