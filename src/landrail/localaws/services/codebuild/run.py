"""One build from provisioning to its artifacts; runs in a thread of its own.

Every call is made as the project's role. What goes wrong is told in the phase it went wrong in,
as CodeBuild tells it.
"""

from __future__ import annotations

import base64
import re
import shutil
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import landrail
from landrail.localaws.api import ApiError, Credentials, Listener, Origin, Platform
from landrail.localaws.runtimes.host import search_path
from landrail.localaws.runtimes.process import Bind, CannotRun, Running, Work, start
from landrail.localaws.services.codebuild import environment, plan
from landrail.localaws.services.codebuild.artifacts import NothingToKeep, chosen, digests, zipped
from landrail.localaws.services.codebuild.buildspec import (
    Artifact,
    Buildspec,
    BuildspecError,
    parse,
)
from landrail.localaws.services.codebuild.logs import BuildLog
from landrail.localaws.services.codebuild.phases import NAMES, Phases
from landrail.localaws.services.codebuild.source import fetch

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Save = Callable[[dict[str, Any]], None]


class Failed(Exception):
    """The phase under way failed; `code` is CodeBuild's."""

    def __init__(self, code: str, message: str, status: str = "FAILED") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class BuildRun:
    """A build under way. `record` is the build's document; `save` keeps it."""

    def __init__(self, platform: Platform, record: dict[str, Any], folder: Path, save: Save):
        self._platform = platform
        self._record = record
        self._folder = folder
        self._save = save
        self._phases = Phases(list(record["phases"]))
        self._nonce = uuid.uuid4().hex
        self._stop = threading.Event()
        self._running: Running | None = None
        self._exports: list[dict[str, str]] = []
        self._failure: Failed | None = None
        self._command = ""
        self._built = False
        self._origin: Origin

    @property
    def _region(self) -> str:
        return str(self._record["region"])

    def stop(self) -> None:
        """End the build; its status becomes STOPPED."""
        self._stop.set()
        if self._running is not None:
            self._running.stop()

    def perform(self) -> dict[str, Any]:
        """Run the whole build and return its final document."""
        self._folder.mkdir(parents=True, exist_ok=True)
        group, stream = self._record["logs"]["groupName"], self._record["logs"]["streamName"]
        file = self._folder / "build.log"
        self._log = BuildLog(self._platform, self._region, group, stream, file)
        status = "SUCCEEDED"
        try:
            self._steps()
        except Failed as failed:
            status = "STOPPED" if self._stop.is_set() else failed.status
            self._phases.end(status, failed.code, failed.message)
            self._log.line(f"[Container] Phase context: {failed.code} Message: {failed.message}")
        status = self._close_log(status)
        self._phases.finish()
        self._keep(
            buildStatus=status,
            buildComplete=True,
            endTime=self._phases.done[-1]["startTime"],
            exportedEnvironmentVariables=self._exports,
        )
        for name in ("src", "secondary", "plan", "state", "home", "tmp"):
            shutil.rmtree(self._folder / name, ignore_errors=True)
        return self._record

    def _steps(self) -> None:
        self._begin("QUEUED")
        self._begin("PROVISIONING")
        credentials = self._enter_role()
        self._connect()
        self._begin("DOWNLOAD_SOURCE")
        self._download(credentials)
        spec = self._buildspec()
        asked = self._asked(credentials, spec)
        listener = self._platform.listen(self._origin, self._record["serviceRole"])
        try:
            env = self._environment(credentials, spec, asked, listener.endpoint)
            self._execute(spec, env, listener)
        finally:
            listener.close()
        outcome = self._failure
        if self._built:
            self._begin("UPLOAD_ARTIFACTS")
            try:
                self._upload(credentials, spec)
            except Failed as failed:
                if outcome is None:
                    raise
                self._phases.end("FAILED", failed.code, failed.message)
        self._begin("FINALIZING")
        self._phases.end()
        if outcome is not None:
            raise outcome

    def _enter_role(self) -> Credentials:
        context = {"aws:SourceArn": self._record["projectArn"], "aws:SourceAccount": self._account}
        try:
            given = self._platform.assume(
                "codebuild.amazonaws.com",
                self._record["serviceRole"],
                f"AWSCodeBuild-{self._record['id'].rpartition(':')[2]}",
                context=context,
            )
        except ApiError as error:
            message = (
                "CodeBuild is not authorized to perform: sts:AssumeRole on service role. "
                f"{error.message}"
            )
            raise Failed("ACCESS_DENIED", message) from error
        if (self._record["logsConfig"].get("cloudWatchLogs") or {}).get("status") == "DISABLED":
            return given
        try:
            self._log.open(given.caller)
        except ApiError as error:
            message = (
                f"Service role {self._record['serviceRole']} does not allow AWS CodeBuild to "
                f"create Amazon CloudWatch Logs log streams for build {self._record['arn']}. "
                f"Error message: {error.message}"
            )
            raise Failed("ACCESS_DENIED", message) from error
        return given

    def _connect(self) -> None:
        """Take the build's place in the project's network, or outside of any."""
        network = self._record.get("vpcConfig") or {}
        subnets = network.get("subnets") or ()
        try:
            self._origin = self._platform.origin(
                self._account, self._region, subnets, network.get("vpcId") or None
            )
        except ApiError as error:
            message = f"Unexpected EC2 error: {error.code}: {error.message}"
            raise Failed("VPC_CLIENT_ERROR", message) from error

    def _download(self, credentials: Credentials) -> None:
        record = self._record
        plan.prepare(self._folder)
        try:
            version = fetch(
                self._platform,
                credentials,
                self._origin,
                self._region,
                record["source"],
                record.get("sourceVersion"),
                self._folder / "src",
            )
            for one in record.get("secondarySources") or []:
                place = self._folder / "secondary" / str(one["sourceIdentifier"])
                wanted = record["secondaryVersions"].get(one["sourceIdentifier"])
                fetch(self._platform, credentials, self._origin, self._region, one, wanted, place)
        except (ApiError, ValueError) as error:
            code = "ACCESS_DENIED" if _denied(error) else "CLIENT_ERROR"
            raise Failed(code, f"error while downloading the source: {_message(error)}") from error
        if record["source"]["type"] == "CODEPIPELINE":
            # What the pipeline took its source from, a commit say, and not the zip it came in.
            version = record.get("sourceVersion") or version
        self._keep(resolvedSourceVersion=record.get("resolvedSourceVersion") or version)

    def _buildspec(self) -> Buildspec:
        text = str(self._record["source"].get("buildspec") or "buildspec.yml")
        if "\n" not in text and not text.startswith("version"):
            file = (self._folder / "src" / text).resolve()
            if not file.is_relative_to((self._folder / "src").resolve()) or not file.is_file():
                raise Failed("YAML_FILE_ERROR", f"stat {text}: no such file or directory")
            text = file.read_text(encoding="utf-8")
        try:
            spec = parse(text)
        except BuildspecError as wrong:
            raise Failed("YAML_FILE_ERROR", str(wrong)) from wrong
        for name in spec.ignored:
            self._log.line(f"[Container] `{name}` of the buildspec is ignored by the local AWS")
        return spec

    def _asked(self, credentials: Credentials, spec: Buildspec) -> dict[str, str]:
        caller = replace(credentials.caller, origin=self._origin)
        try:
            return environment.asked(self._platform, caller, self._record, spec)
        except (ApiError, ValueError) as error:
            code = "ACCESS_DENIED" if _denied(error) else "CLIENT_ERROR"
            raise Failed(code, f"environment variables: {_message(error)}") from error

    def _environment(
        self, credentials: Credentials, spec: Buildspec, asked: dict[str, str], endpoint: str
    ) -> dict[str, str]:
        stream = str(self._record["logs"]["streamName"])
        fixed = environment.fixed(self._record, endpoint, self._path(), plan.ROOT, stream)
        wanted = {name: value for name, value in asked.items() if _NAME.fullmatch(name)}
        signed = environment.git(endpoint, self._region) if spec.git_credentials else {}
        python = {"PYTHONPATH": f"{plan.ROOT}/landrail", "PYTHONDONTWRITEBYTECODE": "1"}
        return {**python, **wanted, **fixed, **signed, **environment.credentials(credentials)}

    def _path(self) -> str:
        return f"{plan.ROOT}/bin:{search_path()}"

    def _execute(self, spec: Buildspec, env: dict[str, str], listener: Listener) -> None:
        for name in spec.exported:
            if not _NAME.fullmatch(name):
                raise Failed("YAML_FILE_ERROR", f"exported-variables: {name!r} is not a name")
        plan.write(self._folder, spec, self._nonce)
        work = Work(
            argv=("bash", f"{plan.ROOT}/plan/driver.sh", self._nonce),
            env=env,
            workdir=f"{plan.ROOT}/src",
            scratch=self._folder / "tmp",
            binds=self._binds(),
        )
        seconds = float(self._record["timeoutInMinutes"]) * 60
        if self._stop.is_set():
            raise Failed("", "Build was stopped")
        try:
            self._running = start(work, self._line)
        except CannotRun as error:
            raise Failed("INTERNAL_ERROR", str(error)) from error
        listener.belongs_to(self._running.pid)
        if self._stop.is_set():
            self._running.stop()
        ended = self._running.wait(seconds)
        if self._stop.is_set():
            raise Failed("", "Build was stopped")
        if ended.timed_out:
            minutes = self._record["timeoutInMinutes"]
            message = f"Build has timed out after {minutes} minutes."
            raise Failed("BUILD_TIMED_OUT", message, "TIMED_OUT")
        if ended.status != 0 and self._failure is None:
            self._failure = Failed("INTERNAL_ERROR", f"the build's shell ended with {ended.status}")

    def _binds(self) -> tuple[Bind, ...]:
        bin_folder = self._folder / "bin"
        bin_folder.mkdir(exist_ok=True)
        command = bin_folder / "landrail"
        command.write_text(
            "#!/usr/bin/env python\nimport sys\nfrom landrail.cli import main\nsys.exit(main())\n"
        )
        command.chmod(0o755)
        names = ("src", "secondary", "plan", "state", "home")
        package = Path(landrail.__file__).parent
        return (
            *(Bind(self._folder / name, f"{plan.ROOT}/{name}", True) for name in names),
            Bind(bin_folder, f"{plan.ROOT}/bin"),
            Bind(package, f"{plan.ROOT}/landrail/landrail"),
        )

    def _line(self, text: str) -> None:
        before, found, signal = text.partition(self._nonce + " ")
        if not found:
            self._log.line(text)
            return
        if before:
            self._log.line(before)
        word, _, rest = signal.partition(" ")
        self._signal(word, rest.split(" "))

    def _signal(self, word: str, rest: list[str]) -> None:
        if word == "START":
            self._begin(NAMES[rest[0]])
            self._built = self._built or rest[0] == "build"
        elif word == "COMMAND" and rest[0] != "exported":
            self._command = plan.command_text(self._folder, rest[0])
            self._log.line(f"[Container] Running command {self._command}")
        elif word == "FAILED":
            command = plan.command_text(self._folder, rest[0])
            self._failed_command = (
                f"Error while executing command: {command}. Reason: exit status {rest[1]}"
            )
        elif word == "END":
            self._ended(rest[0], rest[1])
        elif word == "EXPORT":
            value = base64.b64decode(rest[1] if len(rest) > 1 else "").decode("utf-8", "replace")
            self._exports.append({"name": rest[0], "value": value})

    def _ended(self, phase: str, status: str) -> None:
        if status == "0":
            self._phases.end()
            self._log.line(f"[Container] Phase complete: {NAMES[phase]} State: SUCCEEDED")
        else:
            code, message = "COMMAND_EXECUTION_ERROR", self._failed_command
            self._phases.end("FAILED", code, message)
            self._log.line(f"[Container] Phase complete: {NAMES[phase]} State: FAILED")
            self._log.line(f"[Container] Phase context status code: {code} Message: {message}")
            how = self._folder / "plan" / phase / "on_failure"
            if how.read_text() != "CONTINUE" and self._failure is None:
                self._failure = Failed(code, message)
        self._keep()

    def _upload(self, credentials: Credentials, spec: Buildspec) -> None:
        wanted = self._record["artifacts"]
        if wanted["type"] != "NO_ARTIFACTS":
            if spec.artifact is None:
                if wanted["type"] == "S3":
                    raise Failed("CLIENT_ERROR", "no artifacts are named in the buildspec")
                only = next(iter(spec.secondary.values()), None)
                if only is None:
                    raise Failed("CLIENT_ERROR", "no artifacts are named in the buildspec")
            artifact = spec.artifact or next(iter(spec.secondary.values()))
            self._record["artifacts"].update(self._put(credentials, artifact, wanted))
        for one in self._record.get("secondaryArtifacts") or []:
            named = spec.secondary.get(one["artifactIdentifier"])
            if named is None:
                message = f"no secondary artifact {one['artifactIdentifier']} in the buildspec"
                raise Failed("CLIENT_ERROR", message)
            one.update(self._put(credentials, named, one))
        self._keep()

    def _put(
        self, credentials: Credentials, artifact: Artifact, wanted: dict[str, Any]
    ) -> dict[str, Any]:
        source = self._folder / "src"
        try:
            files = chosen(source, artifact)
        except NothingToKeep as error:
            raise Failed("CLIENT_ERROR", str(error)) from error
        if wanted.get("packaging") == "NONE":
            raise Failed("CLIENT_ERROR", "packaging NONE is not supported by the local AWS: ZIP")
        content = zipped(files)
        bucket, _, prefix = str(wanted["location"]).removeprefix("arn:aws:s3:::").partition("/")
        key = wanted.get("key") or self._key(wanted, prefix, artifact)
        params: dict[str, Any] = {"Bucket": bucket, "Key": key, "Body": content}
        encryption = self._record["encryptionKey"]
        if not wanted.get("encryptionDisabled") and not encryption.endswith("alias/aws/s3"):
            params |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": encryption}
        caller = replace(credentials.caller, origin=self._origin)
        try:
            self._platform.call(caller, "s3", "PutObject", params, region=self._region)
        except ApiError as error:
            code = "ACCESS_DENIED" if _denied(error) else "CLIENT_ERROR"
            raise Failed(code, f"error while uploading the artifact: {error.message}") from error
        return {"shownLocation": f"arn:aws:s3:::{bucket}/{key}", **digests(content)}

    def _key(self, wanted: dict[str, Any], prefix: str, artifact: Artifact) -> str:
        override = wanted.get("overrideArtifactName") and artifact.name
        name = artifact.name if override else wanted.get("name") or self._record["projectName"]
        build_id = self._record["id"].rpartition(":")[2]
        middle = build_id if wanted.get("namespaceType") == "BUILD_ID" else ""
        parts = (prefix, str(wanted.get("path") or ""), middle, str(name))
        return "/".join(part.strip("/") for part in parts if part.strip("/"))

    def _close_log(self, status: str) -> str:
        try:
            self._log.close()
        except ApiError as error:
            self._phases.end("FAILED", "ACCESS_DENIED", error.message)
            return "FAILED" if status == "SUCCEEDED" else status
        return status

    @property
    def _account(self) -> str:
        return str(self._record["account"])

    def _begin(self, phase: str) -> None:
        if self._stop.is_set():
            raise Failed("", "Build was stopped")
        self._phases.begin(phase)
        self._keep()

    def _keep(self, **changes: Any) -> None:
        self._record.update(changes)
        self._record["phases"] = self._phases.done
        self._record["currentPhase"] = self._phases.current
        self._save(self._record)


def _denied(error: Exception) -> bool:
    return isinstance(error, ApiError) and "AccessDenied" in error.code


def _message(error: Exception) -> str:
    return error.message if isinstance(error, ApiError) else str(error)
