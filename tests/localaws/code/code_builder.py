"""Makes projects of CodeBuild and runs their builds, for the tests beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from code_people import Person, allow, until

ROLE = allow("logs:*", "s3:*", "sts:GetCallerIdentity", "ssm:GetParameter*", "codecommit:GitPull")
Build = dict[str, Any]


class Builder:
    """Makes projects and runs their builds."""

    def __init__(self, person: Person, role: str, unique: Callable[[str], str]) -> None:
        self.client = person.client("codebuild")
        self.logs = person.client("logs")
        self.role = role
        self._unique = unique

    def project(self, buildspec: str, **more: Any) -> str:
        name = self._unique("project")
        settings: dict[str, Any] = {
            "source": {"type": "NO_SOURCE", "buildspec": buildspec},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "host",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            "serviceRole": self.role,
        }
        self.client.create_project(name=name, **{**settings, **more})
        return name

    def run(self, name: str, **more: Any) -> Build:
        return self.wait(self.start(name, **more))

    def start(self, name: str, **more: Any) -> str:
        return str(self.client.start_build(projectName=name, **more)["build"]["id"])

    def get(self, build_id: str) -> Build:
        found: Build = self.client.batch_get_builds(ids=[build_id])["builds"][0]
        return found

    def wait(self, build_id: str) -> Build:
        def over() -> Build | None:
            build = self.get(build_id)
            return build if build["buildComplete"] else None

        found: Build = until(over)
        return found

    def until(self, build_id: str, phase: str) -> None:
        until(lambda: self.get(build_id)["currentPhase"] == phase)

    def log(self, build: Build) -> str:
        where = build["logs"]
        events = self.logs.get_log_events(
            logGroupName=where["groupName"], logStreamName=where["streamName"]
        )["events"]
        return "".join(one["message"] for one in events)

    def lines(self, build: Build) -> list[str]:
        """What the build itself wrote."""
        return [one for one in self.log(build).splitlines() if not one.startswith("[Container]")]


def statuses(build: Build) -> dict[str, str]:
    """The status of each phase."""
    return {one["phaseType"]: one["phaseStatus"] for one in build["phases"] if "phaseStatus" in one}


def contexts(build: Build, phase: str = "") -> list[tuple[str, str]]:
    """The code and message of each context, of one phase or all."""
    return [
        (context["statusCode"], context["message"])
        for one in build["phases"]
        for context in one.get("contexts", [])
        if phase in ("", one["phaseType"])
    ]
