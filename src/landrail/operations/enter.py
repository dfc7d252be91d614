"""Being somebody on the local AWS: credentials and the whole environment of a child process.

The environment is AWS's own variables and git's, so that any client works unchanged. Nothing of
the ambient AWS configuration passes through.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from landrail.compiler import wanted_of
from landrail.diagnostics import Failure
from landrail.operations.network import Place, place_in
from landrail.operations.people import by_permission_set, choose
from landrail.operations.programs import search_path
from landrail.operations.project import Project, open_project
from landrail.operations.server import require
from landrail.operations.signin import Session, sign_in, sign_in_by_portal
from landrail.operations.target import open_target

_LOCAL_HOSTS = "127.0.0.1,localhost"


@dataclass(frozen=True, slots=True)
class Entered:
    """A person in a role: the environment to set, and the ambient variables to take away."""

    project: Project
    target: str
    session: Session
    environment: Mapping[str, str] = field(repr=False)
    dropped: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def name(self) -> str:
        """PERSON@ACCOUNT."""
        return f"{self.session.entry.person}@{self.session.entry.way.account}"

    def child(self) -> dict[str, str]:
        """Return the whole environment of a child process."""
        kept = {name: value for name, value in os.environ.items() if name not in self.dropped}
        return {**kept, **self.environment}


def enter(
    file: Path,
    who_at: str,
    network: str | None = None,
    pid: int | None = None,
    permission_set: str | None = None,
) -> Entered:
    """Sign in as `WHO@ACCOUNT`, from the internet or in the network of an account; raises Mistakes
    that list who and what there is, and Failure. The place in a network is that of the process
    `pid` (this one, which becomes the child) and those below it. With a permission set of Identity
    Center, or by a reserved role's name, the role is the one that it has in the account."""
    project = open_project(file)
    if not project.document.target.is_local:
        raise Failure(
            "signing in to AWS by landrail is not built yet",
            "sign in with your identity provider's own client",
        )
    wanted = wanted_of(project.document)
    assigned = by_permission_set(wanted, who_at, permission_set)
    entry = assigned or choose(wanted, who_at)
    server = require(project.state)
    target = open_target(project)
    region, place = project.document.region, None
    if assigned is not None:
        session = sign_in_by_portal(server, target.entrances, wanted, entry, region)
    else:
        session = sign_in(server, target.entrances, wanted, entry)
    if network is not None:
        process = pid or os.getpid()
        place = place_in(server, target.entrances, wanted, session, region, network, process)
    environment = _environment(project, place.endpoint if place else server.endpoint, session)
    return Entered(project, target.words, session, environment, _ambient(environment), place)


def _environment(project: Project, endpoint: str, session: Session) -> dict[str, str]:
    return {
        **_credentials(session),
        **surroundings(endpoint, project.document.region, project.state),
        "LANDRAIL_WHO": f"{session.entry.person}@{session.entry.way.account}",
        "LANDRAIL_ROLE": session.entry.way.role,
        "LANDRAIL_ACCOUNT_ID": session.account_id,
    }


def surroundings(endpoint: str, region: str, state: Path) -> dict[str, str]:
    """Return what leads any client to a local AWS, whoever it is: all but the credentials."""
    return {
        **_endpoints(endpoint, region),
        **_sealed(state),
        **_git(region),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "PATH": search_path(state),
    }


def _credentials(session: Session) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": session.credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": session.credentials.secret_key,
        "AWS_SESSION_TOKEN": session.credentials.token or "",
    }


def _endpoints(endpoint: str, region: str) -> dict[str, str]:
    """Return where clients find the local AWS. S3 Control puts the account before its host name,
    which no address can carry: it gets AWS's name, and the local AWS as its proxy."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3_CONTROL": f"http://s3-control.{region}.amazonaws.com",
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "http_proxy": endpoint,
        "no_proxy": _LOCAL_HOSTS,
        "NO_PROXY": _LOCAL_HOSTS,
    }


def _sealed(state: Path) -> dict[str, str]:
    """Return what keeps clients from the user's own AWS configuration: files that are empty."""
    empty = state.resolve() / "aws-config"
    empty.touch(mode=0o600)
    return {
        "AWS_CONFIG_FILE": str(empty),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty),
        "AWS_PAGER": "",
    }


def _git(region: str) -> dict[str, str]:
    """Return git's settings: CodeCommit's URLs lead to the local AWS (through the proxy, so that
    the host's name stays true), and AWS's credential helper signs there and nowhere else."""
    host = f"git-codecommit.{region}.amazonaws.com"
    settings = (
        (f"url.http://{host}/.insteadOf", f"https://{host}/"),
        (f"credential.http://{host}.helper", ""),
        (f"credential.http://{host}.helper", "!aws codecommit credential-helper $@"),
        (f"credential.http://{host}.useHttpPath", "true"),
    )
    environment = {"GIT_CONFIG_COUNT": str(len(settings)), "GIT_TERMINAL_PROMPT": "0"}
    for number, (key, value) in enumerate(settings):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _ambient(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ambient variables that must not reach the child."""
    return tuple(
        name
        for name in os.environ
        if name not in environment
        and (name.startswith(("AWS_", "BOTO_", "GIT_CONFIG_")) or name in ("HTTP_PROXY",))
    )
