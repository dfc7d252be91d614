"""Where a policy comes from: the stack that holds it, and what in the file asks for that.

For policies that lie in accounts; those of the organization are of guardrails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.resources import Stack, Token, Wanted, substitute

_NAMES = {
    "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::IAM::Role": "RoleName",
    "AWS::S3::Bucket": "BucketName",
}
_TEAMS = ("data-scientist-", "mlops-", "data-engineer-")


@dataclass(frozen=True, slots=True)
class Origin:
    """The stack and its account; `asked_by` is the path of the file's entry, where there is one."""

    stack: str
    account: str
    asked_by: tuple[str, ...]


def origin(
    wanted: Wanted, entry: Mapping[str, Any], found: Mapping[str, Any], ids: Mapping[str, str]
) -> Origin | None:
    """Return where the policies of the layer that decided come from: those of the caller's role for
    identity policies, else those of the resource."""
    identity = entry.get("userIdentity", {})
    resource = str(found.get("resource") or "")
    if found.get("layer") == "identity":
        issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
        parts = str(issuer.get("arn") or identity.get("arn") or "").split("/")
        # arn:aws:sts::A:assumed-role/NAME/SESSION where no issuer is told
        role = parts[1] if ":assumed-role" in parts[0] else parts[-1]
        return _of(wanted, ids, str(identity.get("accountId")), role)
    fields = resource.split(":", 5)
    if len(fields) < 6:
        return None
    name = fields[5].partition("/")[0] if fields[2] == "s3" else fields[5].rpartition("/")[2]
    return _of(wanted, ids, fields[4], name)


def _of(wanted: Wanted, ids: Mapping[str, str], account: str, name: str) -> Origin | None:
    for stack, named in _named(wanted, ids):
        if named == name and (not account or ids.get(stack.account) == account):
            return Origin(stack.name, stack.account, _asked_by(stack.name, name))
    return None


def _named(wanted: Wanted, ids: Mapping[str, str]) -> Iterator[tuple[Stack, str]]:
    numbers = {Token("account", name): number for name, number in ids.items()}
    for stack in wanted.of_kind(Stack):
        for made in stack.template["Resources"].values():
            key = _NAMES.get(made["Type"])
            if key is not None and key in made.get("Properties", {}):
                yield stack, str(substitute(made["Properties"][key], numbers))


def _asked_by(stack: str, name: str) -> tuple[str, ...]:
    for start in _TEAMS:
        if name.startswith(start):
            return ("teams", name.removeprefix(start))
    for start, section in (("landrail-dataset-", "datasets"), ("landrail-registry-", "models")):
        if stack.startswith(start):
            return (section, stack.removeprefix(start))
    return ()
