"""Git over HTTP at `/v1/repos/NAME`: signed in, authorized, handed to `git http-backend`.

A push is decided ref by ref before git sees any of it: where one of its refs is denied, none is
moved, and git is told why. Any other refusal is HTTP 403, as on AWS. Below the same address
`archive?commit=ID` gives a commit's tree to who may UploadArchive.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, BinaryIO, cast

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import ApiError, Caller, Door, Platform, arrived_from
from landrail.localaws.services.codecommit.credentials import sign_in
from landrail.localaws.services.codecommit.git import NO_COMMIT, BareRepository, environment
from landrail.localaws.services.codecommit.git import program as git_program
from landrail.localaws.services.codecommit.push import RefUpdate, read_updates
from landrail.localaws.services.codecommit.rejection import REPORTS, abilities, rejected
from landrail.localaws.services.codecommit.repositories import Record, Repositories

PREFIX = "/v1/repos/"
CHUNK = 1 << 16
IN_MEMORY = 1 << 20
_ACTIONS = {
    "git-upload-pack": "codecommit:GitPull",
    "git-receive-pack": "codecommit:GitPush",
    "archive": "codecommit:UploadArchive",
}
Moved = Callable[[Caller, Record, str, str, str], None]


@dataclass(frozen=True, slots=True)
class _Target:
    name: str
    path: str
    service: str


class _Denied(Exception):
    """A push that may not move one of its refs."""

    def __init__(self, updates: list[RefUpdate], why: ApiError) -> None:
        super().__init__(why.message)
        self.updates = updates
        self.why = why


def door(platform: Platform, repositories: Repositories, moved: Moved) -> Door:
    """Return the handler of the door; `moved` is told of each ref a push has moved."""

    def handle(request: Request) -> Response:
        try:
            return _serve(platform, repositories, moved, request)
        except ApiError as error:
            status = error.status if error.status in (401, 404) else 403
            return Response(f"{error.message}\n", status=status, mimetype="text/plain")

    return handle


def _serve(
    platform: Platform, repositories: Repositories, moved: Moved, request: Request
) -> Response:
    target = _target(request)
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        return _ask()
    account = platform.authenticate(given.username.split("%", 1)[0])[0].account or ""
    here = repositories.regions(account, target.name)
    signed = sign_in(
        platform,
        given.username,
        given.password or "",
        f"{PREFIX}{target.name}",
        _hosts(request, here),
        [*here, *_region_of(request)],
    )
    caller = replace(signed.caller, origin=arrived_from(request))
    arn = f"arn:aws:codecommit:{signed.region}:{account}:{target.name}"
    action = _ACTIONS[target.service]
    platform.authorize(caller, action, arn, account=account, region=signed.region)
    record = repositories.find(account, signed.region, target.name)
    if record is None:
        raise ApiError("RepositoryDoesNotExistException", f"{target.name} does not exist", 404)
    git = repositories.git(record)
    if target.service == "archive":
        return _archive(git, request.args.get("commit", ""))
    body = _body(request)
    pushed: list[RefUpdate] = []
    if request.method == "POST" and target.service == "git-receive-pack":
        able = abilities(body)
        try:
            pushed = _decide(platform, caller, record, body)
        except _Denied as denied:
            body.close()
            if able.isdisjoint(REPORTS):
                raise denied.why from denied
            return rejected(denied.updates, able, denied.why.message)
    before = git.refs() if pushed else {}
    response, process = _backend(request, target, git, body)
    if pushed:
        data = b"".join(process)
        _tell(git, before, pushed, signed.caller, record, moved)
        response.response = [data]
    else:
        response.response = process
    return response


def _target(request: Request) -> _Target:
    name, _, rest = request.path.removeprefix(PREFIX).partition("/")
    name = name.removesuffix(".git")
    service = request.args.get("service", "") if rest == "info/refs" else rest
    if service not in _ACTIONS or not name:
        raise ApiError("NotFound", "Only git's smart HTTP protocol is spoken here.", 404)
    return _Target(name, rest, service)


def _archive(git: BareRepository, commit: str) -> Response:
    """Answer a commit's tree as a zip: what CodePipeline asks CodeCommit to upload."""
    if not git.has(commit, "commit"):
        raise ApiError("CommitDoesNotExistException", f"Commit {commit} does not exist", 404)
    return Response(git.archive(commit), mimetype="application/zip")


def _ask() -> Response:
    return Response("", status=401, headers={"WWW-Authenticate": 'Basic realm="CodeCommit"'})


def _hosts(request: Request, regions: list[str]) -> list[str]:
    """The host that was signed is without its port, and is AWS's where git was told a rewrite."""
    aws = [f"git-codecommit.{region}.amazonaws.com" for region in regions]
    return [request.host.rsplit(":", 1)[0], request.host, "127.0.0.1", "localhost", *aws]


def _region_of(request: Request) -> list[str]:
    parts = request.host.split(".")
    return [parts[1]] if parts[0].startswith("git-codecommit") and len(parts) > 2 else []


def _body(request: Request) -> BinaryIO:
    """Return the request's body as a seekable file, unpacked."""
    # Closed when the backend has taken it.
    spool = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 - the reader closes it
    stream: IO[bytes] = request.stream
    if request.headers.get("Content-Encoding") in ("gzip", "x-gzip"):
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=request.stream))
    shutil.copyfileobj(stream, spool, CHUNK)
    spool.seek(0)
    return cast(BinaryIO, spool)


def _decide(platform: Platform, caller: Caller, record: Record, body: BinaryIO) -> list[RefUpdate]:
    try:
        updates = read_updates(body)
    except ValueError as wrong:
        raise ApiError("InvalidPush", f"The push cannot be read: {wrong}.") from wrong
    body.seek(0)
    for update in updates:
        try:
            platform.authorize(
                caller,
                "codecommit:GitPush",
                record["arn"],
                account=record["account"],
                region=record["region"],
                context={"codecommit:References": (update.name,)},
            )
        except ApiError as error:
            raise _Denied(updates, error) from error
    return updates


def _backend(
    request: Request, target: _Target, git: BareRepository, body: BinaryIO
) -> tuple[Response, Iterator[bytes]]:
    env = {
        "GIT_PROJECT_ROOT": str(git.path),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{target.path}",
        "QUERY_STRING": request.query_string.decode("latin-1"),
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "REMOTE_USER": "landrail",
        "REMOTE_ADDR": "127.0.0.1",
    }
    protocol = request.headers.get("Git-Protocol")
    if protocol:
        env["GIT_PROTOCOL"] = protocol
    if request.method == "POST":
        env["CONTENT_LENGTH"] = str(body.seek(0, 2))
        body.seek(0)
    spooled = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process below
    shutil.copyfileobj(body, spooled, CHUNK)
    body.close()
    spooled.seek(0)
    process = subprocess.Popen(
        [git_program(), "http-backend"],
        stdin=spooled,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(env),
    )
    spooled.close()
    return _answer(process)


def _answer(process: subprocess.Popen[bytes]) -> tuple[Response, Iterator[bytes]]:
    out = process.stdout
    assert out is not None
    status, headers = 200, []
    while (line := out.readline().rstrip(b"\r\n")) != b"":
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers.append((name, value.strip()))
    return Response(status=status, headers=headers), _stream(process, out)


def _stream(process: subprocess.Popen[bytes], out: IO[bytes]) -> Iterator[bytes]:
    try:
        while chunk := out.read(CHUNK):
            yield chunk
    finally:
        out.close()
        process.wait()


def _tell(
    git: BareRepository,
    before: dict[str, str],
    pushed: list[RefUpdate],
    caller: Caller,
    record: Record,
    moved: Moved,
) -> None:
    after = git.refs()
    for update in pushed:
        old = before.get(update.name, NO_COMMIT)
        new = after.get(update.name, NO_COMMIT)
        if old != new:
            moved(caller, record, update.name, old, new)
