"""A model's line to production in one account: repository, registry, its two pipelines, and the
steps of a release run in the test's own folder, as who the test says."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from code_people import REGION, until
from code_workshop import action

from landrail.aws.builds import BuildSession
from landrail.operations.model.approve import approve
from landrail.operations.model.artifacts import Build, Candidate, write_candidate
from landrail.operations.model.champion import champion_of
from landrail.operations.model.confirm import mark
from landrail.operations.model.propose import propose
from landrail.operations.model.register import register
from landrail.operations.model.settings import Settings
from landrail.operations.model.stage import Stage
from landrail.spec.deploy import Deploy

DIGEST = "sha256:" + "a" * 64
METRICS = {"auc": 0.9, "baseline": 0.88}


@dataclass
class Line:
    """One model's line; `as_` gives a session of a person or machine by name."""

    as_: Callable[[str], boto3.Session]
    endpoint: str
    account: str
    model: str
    role: str
    bucket: str
    key: str
    folder: Path
    clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, who: str, service: str) -> Any:
        if (who, service) not in self.clients:
            made = self.as_(who).client(service, endpoint_url=self.endpoint)
            self.clients[who, service] = made
        return self.clients[who, service]

    @property
    def group(self) -> str:
        return f"arn:aws:sagemaker:{REGION}:{self.account}:model-package-group/{self.model}"

    def settings(self, pipeline: str, execution: str) -> Settings:
        return Settings(
            {
                "LANDRAIL_MODEL": self.model,
                "LANDRAIL_GATE": "auc >= baseline + 0.01",
                "LANDRAIL_DEPLOY": json.dumps(Deploy().said(local=True)),
                "LANDRAIL_RELEASE_ROLE": self.role,
                "LANDRAIL_MODEL_ROLE": self.role,
                "LANDRAIL_PACKAGE_GROUP": self.group,
                "LANDRAIL_ARTIFACT_BUCKET": self.bucket,
                "LANDRAIL_ARTIFACT_KEY_ARN": self.key,
                "LANDRAIL_STAGE_BUCKET": self.bucket,
                "LANDRAIL_STAGE_KEY": "alias/landrail/stage",
                "LANDRAIL_SUBNETS_PARAMETER": f"/{self.model}/subnets",
                "LANDRAIL_SECURITY_GROUP_PARAMETER": f"/{self.model}/group",
                "LANDRAIL_EXECUTION": execution,
                "CODEBUILD_INITIATOR": f"codepipeline/{pipeline}",
                "CODEBUILD_BUILD_ID": f"{pipeline}:{execution[:8]}",
            }
        )

    def step(self, function: Callable[..., Any], pipeline: str, execution: str) -> Any:
        """Run a step of a build as the machine, in a folder of its own."""
        settings = self.settings(pipeline, execution)
        build = BuildSession(self.as_("machine"))
        stage = Stage(settings, build)
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            given = {"settings": settings, "build": build, "stage": stage}
            return function(**{name: given[name] for name in names})
        finally:
            os.chdir(before)

    def commit(self, who: str, author: str = "Ana") -> str:
        client = self.client(who, "codecommit")
        branches = client.list_branches(repositoryName=self.model)["branches"]
        parent = {}
        if branches:
            tip = client.get_branch(repositoryName=self.model, branchName="main")["branch"]
            parent = {"parentCommitId": tip["commitId"]}
        made = client.create_commit(
            repositoryName=self.model,
            branchName="main",
            putFiles=[{"filePath": "a.txt", "fileContent": os.urandom(8).hex().encode()}],
            authorName=author,
            email=f"{author.lower()}@example.com",
            **parent,
        )
        return str(made["commitId"])

    def start(self, who: str, pipeline: str, **more: Any) -> str:
        made = self.client(who, "codepipeline").start_pipeline_execution(name=pipeline, **more)
        execution = str(made["pipelineExecutionId"])
        until(lambda: self.execution(pipeline, execution).get("artifactRevisions"))
        return execution

    def execution(self, pipeline: str, execution: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.client("machine", "codepipeline").get_pipeline_execution(
            pipelineName=pipeline, pipelineExecutionId=execution
        )["pipelineExecution"]
        return found

    def reached(self, pipeline: str, execution: str) -> str:
        """Wait until an execution asks for an approval."""
        until(lambda: self.token(pipeline, execution))
        return execution

    def token(self, pipeline: str, execution: str) -> str | None:
        state = self.client("machine", "codepipeline").get_pipeline_state(name=pipeline)
        for stage in state["stageStates"]:
            asked = stage["actionStates"][0].get("latestExecution", {})
            if stage["stageName"] == "Approval" and "token" in asked:
                latest = stage.get("latestExecution", {}).get("pipelineExecutionId")
                return str(asked["token"]) if latest == execution else None
        return None

    def registered(self, execution: str, commit: str, pipeline: str = "") -> Candidate:
        """The candidate that a pipeline, the first one by default, registers in an execution."""
        champion = self.step(champion_of, self.model, "00000000")
        candidate = Candidate(
            build=a_build(self.model, self.account, commit=commit),
            champion=champion.told(METRICS, anew=False) if champion else {},
            training_job=f"{self.model}-train",
            processing_job=f"{self.model}-evaluate",
            model_data=f"s3://{self.bucket}/training/model.tar.gz",
            evaluation=f"s3://{self.bucket}/evaluation",
            metrics=METRICS,
        )
        write_in(self.folder, candidate)
        registered: Candidate = self.step(register, pipeline or self.model, execution)
        return registered

    def proposed(self) -> str:
        """Hand the candidate to the release pipeline; return the execution that asks for it."""
        execution: str = self.step(propose, self.model, "00000000")
        return self.reached(f"{self.model}-release", execution)

    def answer(self, who: str, execution: str, status: str = "Approved") -> None:
        release = f"{self.model}-release"
        self.client(who, "codepipeline").put_approval_result(
            pipelineName=release,
            stageName="Approval",
            actionName="Approve",
            result={"status": status, "summary": "looks right,\nship it"},
            token=str(self.token(release, execution)),
        )
        until(lambda: self.execution(release, execution)["status"] != "InProgress")

    def approve(self, execution: str) -> Candidate:
        """Run the step that follows an approval, on the candidate that the execution took in."""
        release = f"{self.model}-release"
        version = self.execution(release, execution)["artifactRevisions"][0]["revisionId"]
        body = (
            self.client("machine", "s3")
            .get_object(Bucket=self.bucket, Key=f"candidates/{self.model}.zip", VersionId=version)[
                "Body"
            ]
            .read()
        )
        file = self.folder / "candidate.zip"
        file.write_bytes(body)
        for old in (self.folder / "out").glob("*"):
            old.unlink()  # a build begins with an empty folder
        with zipfile.ZipFile(file) as archive:
            archive.extractall(self.folder)
        approved: Candidate = self.step(approve, release, execution)
        return approved

    def live(self, candidate: Candidate, by: str = "finn") -> None:
        """Have the candidate approved, and production serve it."""
        released = self.proposed()
        self.answer(by, released)
        self.approve(released)
        mark(self.client("machine", "sagemaker"), self.group, candidate.package, released)

    def version(self, candidate: Candidate) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.client("machine", "sagemaker").describe_model_package(
            ModelPackageName=candidate.package
        )
        return found


def a_build(model: str, account: str, **changes: Any) -> Build:
    """What a build would have left."""
    given: dict[str, Any] = {
        "model": model,
        "commit": "0" * 40,
        "image": f"{account}.dkr.ecr.{REGION}.amazonaws.com/{model}@{DIGEST}",
        "digest": DIGEST,
        "package": "m-1.0.0-py3-none-any.whl",
        "entrypoint": ["python", "-m", "m"],
        "data": "flights@1",
        "hyperparameters": {},
        "instance_type": "ml.m5.large",
        "batch": {},
    }
    return Build(**{**given, **changes})


def write_in(folder: Path, candidate: Candidate) -> None:
    """Leave a candidate in a folder, as a step does."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        write_candidate(candidate)
    finally:
        os.chdir(before)


def pipeline(name: str, role: str, bucket: str, source: dict[str, Any]) -> dict[str, Any]:
    """A pipeline that takes something in and asks for an approval."""
    approval = {"name": "Approval", "actions": [action("Approval", "Manual", "Approve")]}
    return {
        "name": name,
        "roleArn": role,
        "artifactStore": {"type": "S3", "location": bucket},
        "pipelineType": "V2",
        "executionMode": "QUEUED" if name.endswith("-release") else "PARALLEL",
        "stages": [{"name": "Source", "actions": [source]}, approval],
    }


def trusting(account: str, management: str) -> str:
    """A trust policy for everybody of these tests."""
    arns = [f"arn:aws:iam::{account}:root", f"arn:aws:iam::{management}:user/bootstrap"]
    services = ["codepipeline.amazonaws.com", "events.amazonaws.com", "sagemaker.amazonaws.com"]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": arns, "Service": services},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
