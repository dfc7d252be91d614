"""The CodePipeline service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import Answering, ApiError, Completed, Door, Operation, Platform
from landrail.localaws.services.codepipeline import kinds
from landrail.localaws.services.codepipeline.approvals import Approvals
from landrail.localaws.services.codepipeline.connections import SERVICES as CONNECTIONS
from landrail.localaws.services.codepipeline.definition import actions
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.executions import Executions
from landrail.localaws.services.codepipeline.pipelines import Pipelines
from landrail.localaws.services.codepipeline.starting import Starting
from landrail.localaws.services.codepipeline.watching import Watching
from landrail.localaws.store import Tables
from landrail.localaws.store.checking import checked

_log = logging.getLogger(__name__)


class CodePipeline(Answering):
    """Pipelines that walk their stages, each action under its role, with manual approval."""

    name = "codepipeline"
    owned = True

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._engine = Engine(platform, tables)
        self._starting = Starting(self._engine)
        self._watching = Watching(platform, tables, self._starting)
        self._pipelines = Pipelines(tables, self._engine, self._starting, self._watching)
        found: Mapping[str, Operation] = {
            **self._pipelines.operations(),
            **Executions(self._pipelines, self._engine, self._starting).operations(),
            **Approvals(self._pipelines, self._engine).operations(),
            **kinds.operations(),
        }
        self.operations: Mapping[str, Operation] = {
            name: checked(one) for name, one in found.items()
        }
        self.doors: Mapping[str, Door] = {}

    def completed(self, event: Completed) -> None:
        """Wake what waits for a build, and start pipelines that watch their source."""
        call = event.call
        if call.service in CONNECTIONS:
            self._watching.forget()
        elif call.service == "events" and call.operation == "PutEvents":
            self._engine.wake()
            for entry in call.params.get("Entries") or []:
                if entry.get("Source") == "aws.codecommit":
                    detail = json.loads(entry["Detail"])
                    wanted = {
                        "RepositoryName": detail["repositoryName"],
                        "BranchName": detail["referenceName"],
                    }
                    if detail.get("commitId"):
                        tip = ("COMMIT_ID", str(detail["commitId"]))
                        self._changed(call.account, call.region, "CodeCommit", wanted, tip)
        elif call.service == "s3" and call.operation in (
            *("PutObject", "CopyObject", "CompleteMultipartUpload"),
        ):
            wanted = {"S3Bucket": call.params["Bucket"], "S3ObjectKey": call.params["Key"]}
            version = event.result.get("VersionId")
            revision = ("S3_OBJECT_VERSION_ID", str(version)) if version else None
            self._changed(call.account, call.region, "S3", wanted, revision)

    def start(self) -> None:
        """Go on with the executions that stood."""
        self._engine.take_up()
        self._watching.start()

    def stop(self) -> None:
        """Leave the executions as they stand."""
        self._watching.stop()
        self._engine.halt()

    def _changed(
        self,
        account: str,
        region: str,
        provider: str,
        wanted: Mapping[str, Any],
        revision: tuple[str, str] | None,
    ) -> None:
        """Start the pipelines that poll a source, with the very revision that changed it."""
        for record in self._pipelines.everywhere(account, region):
            for _, action in actions(record["pipeline"]):
                given = action.get("configuration") or {}
                watched = str(given.get("PollForSourceChanges", "true")).lower() == "true"
                same = all(given.get(key) == value for key, value in wanted.items())
                if action["actionTypeId"]["provider"] == provider and watched and same:
                    self._begin(record, str(action["name"]), revision)

    def _begin(self, record: dict[str, Any], action: str, revision: tuple[str, str] | None) -> None:
        trigger = {"triggerType": "PollForSourceChanges", "triggerDetail": action}
        names = ("actionName", "revisionType", "revisionValue")
        found = [dict(zip(names, (action, *revision), strict=True))] if revision else []
        try:
            self._starting.begin(record, trigger, (), found)
        except ApiError as error:
            _log.warning("pipeline %s did not start: %s", record["pipeline"]["name"], error)
