"""What lets the steps of a model's way pass: every allow (one action of one statement), as the
templates make it, and the steps of one whole run that would have been denied without it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from landrail.resources import Stack, Wanted

Where = tuple[str, str, str]
"""An allow: the place that it stands at (`release@retail-uat`), its statement's Sid, the action."""
_ROLES = ("build-", "events-", "pipeline-", "release", "release-stack", "job", "model")
_PEOPLE = ("data-engineer-", "data-scientist-", "mlops-", "auditor", "break-glass")
USUAL = ("uat", "production")
FURTHER = ("data-science", "development", *USUAL)
_OF_RESOURCES = {
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::SageMaker::ModelPackageGroup": "ModelPackageGroupPolicy",
    "AWS::CodeArtifact::Domain": "PermissionsPolicyDocument",
    "AWS::CodeArtifact::Repository": "PermissionsPolicyDocument",
    "AWS::EC2::VPCEndpoint": "PolicyDocument",
}


@dataclass
class Seen:
    """The steps that an allow alone let pass, those that another would have let pass too, and which
    others."""

    alone: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    besides: set[Where] = field(default_factory=set)


@dataclass(frozen=True)
class Way:
    """Whose models go, through which of the line's accounts."""

    lob: str
    stages: tuple[str, ...] = USUAL

    def through(self, account: str) -> bool:
        """Whether they go through an account."""
        ours = (f"{self.lob}-{stage}" for stage in self.stages)
        return account in ("shared-prod", "data-prod", *ours)

    def by(self, role: str) -> bool:
        """Whether a role is one of the machines that carry them."""
        if role.startswith(("build-", "events-", "pipeline-")):
            return f"-{self.lob}" in role
        return role in _ROLES

    def by_arn(self, arn: str) -> bool:
        """Whether a principal is one of these machines."""
        found = _ROLE.search(arn)
        return found is not None and self.by(found[2]) and self.through(found[1])


def allowing(wanted: Wanted, way: Way) -> tuple[Where, ...]:
    """Return every allow on a way."""
    found: dict[Where, None] = {}
    for stack in wanted.of_kind(Stack):
        account = stack.account
        if not way.through(account):
            continue
        for place, document in _documents(stack.template["Resources"], account, way):
            for number, one in enumerate(document["Statement"], 1):
                if one["Effect"] == "Allow" and _for_machines(one, way):
                    sid = one.get("Sid") or str(number)
                    found |= {(place, sid, action): None for action in _list(one["Action"])}
    return tuple(found)


def _documents(
    made: Mapping[str, Any], account: str, way: Way
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in made.values():
        kind, given = resource["Type"], resource["Properties"]
        if kind == "AWS::IAM::Role" and way.by(given["RoleName"]):
            place = f"{given['RoleName']}@{account}"
            yield f"trust of {place}", given["AssumeRolePolicyDocument"]
            for policy in given.get("Policies", ()):
                yield place, policy["PolicyDocument"]
        elif kind == "AWS::IAM::ManagedPolicy":
            for role in given.get("Roles", ()):
                if way.by(role):
                    yield f"{role}@{account}", given["PolicyDocument"]
        elif kind in _OF_RESOURCES and _OF_RESOURCES[kind] in given:
            yield _named(kind, given, made, account), given[_OF_RESOURCES[kind]]


def _for_machines(one: Mapping[str, Any], way: Way) -> bool:
    """Whether a statement is for machines of the way: it names none, or one of them."""
    named = one.get("Principal", "*")
    roles = _list(named.get("AWS", "*")) if isinstance(named, Mapping) else ("*",)
    return any(role == "*" or way.by_arn(role) for role in roles)


def _list(actions: Any) -> tuple[str, ...]:
    return (actions,) if isinstance(actions, str) else tuple(actions)


def _named(kind: str, given: Mapping[str, Any], made: Mapping[str, Any], account: str) -> str:
    if kind == "AWS::S3::BucketPolicy":
        name = made[given["Bucket"]["Ref"]]["Properties"]["BucketName"]
        return f"bucket {_NUMBER.sub('', name)}"
    if kind == "AWS::KMS::Key":
        alias = next(
            one["Properties"]["AliasName"]
            for one in made.values()
            if one["Type"] == "AWS::KMS::Alias"
            and made[one["Properties"]["TargetKeyId"]["Ref"]]["Properties"] is given
        )
        return f"key {alias}@{account}"
    if kind == "AWS::ECR::Repository":
        return f"images {given['RepositoryName']}"
    if kind == "AWS::SageMaker::ModelPackageGroup":
        return f"versions {given['ModelPackageGroupName']}"
    if kind == "AWS::EC2::VPCEndpoint":
        return f"endpoint {str(given['ServiceName']).split('.', 3)[3]}@{account}"
    return f"packages@{account}"


@dataclass(frozen=True)
class Names:
    """What numbers stand for: accounts by id, aliases of keys by ARN."""

    accounts: Mapping[str, str]
    aliases: Mapping[str, str]


def where(decision: Mapping[str, Any], one: Mapping[str, str], names: Names) -> Where:
    """Return which statement of the templates a decision names."""
    place, role = one["at"], str(decision["role"])
    account = names.accounts.get(role.split(":")[4], "") if ":" in role else ""
    if one["layer"] == "identity":
        return f"{role.rpartition('/')[2]}@{account}", one["sid"], one["action"]
    if one["layer"] == "trust":
        owner = names.accounts[decision["owner"]]
        return f"trust of {place.rpartition('/')[2]}@{owner}", one["sid"], one["action"]
    if one["layer"] == "endpoint":
        return f"endpoint s3@{account}", one["sid"], one["action"]
    service, resource = place.split(":")[2], place.split(":", 5)[5]
    owner = names.accounts[decision["owner"]]
    return (
        {
            "s3": lambda: f"bucket {_NUMBER.sub('', resource)}",
            "kms": lambda: f"key {names.aliases[place]}@{owner}",
            "ecr": lambda: f"images {resource.partition('/')[2]}",
            "sagemaker": lambda: f"versions {resource.split('/')[1]}",
            "codeartifact": lambda: f"packages@{owner}",
        }[service](),
        one["sid"],
        one["action"],
    )


def observed(walks: Iterable[Walk], names: Names) -> dict[Where, Seen]:
    """Return for every allow the steps that needed it."""
    found: dict[Where, Seen] = defaultdict(Seen)
    for step, one in chain.from_iterable(by_step(walk, names) for walk in walks):
        if one["session"] is not None and one["role"].rpartition("/")[2].startswith(_PEOPLE):
            continue
        for each in one.get("alone", ()):
            found[where(one, each, names)].alone.add(step)
        enough = [where(one, each, names) for each in one.get("shared", ())]
        for each in enough:
            found[each].shared.add(step)
            found[each].besides.update(other for other in enough if other != each)
    return found


@dataclass(frozen=True)
class Walk:
    """What was decided while a model went its way, once and from one step to the next."""

    model: str
    decisions: Sequence[Mapping[str, Any]]


def by_step(walk: Walk, names: Names) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each decision with the step of the way that it is of. What was asked last tells how far
    it is; the staging of a model ends while its release begins."""
    told = walk.decisions
    ends = {
        "evaluate": _last(told, "sagemaker:DescribeTrainingJob"),
        "register": _last(told, "sagemaker:DescribeProcessingJob"),
    }
    step = "source"
    for number, one in enumerate(told):
        step = _begun(one, walk.model, names) or step
        if step in ("train", "evaluate"):
            step = next((s for s in ("register", "evaluate") if number > ends[s]), step)
        late = step in ("approve", "release", "score", "reject") and _in_uat(one, names)
        yield ("stage" if late else step), one


def _in_uat(one: Mapping[str, Any], names: Names) -> bool:
    """Whether a machine of UAT acts, or a service becomes one."""
    arn = str(one["resource"] if one["session"] is None else one["role"])
    return arn.endswith("-uat") or names.accounts.get(arn.split(":")[4], "").endswith("-uat")


def _last(told: Sequence[Mapping[str, Any]], action: str) -> int:
    asked = (number for number, one in enumerate(told) if one["action"] == action)
    return max(asked, default=len(told))


def _begun(one: Mapping[str, Any], model: str, names: Names) -> str | None:
    """The step that begins with a decision, or None."""
    role, resource = one["role"].rpartition("/")[2], one["resource"].rpartition(":")[2]
    engine = not str(one["session"]).startswith("AWSCodeBuild-")
    if one["action"] == "sts:AssumeRole" and role.startswith("pipeline-") and engine:
        account = names.accounts[one["resource"].split(":")[4]]
        return _DEPLOYED.get(account.rpartition("-")[2], "develop")
    kind, _, what = resource.rpartition("/")
    return _BEGIN.get((one["action"], kind, what.removeprefix(model)))


_DEPLOYED = {"production": "release", "uat": "stage"}
_BEGIN = {
    ("codebuild:StartBuild", "project", "-build"): "build",
    ("codebuild:StartBuild", "project", "-develop"): "develop",
    ("codebuild:StartBuild", "project", "-train"): "train",
    ("codepipeline:StartPipelineExecution", "", "-release"): "approve",
    ("codebuild:StartBuild", "project", "-batch"): "score",
    ("codebuild:StartBuild", "project", "-reject"): "reject",
}
STEPS = (
    *("source", "build", "develop", "train", "evaluate", "register", "stage", "approve"),
    *("release", "score", "reject"),
)
ELSEWHERE = {"develop", "reject"}
"""The steps that the usual way does not have."""
_ROLE = re.compile(r"@\{account:([a-z-]+)\}:role/landrail/([a-z-]+)$")
_NUMBER = re.compile(r"-(@\{[^}]*\}|\d{12})$")
