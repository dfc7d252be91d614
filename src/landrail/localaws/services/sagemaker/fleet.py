"""The server processes of endpoints: started from models, more or fewer of them, and ended.

Who sends them what is not decided here; whoever ends one says first that nothing is to be sent.
"""

from __future__ import annotations

import io
import shutil
import tarfile
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from landrail.localaws.api import ApiError, Caller, Credentials, Listener, Origin, Platform
from landrail.localaws.runtimes.images import Unpacked
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.process import Bind, CannotRun, isolation
from landrail.localaws.runtimes.serving import Server, serve
from landrail.localaws.services.sagemaker.containers import ML
from landrail.localaws.services.sagemaker.instances import limits, said
from landrail.localaws.services.sagemaker.logs import Log
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.objects import NoData, Objects, Uri
from landrail.localaws.services.sagemaker.pulling import CannotPull, Found, find, pull
from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.services.sagemaker.roles import enter, place_of, variables
from landrail.localaws.store.blobs import Blobs

_HEALTHY_SECONDS = 240
_EXCEEDED = {
    "memory": "it used more memory than its instance type has",
    "processes": "it had more processes than it may",
    "disk": "it filled the volume of its instance, or the disk of this machine",
}
Instance = tuple[str | None, int | None]
"""An instance type, and the gigabytes of its volume; None where nothing is said of it."""
_RENEW_BEFORE = 600.0


class CannotServe(Exception):
    """A model cannot be served; the text is for the endpoint's FailureReason."""


class Session:
    """The execution role's session, entered again before it ends."""

    def __init__(self, platform: Platform, role: str, arn: str) -> None:
        """Enter the role for the endpoint or job of this ARN."""
        self._platform, self._role, self._arn = platform, role, arn
        self._lock = threading.Lock()
        self._credentials = enter(platform, role, arn)

    def __call__(self) -> Credentials:
        """Return credentials that are good for a while."""
        with self._lock:
            if self._credentials.expiration - time.time() < _RENEW_BEFORE:
                self._credentials = enter(self._platform, self._role, self._arn)
            return self._credentials


@dataclass(frozen=True)
class _Program:
    """What each process of a variant is started from."""

    platform: Platform
    image: Unpacked
    environment: Mapping[str, str]
    origin: Origin
    role: str
    session: Session
    region: str
    network: bool
    in_vpc: bool
    limits: Limits


@dataclass
class _Instance:
    """One process of a variant, and the way from it to the local AWS."""

    server: Server
    listener: Listener | None

    def stop(self, drain: float = 0.0) -> None:
        self.server.stop(drain=drain)
        if self.listener is not None:
            self.listener.close()


@dataclass
class Variant:
    """The processes of one production variant and what they run."""

    name: str
    found: Found
    folder: Path
    log: Log
    program: _Program
    made: float = field(default_factory=lambda: round(time.time(), 3))
    _instances: list[_Instance] = field(default_factory=list)

    @property
    def servers(self) -> list[Server]:
        """Its processes."""
        return [instance.server for instance in self._instances]

    @property
    def lines(self) -> list[str]:
        """The lines to its processes, in the order in which they were started."""
        return [server.line for server in self.servers]

    @property
    def role(self) -> str:
        """The execution role."""
        return self.program.role

    def caller(self) -> Caller:
        """Return the execution role's session."""
        return self.program.session().caller

    def grow(
        self,
        count: int,
        *,
        seconds: float = _HEALTHY_SECONDS,
        halted: Callable[[], bool] = lambda: False,
    ) -> None:
        """Start more processes and wait until they are healthy; raises CannotServe, and then none
        of them is left."""
        begun: list[_Instance] = []
        try:
            for _ in range(count):
                begun.append(self._started())
            _wait(self.name, [instance.server for instance in begun], seconds, halted)
        except (CannotRun, ApiError, OSError) as error:
            _end(begun)
            raise CannotServe(_why(error)) from error
        except BaseException:
            _end(begun)
            raise
        self._instances.extend(begun)

    def shrink(self, count: int, *, publish: Callable[[], None], drain: float) -> None:
        """End the last `count` processes: `publish` tells that nothing is to be sent to them any
        more, then what is under way is waited for."""
        kept = len(self._instances) - count
        ending, self._instances = self._instances[kept:], self._instances[:kept]
        publish()
        _end(ending, drain)

    def without_dead(self) -> int:
        """Forget processes that have ended by themselves; return how many."""
        dead = [i for i in self._instances if not i.server.alive]
        if dead:
            self._instances = [i for i in self._instances if i not in dead]
            _end(dead)
        for one in dead:
            if one.server.exceeded is not None:
                self.log.line(f"landrail: killed: {_EXCEEDED[one.server.exceeded]}")
        return len(dead)

    def stop(self, drain: float = 0.0) -> None:
        """End its processes, after what was under way for `drain` seconds; drop its files."""
        instances, self._instances = self._instances, []
        _end(instances, drain)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self) -> _Instance:
        program = self.program
        listener = (
            program.platform.listen(program.origin, program.role) if program.network else None
        )
        env = {**variables(program.session(), program.region, listener), **program.environment}
        try:
            server = _server(program, env, self.folder, self.log, listener)
        except BaseException:
            if listener is not None:
                listener.close()
            raise
        if listener is not None:
            listener.belongs_to(server.calls_from)
        return _Instance(server, listener)


class Host:
    """Starts variants."""

    def __init__(self, platform: Platform, blobs: Blobs, models: Models) -> None:
        """Files go below the state folder's `sagemaker/hosting`."""
        self._platform = platform
        self._blobs = blobs
        self._models = models

    @property
    def folder(self) -> Path:
        """Where the files of variants lie while they run."""
        return self._platform.state / "sagemaker" / "hosting"

    def start(
        self,
        owner: Place,
        name: str,
        model: Document,
        *,
        instance: Instance,
        count: int = 1,
        group: str,
        environment: dict[str, str] | None = None,
        halted: Callable[[], bool] = lambda: False,
        seconds: float = _HEALTHY_SECONDS,
    ) -> Variant:
        """Start a model's servers and wait until they are healthy; raises CannotServe."""
        variant = self.prepare(owner, name, model, instance, group=group, environment=environment)
        try:
            variant.grow(count, seconds=seconds, halted=halted)
        except BaseException:
            variant.stop()
            raise
        return variant

    def prepare(
        self,
        owner: Place,
        name: str,
        model: Document,
        instance: Instance,
        *,
        group: str,
        environment: dict[str, str] | None = None,
    ) -> Variant:
        """Bring a model's image and data, and start nothing yet; raises CannotServe."""
        role = model["ExecutionRoleArn"]
        try:
            may = limits(self._platform.state, *instance)
            session = Session(self._platform, role, owner.arn)
            origin = place_of(self._platform, owner.account, owner.region, model.get("VpcConfig"))
            content = self._models.content(model)
            found = find(self._platform, session().caller, content.image)
            image = pull(self._platform, self._blobs, session().caller, found)
            log = self._log(owner, name, session, group)
        except (CannotPull, CannotRun, ApiError, OSError) as error:
            raise CannotServe(_why(error)) from error
        program = _Program(
            platform=self._platform,
            image=image,
            environment={**content.environment, **(environment or {})},
            origin=origin,
            role=role,
            session=session,
            region=owner.region,
            network=not model.get("EnableNetworkIsolation", False),
            in_vpc=bool((model.get("VpcConfig") or {}).get("Subnets")),
            limits=may,
        )
        folder = self.folder / uuid.uuid4().hex
        variant = Variant(name, found, folder, log, program)
        try:
            caller = replace(session().caller, origin=origin)
            _unpack_data(Objects(self._platform, caller, owner.region), content.data, folder)
        except (NoData, ApiError, OSError) as error:
            variant.stop()
            raise CannotServe(_why(error)) from error
        except BaseException:
            variant.stop()
            raise
        return variant

    def _log(self, owner: Place, name: str, session: Session, group: str) -> Log:
        stream = f"{name}/i-{uuid.uuid4().hex[:17]}"
        file = f"{owner.account}-{owner.region}-{owner.name}-{name}.log"
        path = self._platform.state / "logs" / "sagemaker" / owner.kind / file
        return Log(self._platform, lambda: session().caller, owner.region, group, stream, path)


def _why(error: Exception) -> str:
    if isinstance(error, ApiError):
        return f"{error.code}: {error.message}"
    if isinstance(error, OSError):
        return f"The local AWS cannot start it: {error.strerror or error}"
    return str(error)


def _end(instances: Sequence[_Instance], drain: float = 0.0) -> None:
    """End processes side by side."""
    threads = [threading.Thread(target=one.stop, args=(drain,)) for one in instances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _server(
    program: _Program, env: dict[str, str], folder: Path, log: Log, listener: Listener | None
) -> Server:
    scratch = folder / f"scratch-{uuid.uuid4().hex[:8]}"
    scratch.mkdir(parents=True)
    image = program.image
    command = image.settings.entrypoint or image.settings.command
    if "bubblewrap" not in isolation():
        log.line(f"landrail: this container is not isolated: {isolation()}")
    binds = [Bind(folder / "ml", ML, writable=True)]
    words = {"SAGEMAKER_BASE_DIR": ML, "SM_MODEL_DIR": f"{ML}/model", **env}
    return serve(
        image,
        [*command, "serve"],
        words,
        binds,
        scratch,
        log.line,
        network=program.network,
        # Its subnet leads to AWS by the listener, and nowhere else.
        way=urlsplit(listener.endpoint).port if listener is not None and program.in_vpc else None,
        limits=program.limits,
        may_be_warm=said(program.platform.state).warm,
    )


def _wait(name: str, servers: Sequence[Server], seconds: float, halted: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    for server in servers:
        while not server.healthy(1.0):
            if halted():
                raise CannotServe("The endpoint was stopped while it started.")
            if not server.alive:
                killed = f" ({_EXCEEDED[server.exceeded]})" if server.exceeded else ""
                raise CannotServe(
                    f"The container of variant {name} ended while it started{killed}. "
                    "Please check CloudWatch logs for this endpoint."
                )
            if time.monotonic() > until:
                raise CannotServe(
                    f"The primary container for production variant {name} did not pass "
                    "the ping health check. Please check CloudWatch logs for this endpoint."
                )


def _unpack_data(objects: Objects, uri: str | None, folder: Path) -> None:
    target = folder / "ml" / "model"
    target.mkdir(parents=True)
    if uri is None:
        return
    content = objects.get(Uri.parse(uri))
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as archive:
            archive.extractall(target, filter="data")
    except tarfile.TarError as error:
        raise NoData(f"Failed to extract model data archive {uri}: {error}") from error
