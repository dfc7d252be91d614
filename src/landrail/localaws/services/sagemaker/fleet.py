"""The server processes of endpoints: started from models, ended, and where they are found.

`sagemaker-runtime` finds them by the table `sagemaker.fleet`, so that the two services share
nothing but that record: for each variant its weight and where its processes answer.
"""

from __future__ import annotations

import io
import shutil
import tarfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Credentials, Listener, Platform
from landrail.localaws.runtimes.images import Unpacked
from landrail.localaws.runtimes.process import Bind, CannotRun, isolation
from landrail.localaws.runtimes.serving import Server, serve
from landrail.localaws.services.sagemaker.containers import ML
from landrail.localaws.services.sagemaker.logs import Log
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.objects import NoData, Objects, Uri
from landrail.localaws.services.sagemaker.pulling import CannotPull, Found, find, pull
from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.services.sagemaker.roles import enter, place_of, variables
from landrail.localaws.store.blobs import Blobs

_HEALTHY_SECONDS = 240
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


@dataclass
class Variant:
    """The processes of one production variant and what they run."""

    name: str
    found: Found
    folder: Path
    log: Log
    servers: list[Server] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)

    def stop(self) -> None:
        """End its processes and drop its files."""
        for server in self.servers:
            server.stop()
        for listener in self.listeners:
            listener.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def places(self) -> list[int | str]:
        """Where its processes answer."""
        return [server.place for server in self.servers]


class Host:
    """Starts variants."""

    def __init__(self, platform: Platform, blobs: Blobs, models: Models) -> None:
        """Files go below the state folder's `sagemaker/hosting`."""
        self._platform = platform
        self._blobs = blobs
        self._models = models

    def start(
        self,
        owner: Place,
        name: str,
        model: Document,
        *,
        count: int = 1,
        group: str,
        environment: dict[str, str] | None = None,
        halted: Callable[[], bool] = lambda: False,
        seconds: float = _HEALTHY_SECONDS,
    ) -> Variant:
        """Start a model's servers and wait until they are healthy; raises CannotServe."""
        role = model["ExecutionRoleArn"]
        try:
            session = Session(self._platform, role, owner.arn)
            origin = place_of(self._platform, owner.account, owner.region, model.get("VpcConfig"))
            content = self._models.content(model)
            found = find(self._platform, session().caller, content.image)
            image = pull(self._platform, self._blobs, session().caller, found)
        except (CannotPull, CannotRun) as error:
            raise CannotServe(str(error)) from error
        except ApiError as error:
            raise CannotServe(f"{error.code}: {error.message}") from error
        folder = self._platform.state / "sagemaker" / "hosting" / uuid.uuid4().hex
        variant = Variant(name, found, folder, self._log(owner, name, session, group))
        try:
            caller = replace(session().caller, origin=origin)
            _unpack_data(Objects(self._platform, caller, owner.region), content.data, folder)
            network = not model.get("EnableNetworkIsolation", False)
            words = {**content.environment, **(environment or {})}
            for _ in range(count):
                listener = self._platform.listen(origin, role) if network else None
                if listener is not None:
                    variant.listeners.append(listener)
                env = {**variables(session(), owner.region, listener), **words}
                server = _server(image, env, folder, variant.log, network)
                variant.servers.append(server)
                if listener is not None:
                    listener.belongs_to(server.pid)
            _wait(variant, seconds, halted)
        except (CannotRun, NoData) as error:
            variant.stop()
            raise CannotServe(str(error)) from error
        except BaseException:
            variant.stop()
            raise
        return variant

    def _log(self, owner: Place, name: str, session: Session, group: str) -> Log:
        stream = f"{name}/i-{uuid.uuid4().hex[:17]}"
        file = f"{owner.account}-{owner.region}-{owner.name}-{name}.log"
        path = self._platform.state / "logs" / "sagemaker" / owner.kind / file
        return Log(self._platform, lambda: session().caller, owner.region, group, stream, path)


def _server(image: Unpacked, env: dict[str, str], folder: Path, log: Log, network: bool) -> Server:
    scratch = folder / f"scratch-{uuid.uuid4().hex[:8]}"
    scratch.mkdir(parents=True)
    program = image.settings.entrypoint or image.settings.command
    if "bubblewrap" not in isolation():
        log.line(f"landrail: this container is not isolated: {isolation()}")
    binds = [Bind(folder / "ml", ML, writable=True)]
    words = {"SAGEMAKER_BASE_DIR": ML, "SM_MODEL_DIR": f"{ML}/model", **env}
    return serve(image, [*program, "serve"], words, binds, scratch, log.line, network=network)


def _wait(variant: Variant, seconds: float, halted: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    for server in variant.servers:
        while not server.healthy(1.0):
            if halted():
                raise CannotServe("The endpoint was stopped while it started.")
            if not server.alive:
                raise CannotServe(
                    f"The container of variant {variant.name} ended while it started. "
                    "Please check CloudWatch logs for this endpoint."
                )
            if time.monotonic() > until:
                raise CannotServe(
                    f"The primary container for production variant {variant.name} did not pass "
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


def record(variants: list[Variant], weights: dict[str, float]) -> dict[str, Any]:
    """Return what `sagemaker-runtime` needs to find the servers."""
    return {
        "variants": [
            {"name": v.name, "weight": weights.get(v.name, 1.0), "places": v.places}
            for v in variants
        ]
    }
