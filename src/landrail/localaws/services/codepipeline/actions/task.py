"""What an action is given and what it gives back; and its artifacts in the store's bucket."""

from __future__ import annotations

import io
import secrets
import string
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from landrail.localaws.api import ApiError, Credentials, Platform

PRINCIPAL = "codepipeline.amazonaws.com"
_ALPHABET = string.ascii_letters + string.digits


class ActionFailed(Exception):
    """The action failed; the text is what its user reads."""

    def __init__(self, message: str, code: str = "JobFailed") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class TimedOut(ActionFailed):
    """The action took longer than it may."""


class Stopped(Exception):
    """The execution was abandoned while the action waited."""


class Halted(Stopped):
    """The local AWS ends; the action is left as it stands and taken up again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An artifact in the store: where it is."""

    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a successful action leaves: artifacts, variables, revisions, a summary."""

    artifacts: Mapping[str, Stored] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    revisions: tuple[Mapping[str, str], ...] = ()
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One action to perform: who it acts as, its settings, its artifacts, and the ways to wait.

    `wait(seconds)` sleeps until something happened or the time is over and raises Stopped where the
    execution was abandoned, and ActionFailed where the action took too long; `note` writes to the
    action's record, kept over a restart, and `look` reads it. `revisions` has the source revision
    of each artifact that a source action made.
    """

    platform: Platform
    credentials: Credentials
    region: str
    account: str
    pipeline: str
    stage: str
    execution: str
    action: Mapping[str, Any]
    configuration: Mapping[str, str]
    inputs: Mapping[str, Stored]
    store: Mapping[str, Any]
    override: Mapping[str, str] | None
    revisions: Mapping[str, str]
    look: Callable[[], Mapping[str, Any]]
    wait: Callable[[float], None]
    note: Callable[..., None]

    @property
    def record(self) -> Mapping[str, Any]:
        """The action's record as it is now."""
        return self.look()

    @property
    def outputs(self) -> list[str]:
        """The names of the artifacts the action makes."""
        return [str(one["name"]) for one in self.action.get("outputArtifacts") or []]

    @property
    def encryption_key(self) -> str | None:
        """The key of the artifact store, or None for S3's own."""
        key = self.store.get("encryptionKey")
        return str(key["id"]) if key else None

    def call(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        as_pipeline: bool = False,
    ) -> dict[str, Any]:
        """Make a call under the action's role; raises ActionFailed with the call's message.
        `as_pipeline` marks it as CodePipeline's own, which no client can do."""
        try:
            return self.raw(service, operation, params, as_pipeline=as_pipeline)
        except ApiError as error:
            code = "PermissionError" if "AccessDenied" in error.code else "ConfigurationError"
            raise ActionFailed(f"{operation}: {error.code}: {error.message}", code) from error

    def raw(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        *,
        as_pipeline: bool = False,
    ) -> dict[str, Any]:
        """Make a call under the action's role; raises ApiError."""
        caller = self.credentials.caller
        if as_pipeline:
            caller = replace(caller, called_via=(PRINCIPAL,))
        return self.platform.call(caller, service, operation, params, region=self.region)

    def place(self, artifact: str) -> Stored:
        """Return a new place in the store for an artifact, named as CodePipeline does."""
        tail = "".join(secrets.choice(_ALPHABET) for _ in range(7))
        return Stored(str(self.store["location"]), f"{self.pipeline[:20]}/{artifact[:10]}/{tail}")

    def put(self, artifact: str, content: bytes) -> Stored:
        """Write an artifact into the store."""
        place = self.place(artifact)
        params: dict[str, Any] = {"Bucket": place.bucket, "Key": place.key, "Body": content}
        if self.encryption_key:
            params |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.encryption_key}
        self.call("s3", "PutObject", params)
        return place

    def get(self, artifact: str) -> bytes:
        """Read an input artifact from the store."""
        if artifact not in self.inputs:
            raise ActionFailed(f"{artifact} is not an input artifact", "ConfigurationError")
        place = self.inputs[artifact]
        body = self.call("s3", "GetObject", {"Bucket": place.bucket, "Key": place.key})["Body"]
        return body if isinstance(body, bytes) else bytes(body.read())

    def file(self, path: str) -> str:
        """Return the text of `ARTIFACT::FILE`."""
        artifact, _, name = path.partition("::")
        try:
            with zipfile.ZipFile(io.BytesIO(self.get(artifact))) as archive:
                return archive.read(name).decode("utf-8")
        except (KeyError, zipfile.BadZipFile, RuntimeError, UnicodeDecodeError) as error:
            raise ActionFailed(
                f"the file {name} cannot be read from artifact {artifact}", "ConfigurationError"
            ) from error


def zip_one(name: str, content: str) -> bytes:
    """Return a zip with one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
