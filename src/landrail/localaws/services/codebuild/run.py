"""One build from its queue to its artifacts; runs in a thread of its own.

Every call is made as the project's role. What goes wrong is told in the phase it went wrong in,
as CodeBuild tells it.
"""

from __future__ import annotations

import re
import shutil
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from landrail.localaws.api import ApiError, Caller, Credentials, Listener, Origin, Platform
from landrail.localaws.runtimes.process import CannotRun, Exit, Running, Work, start
from landrail.localaws.services.codebuild import caching, compute, environment, place, plan
from landrail.localaws.services.codebuild.buildspec import Buildspec, BuildspecError, parse
from landrail.localaws.services.codebuild.failing import Failed, refused
from landrail.localaws.services.codebuild.following import Following
from landrail.localaws.services.codebuild.logs import BuildLog
from landrail.localaws.services.codebuild.phases import Phases
from landrail.localaws.services.codebuild.reports.making import Making
from landrail.localaws.services.codebuild.reports.store import Reports
from landrail.localaws.services.codebuild.source import buildspec_text, fetch
from landrail.localaws.services.codebuild.uploads import Uploads, encryption

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Save = Callable[[dict[str, Any]], None]
Turn = Callable[[threading.Event], bool]


class BuildRun:
    """A build under way. `record` is the build's document; `save` keeps it; `turn` waits until the
    build may run, and is False where that took too long."""

    def __init__(
        self,
        platform: Platform,
        record: dict[str, Any],
        save: Save,
        turn: Turn,
        reports: Reports,
    ) -> None:
        self._platform = platform
        self._record = record
        self._folder = platform.state / "codebuild" / uuid.uuid4().hex
        self._save = save
        self._turn = turn
        self._reports = reports
        self._phases = Phases(list(record["phases"]))
        self._nonce = uuid.uuid4().hex
        self._stop = threading.Event()
        self._running: Running | None = None
        self._lost: ApiError | OSError | None = None
        self._origin: Origin
        self._caller: Caller | None = None

    def stop(self) -> None:
        """End the build; its status becomes STOPPED."""
        self._stop.set()
        if self._running is not None:
            self._running.stop()

    def perform(self) -> dict[str, Any]:
        """Run the whole build and return its final document."""
        self._folder.mkdir(parents=True, exist_ok=True)
        group = str(self._record["logs"].get("groupName") or "")
        stream = str(self._record["logs"].get("streamName") or "")
        file = self._folder / "build.log"
        self._log = BuildLog(self._platform, self._region, group, stream, file)
        status = "SUCCEEDED"
        try:
            self._steps()
        except Failed as failed:
            status = "STOPPED" if self._stop.is_set() else failed.status
            self._phases.end(status, failed.code, self._log.hidden(failed.message))
            self._log.say(f"Phase context status code: {failed.code} Message: {failed.message}")
        status = self._close_log(status)
        self._phases.finish()
        self._keep(
            buildStatus=status,
            buildComplete=True,
            endTime=self._phases.done[-1]["startTime"],
        )
        shutil.rmtree(self._folder, ignore_errors=True)
        return self._record

    def _steps(self) -> None:
        self._begin("QUEUED")
        if not self._turn(self._stop):
            minutes = self._record["queuedTimeoutInMinutes"]
            message = f"Build has timed out in the queue after {minutes} minutes."
            raise Failed("BUILD_TIMED_OUT", message, "TIMED_OUT")
        self._begin("PROVISIONING")
        credentials = self._enter_role()
        self._connect()
        self._caller = replace(credentials.caller, origin=self._origin)
        self._begin("DOWNLOAD_SOURCE")
        self._download(credentials)
        spec = self._buildspec(self._caller)
        asked = self._asked(self._caller, spec, credentials)
        kept = caching.kept(
            self._platform, self._caller, self._record, self._folder, spec, self._log.say
        )
        listener = self._platform.listen(self._origin, self._record["serviceRole"])
        try:
            fixed = self._environment(credentials, spec, asked, listener.endpoint)
            following = self._execute(spec, fixed, listener, kept)
        finally:
            listener.close()
        self._keep(exportedEnvironmentVariables=self._exported(spec, asked))
        self._finish(spec, following, kept)

    def _finish(self, spec: Buildspec, following: Following, kept: caching.Kept | None) -> None:
        """Keep what the build made; a build that failed keeps its reports and artifacts, too."""
        outcome = following.failure
        if following.built:
            self._begin("UPLOAD_ARTIFACTS")
            try:
                self._upload(spec)
            except Failed as failed:
                if outcome is None:
                    raise
                self._phases.end("FAILED", failed.code, self._log.hidden(failed.message))
        self._begin("FINALIZING")
        if kept is not None and outcome is None:
            kept.save()
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
        self._log.hide([given.secret_access_key, given.session_token])
        if not self._log.group:
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
        others = {
            str(one["sourceIdentifier"]): str(one["sourceVersion"])
            for one in record.get("secondarySourceVersions") or []
        }
        here = (self._platform, credentials, self._origin, self._region)
        wanted = record.get("sourceVersion")
        try:
            version = fetch(*here, record["source"], wanted, self._folder / "src")
            for one in record.get("secondarySources") or []:
                name = str(one["sourceIdentifier"])
                fetch(*here, one, others.get(name), self._folder / "secondary" / name)
        except (ApiError, ValueError) as error:
            raise refused("error while downloading the source", error) from error
        if record["source"]["type"] == "CODEPIPELINE":
            # What the pipeline took its source from, a commit say, and not the zip it came in.
            version = wanted or version
        self._keep(resolvedSourceVersion=record.get("resolvedSourceVersion") or version)

    def _buildspec(self, caller: Caller) -> Buildspec:
        text, name = buildspec_text(self._platform, caller, self._record, self._folder / "src")
        try:
            return parse(text, name)
        except BuildspecError as wrong:
            raise Failed("YAML_FILE_ERROR", str(wrong)) from wrong

    def _asked(
        self, caller: Caller, spec: Buildspec, credentials: Credentials
    ) -> environment.Asked:
        try:
            found = environment.asked(self._platform, caller, self._record, spec)
        except environment.NotFound as wrong:
            raise Failed(wrong.code, wrong.message) from wrong
        own = [credentials.secret_access_key, credentials.session_token]
        self._log.hide([*own, *(found.values[name] for name in found.secret)])
        return found

    def _environment(
        self,
        credentials: Credentials,
        spec: Buildspec,
        asked: environment.Asked,
        endpoint: str,
    ) -> dict[str, str]:
        stream = str(self._record["logs"].get("streamName") or "")
        ways = place.variables()
        fixed = environment.fixed(self._record, endpoint, ways["PATH"], plan.ROOT, stream)
        wanted = {name: value for name, value in asked.values.items() if _NAME.fullmatch(name)}
        signed = environment.git(endpoint, self._region) if spec.git_credentials else {}
        return {**ways, **wanted, **fixed, **signed, **environment.credentials(credentials)}

    def _execute(
        self,
        spec: Buildspec,
        env: dict[str, str],
        listener: Listener,
        kept: caching.Kept | None,
    ) -> Following:
        if kept is None:
            spec = replace(spec, cache=None)
        steps = plan.write(self._folder, spec)

        def restore() -> None:
            if kept is not None:
                kept.keys = plan.keys(self._folder, spec)
                kept.restore()

        following = Following(
            self._folder,
            self._nonce,
            spec,
            steps,
            self._log,
            self._phases,
            self._keep,
            restore,
            self._stop.is_set,
        )
        work = Work(
            argv=("sh", f"{plan.ROOT}/plan/driver.sh", self._nonce),
            env=env,
            workdir=f"{plan.ROOT}/src",
            scratch=self._folder / "tmp",
            binds=place.binds(self._folder),
            limits=compute.limits(self._record["environment"]["computeType"]),
        )
        self._follow(work, listener, following)
        return following

    def _follow(self, work: Work, listener: Listener, following: Following) -> None:
        self._living()
        if (self._record.get("vpcConfig") or {}).get("subnets"):
            # Its subnet leads to AWS by the listener, and nowhere else.
            work = replace(work, way=urlsplit(listener.endpoint).port)
        try:
            self._running = start(work, lambda line: self._line(following, line))
        except CannotRun as error:
            raise Failed("INTERNAL_ERROR", str(error)) from error
        listener.belongs_to(self._running.calls_from)
        if self._stop.is_set() or self._lost is not None:
            self._running.stop()
        minutes = self._record["timeoutInMinutes"]
        ended = self._running.wait(float(minutes) * 60)
        if self._lost is not None:
            raise self._lost
        self._living()
        if ended.timed_out:
            message = f"Build has timed out after {minutes} minutes."
            raise Failed("BUILD_TIMED_OUT", message, "TIMED_OUT")
        if ended.exceeded is not None:
            following.killed(compute.KILLED[ended.exceeded], ended.status)
        if not following.over and following.failure is None:
            following.failure = _broken(ended)

    def _line(self, following: Following, text: str) -> None:
        """Take a line of output; what cannot be kept, the disk being full say, ends the build."""
        if self._lost is not None:
            return
        try:
            following.line(text)
        except (ApiError, OSError) as error:
            self._lost = error
            if self._running is not None:
                threading.Thread(target=self._running.stop, daemon=True).start()

    def _exported(self, spec: Buildspec, asked: environment.Asked) -> list[dict[str, str]]:
        """As on AWS, neither secrets nor AWS's own variables are exported."""
        names = [n for n in spec.exported if n not in asked.secret and not n.startswith("AWS_")]
        for name in set(spec.exported) - set(names):
            self._log.say(f"{name} is not exported: it holds a secret or is one of AWS's own")
        return [
            {"name": name, "value": plan.told(self._folder, f"export-{name}")} for name in names
        ]

    def _upload(self, spec: Buildspec) -> None:
        assert self._caller is not None
        source = self._folder / "src"
        record = self._record
        made = record.setdefault("reportArns", [])
        making = Making(self._platform, self._caller, self._reports, record, source, self._log.say)
        wrong: Failed | None = None
        try:
            making.perform(spec, made.append)
        except Failed as failed:
            wrong = failed
        names = {name: plan.told(self._folder, f"artifact-{name}") for name in spec.secondary}
        names[""] = plan.told(self._folder, "artifact")
        Uploads(self._platform, self._caller, record, source, names).perform(spec)
        self._keep()
        if wrong is not None:
            raise wrong

    def _close_log(self, status: str) -> str:
        """Send the rest of the log; a build whose log is refused has failed."""
        problems: list[ApiError] = []
        for send in (self._log_to_s3, self._log.close):
            try:
                send()
            except ApiError as error:
                problems.append(error)
        for one in problems:
            failed = refused("error while writing the log", one)
            self._phases.end_with(failed.code, failed.message)
        return "FAILED" if problems and status == "SUCCEEDED" else status

    def _log_to_s3(self) -> None:
        logs = self._record["logs"]
        if "s3LogsArn" not in logs or self._caller is None:
            return
        bucket, _, key = str(logs["s3LogsArn"]).removeprefix("arn:aws:s3:::").partition("/")
        params: dict[str, Any] = {"Bucket": bucket, "Key": key, "Body": self._log.compressed()}
        if not logs["s3Logs"].get("encryptionDisabled"):
            params |= encryption(self._record)
        self._platform.call(self._caller, "s3", "PutObject", params, region=self._region)

    @property
    def _region(self) -> str:
        return str(self._record["region"])

    @property
    def _account(self) -> str:
        return str(self._record["account"])

    def _living(self) -> None:
        if self._stop.is_set():
            raise Failed("", "Build was stopped")

    def _begin(self, phase: str) -> None:
        self._living()
        self._phases.begin(phase)
        self._keep()

    def _keep(self, **changes: Any) -> None:
        self._record.update(changes)
        self._record["phases"] = self._phases.done
        self._record["currentPhase"] = self._phases.current
        self._save(self._record)


def _broken(ended: Exit) -> Failed:
    return Failed("INTERNAL_ERROR", f"the build's shell ended with {ended.status}")
