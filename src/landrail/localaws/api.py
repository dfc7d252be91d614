"""What passes between the gateway and the services: callers, calls, answers, errors.

The lowest floor of the local AWS. A service imports this module and `store`, never another
service and never the gateway; everything it wants from them it asks of the `Platform` it is given,
whose calls enter the gateway like anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from werkzeug.wrappers import Request, Response

PrincipalKind = Literal["root", "user", "session", "federated", "service", "anonymous"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call comes from, as the gateway saw it and never as a request claims: an `address`
    of the internet, or the private one of a machine in a `subnet` of a `vpc`, which lies in
    `account` and `region`."""

    address: str
    account: str = ""
    region: str = ""
    vpc: str = ""
    subnet: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a call, as authentication found it; never built from what a request claims.

    `arn` is what CloudTrail shows (a session's `arn:aws:sts::A:assumed-role/NAME/SESSION`, a
    service principal's `codepipeline.amazonaws.com`); `role_arn` the role behind a session;
    `session_policies` JSON texts; `transitive_tags` those of its tags that go on with the sessions
    it enters; `called_via` the service principals of a forward access session;
    `origin` where this call comes from, None from inside AWS; `held_by` the service principal that
    works under this session itself, from inside AWS.
    """

    kind: PrincipalKind
    arn: str
    account: str | None
    user_id: str = ""
    access_key_id: str | None = None
    role_arn: str | None = None
    session_name: str | None = None
    session_policies: tuple[str, ...] = ()
    session_tags: Mapping[str, str] = field(default_factory=dict)
    source_identity: str | None = None
    issued_at: float | None = None
    mfa: bool | None = None
    called_via: tuple[str, ...] = ()
    origin: Origin | None = None
    transitive_tags: Mapping[str, str] = field(default_factory=dict)
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One authorized call on its way to a service: `service` and `operation` are botocore's names,
    `params` has the shape of the operation's input there, `account` is the one acted in; `once` is
    that of `Platform.call`; `endpoint` the URL of the listener it came by, if it has its own."""

    caller: Caller
    account: str
    region: str
    service: str
    operation: str
    params: Mapping[str, Any]
    request_id: str = ""
    once: str = ""
    endpoint: str = ""


class ApiError(Exception):
    """An AWS error answer: the service's own code, message and HTTP status; `details` are the other
    members of the error's shape."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = dict(details or {})


@dataclass(frozen=True, slots=True)
class Completed:
    """A call that succeeded, as told to those who watch: Events, Config, the trail."""

    call: ApiCall
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Temporary credentials of a role session; `expiration` in seconds since the epoch."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: float
    caller: Caller


class Listener(Protocol):
    """A way to the gateway for one process and those below it: all that arrives by it comes from
    the same origin. It is closed with the process at the latest."""

    @property
    def endpoint(self) -> str:
        """The URL for clients, `http://127.0.0.1:PORT`."""

    def belongs_to(self, pid: int) -> None:
        """Name the process; until then, what connects waits."""

    def close(self) -> None:
        """Close it, with all its connections."""


class Platform(Protocol):
    """What the gateway gives to each service: the way to call others and to ask for a decision."""

    @property
    def state(self) -> Path:
        """The state folder; a service keeps its files below `state / <its name>`."""

    @property
    def endpoint(self) -> str:
        """The URL of the local AWS, `http://127.0.0.1:PORT`."""

    def call(
        self,
        caller: Caller,
        service: str,
        operation: str,
        params: Mapping[str, Any] | None = None,
        *,
        region: str,
        account: str | None = None,
        once: str = "",
        context: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Make an API call as `caller` through the gateway; raises ApiError as a client would see.
        `account` is only for callers that are service principals (a service linked to it), and
        `context` has the keys that such a one vouches for, as `aws:SourceArn`. `once`
        names a change that is made at most once: asked for again after a restart, one that the
        store had made already is answered as it was then."""

    def perform(self, call: ApiCall) -> dict[str, Any]:
        """Hand an authorized call on to the store, for a service that adds to an operation there
        (with another operation or other parameters, if need be); raises ApiError. Not authorized
        again: never with what the caller was not authorized for."""

    def authorize(
        self,
        caller: Caller,
        action: str,
        resource: str,
        *,
        account: str,
        region: str,
        context: Mapping[str, str | tuple[str, ...]] | None = None,
    ) -> None:
        """Decide one data-plane access (a git fetch, an image pull); raises ApiError AccessDenied.
        `account` owns the resource."""

    def assume(
        self,
        service: str,
        role_arn: str,
        session_name: str,
        *,
        context: Mapping[str, str] | None = None,
        duration: int = 3600,
    ) -> Credentials:
        """Enter a role as a service principal (`codebuild.amazonaws.com`) by its trust policy;
        raises ApiError AccessDenied. `context` has keys such as `aws:SourceArn`."""

    def origin(
        self, account: str, region: str, subnets: Sequence[str] = (), vpc: str | None = None
    ) -> Origin:
        """Return where a process that a service runs for an account calls from: an address of its
        own in the first of the subnets, or without subnets the service's own network, which is on
        the side of the internet. Raises ApiError for a subnet that is not there or not in `vpc`."""

    def listen(self, origin: Origin, role_arn: str) -> Listener:
        """Open a listener for a process that is about to start with a session of this role."""

    def authenticate(self, access_key_id: str) -> tuple[Caller, str]:
        """Return the caller and secret behind an access key id (for doors with a scheme of their
        own, such as git); raises ApiError for an unknown or expired one."""


def arrived_from(request: Request) -> Origin | None:
    """Return where a request at a door came from, as the gateway found it."""
    found = request.environ.get("landrail.origin")
    return found if isinstance(found, Origin) else None


Operation = Callable[[ApiCall], Mapping[str, Any]]
Door = Callable[[Request], Response]


class Service(Protocol):
    """A service of our own. It answers the `operations` it lists; others of its name answer an
    error that says the local AWS does not have them, or go to the store where `owned` is False."""

    name: str
    owned: bool
    operations: Mapping[str, Operation]
    doors: Mapping[str, Door]
    """HTTP doors outside the AWS protocols, by path prefix (`/v2/`); each authenticates itself."""

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the resource policy (JSON) on an ARN of this service, or None."""

    def completed(self, event: Completed) -> None:
        """Hear of a state-changing call that succeeded, in any service. Must return quickly and
        never raise; long work goes to a thread."""

    def start(self) -> None:
        """Take up after a restart: jobs and endpoints that stood."""

    def stop(self) -> None:
        """End every process this service started."""


class Answering:
    """A service that only answers: without resource policies, it watches nothing, and has nothing
    to take up or to end. A service that does more says what."""

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return None: it has none."""
        del account, region, arn
        return None

    def completed(self, event: Completed) -> None:
        """Watch nothing."""

    def start(self) -> None:
        """Take up nothing."""

    def stop(self) -> None:
        """End nothing."""
