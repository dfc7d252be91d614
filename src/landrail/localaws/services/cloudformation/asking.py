"""What a client asks of a stack: the template from its body or URL, parameters, tags, goal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from landrail.localaws.api import ApiCall, ApiError, Platform
from landrail.localaws.services.cloudformation import parameters
from landrail.localaws.services.cloudformation.acting import PRINCIPAL, Actor, remembered
from landrail.localaws.services.cloudformation.outside import ssm_value
from landrail.localaws.services.cloudformation.stacks import Goal, Stack
from landrail.localaws.services.cloudformation.template import (
    BODY_LIMIT,
    URL_LIMIT,
    Template,
    parse,
)
from landrail.localaws.services.cloudformation.validation import check_capabilities, validate

_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_TAGS = 50


def refused(message: str) -> ApiError:
    """Return a ValidationError."""
    return ApiError("ValidationError", message)


def not_supported(params: Mapping[str, Any], *names: str) -> None:
    """Refuse parameters that would be ignored otherwise."""
    asked = [name for name in names if params.get(name)]
    if asked:
        raise refused(f"Not supported by the local CloudFormation: {', '.join(asked)}")


def stack_name(params: Mapping[str, Any]) -> str:
    """Return a new stack's name."""
    name = str(params.get("StackName", ""))
    if not _NAME.fullmatch(name):
        raise refused(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return name


@dataclass(frozen=True, slots=True)
class Asker:
    """Reads calls; `platform` fetches templates as the caller."""

    platform: Platform

    def text(self, call: ApiCall, previous: str | None = None) -> str:
        """Return the template's text that a call gives or points to."""
        params = call.params
        body, url = params.get("TemplateBody"), params.get("TemplateURL")
        if params.get("UsePreviousTemplate"):
            if previous is None or body or url:
                raise refused("Either Template URL or Template Body or previous must be specified.")
            return previous
        if bool(body) == bool(url):
            raise refused("Either Template URL or Template Body must be specified.")
        return str(body) if body else self._fetched(call, str(url))

    def template(self, call: ApiCall, previous: str | None = None) -> Template:
        """Return the template of a call; raises ApiError ValidationError."""
        limit = BODY_LIMIT if call.params.get("TemplateBody") else URL_LIMIT
        return parse(self.text(call, previous), limit)

    def _fetched(self, call: ApiCall, url: str) -> str:
        bucket, key = _place(url)
        if not bucket or not key:
            raise refused(
                f"S3 error: Domain name specified in {urlsplit(url).netloc} is not a valid S3 "
                "domain"
            )
        try:
            answer = self.platform.call(
                call.caller, "s3", "GetObject", {"Bucket": bucket, "Key": key}, region=call.region
            )
        except ApiError as error:
            raise refused(f"S3 error: {error.message}") from error
        body = answer["Body"]
        data = body if isinstance(body, bytes) else body.read()
        return str(data.decode())

    def goal(self, call: ApiCall, stack: Stack, standing: Goal | None) -> tuple[Goal, Template]:
        """Return what a call wants the stack to be, checked: template, parameters, capabilities."""
        params = call.params
        template = self.template(call, standing.template if standing else None)
        validate(template)
        values = parameters.given(
            template, params.get("Parameters", []), standing.parameters if standing else None
        )
        capabilities = list(params.get("Capabilities", []))
        check_capabilities(template, capabilities)
        role = self._role(call, standing)
        tags = (
            _tags(params["Tags"]) if "Tags" in params else dict(standing.tags if standing else {})
        )
        goal = Goal(template.text, values, {}, tags, capabilities, role, remembered(call.caller))
        actor = Actor(self.platform, goal, stack.region, stack.id)
        goal.resolved = parameters.resolve(template, values, lambda name: ssm_value(actor, name))
        return goal, template

    def _role(self, call: ApiCall, standing: Goal | None) -> str | None:
        role = call.params.get("RoleARN")
        if role is None:
            return standing.role if standing else None
        self.pass_role(call, str(role))
        return str(role)

    def pass_role(self, call: ApiCall, role: str) -> None:
        """Ask whether the caller may pass a role to the service; raises ApiError AccessDenied."""
        parts = role.split(":", 5)
        if len(parts) != 6 or not parts[5].startswith("role/"):
            raise refused(f"Role {role} is invalid or cannot be assumed")
        if parts[4] != call.account:
            raise ApiError("AccessDenied", "Cross-account pass role is not allowed.", 403)
        self.platform.authorize(
            call.caller,
            "iam:PassRole",
            role,
            account=call.account,
            region=call.region,
            context={"iam:PassedToService": PRINCIPAL},
        )


def _place(url: str) -> tuple[str, str]:
    """Return bucket and key of an S3 URL, virtual-hosted or path style."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = parts.hostname or ""
    hosted = re.match(r"^(.+)\.s3[.-]", host)
    if hosted:
        return hosted[1], path
    bucket, _, key = path.partition("/")
    return bucket, key


def _tags(tags: list[Mapping[str, str]]) -> dict[str, str]:
    if len(tags) > _TAGS:
        raise refused("Number of tags should not be greater than 50")
    keys = [tag["Key"] for tag in tags]
    if len(set(keys)) != len(keys):
        raise refused("Tag keys must be unique")
    if any(key.startswith("aws:") for key in keys):
        raise refused("aws: prefixed tag key names are not allowed for external use.")
    return {tag["Key"]: tag["Value"] for tag in tags}
