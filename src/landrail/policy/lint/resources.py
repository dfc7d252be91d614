"""Checks of resources: ARNs that are incomplete, wild where AWS does not look, or beside the
point."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from landrail.policy.lint.actions import matched
from landrail.policy.lint.arns import completed, fields, fits_format
from landrail.policy.lint.finding import Found
from landrail.policy.lint.grammar import everything
from landrail.policy.lint.jsontext import Node
from landrail.policy.lint.subject import Part, Subject
from landrail.policy.reference.actions import find_action
from landrail.policy.reference.services import matching

_PARTS = 6
_PARTITIONS = frozenset(
    {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}
)
_ACCOUNT = re.compile(r"(\d{12}|aws|aws-marketplace|aws-managed|amazon|third-party)?\Z")
_REGION = re.compile(r"([a-z]{2}(-[a-z]+)+-\d)?\Z")
_WILD = re.compile(r"[*?]|\$\{")
_WITHOUT_TYPE = frozenset({"s3", "sns", "sqs", "codecommit", "execute-api", "apigateway"})
_NO_REGION = ("global", "aws-global")


def _arns(subject: Subject) -> Iterator[tuple[Part, str, Node, list[str]]]:
    for part in subject.parts:
        for resource, node in part.resources:
            if resource.startswith("arn:"):
                yield part, resource, node, fields(resource)


def incomplete_arn(subject: Subject) -> Iterator[Found]:
    """An ARN with fewer than six fields, which AWS completes with wildcards."""
    if subject.kind == "session":
        return
    for _, resource, node, cut in _arns(subject):
        if len(cut) < _PARTS:
            yield Found(
                node,
                f"the ARN `{resource}` is incomplete",
                f"it is read as `{completed(resource)}`",
            )


def wildcard_in_arn_head(subject: Subject) -> Iterator[Found]:
    """A wildcard in the service or the resource's type."""
    for _, resource, node, cut in _arns(subject):
        if len(cut) > 2 and re.search(r"[*?]", cut[2]):
            said = f"`{resource}` has a wildcard in its service"
            yield Found(node, said, "AWS does not say that it matches; write it out")
        if len(cut) == _PARTS:
            kind = re.match(r"([^/:]*)[/:]", cut[5])
            named = cut[2] not in _WITHOUT_TYPE and kind is not None and kind[1] != "*"
            if named and kind is not None and re.search(r"[*?]", kind[1]):
                said = f"`{resource}` has a wildcard in the type of the resource"
                yield Found(node, said, "write the type out")


def wildcard_in_partition(subject: Subject) -> Iterator[Found]:
    """A wildcard in the partition."""
    for _, resource, node, cut in _arns(subject):
        if len(cut) > 1 and re.search(r"[*?]", cut[1]):
            said = f"`{resource}` has a wildcard in its partition"
            yield Found(node, said, "AWS does not say that it matches; write `aws`")


def bad_partition(subject: Subject) -> Iterator[Found]:
    """A partition that AWS does not have."""
    for _, _, node, cut in _arns(subject):
        if len(cut) > 1 and not _WILD.search(cut[1]) and cut[1] not in _PARTITIONS:
            yield Found(node, f"there is no partition `{cut[1]}`", "aws, aws-cn, aws-us-gov ...")


def bad_region(subject: Subject) -> Iterator[Found]:
    """A region that cannot be one."""
    for _, resource, node, cut in _arns(subject):
        region = cut[3] if len(cut) > 3 else ""
        if region in _NO_REGION or _WILD.search(region) or _REGION.match(region):
            continue
        yield Found(node, f"`{region}` in `{resource}` is not a region", "such as eu-west-1")


def bad_account(subject: Subject) -> Iterator[Found]:
    """An account id that cannot be one."""
    for _, resource, node, cut in _arns(subject):
        if len(cut) > 4 and not _WILD.search(cut[4]) and not _ACCOUNT.match(cut[4]):
            yield Found(node, f"`{cut[4]}` in `{resource}` is not an account", "it has 12 digits")


def resource_fits_no_action(subject: Subject) -> Iterator[Found]:
    """An ARN that none of the statement's actions is about, such as an object's action on a
    bucket."""
    for part in subject.parts:
        formats = _formats(part)
        if not formats or part.not_resource:
            continue
        for resource, node in part.resources:
            if not resource.startswith("arn:") or resource in ("arn:*",):
                continue
            if not any(fits_format(resource, published) for published in formats):
                said = f"no action of this statement is about `{resource}`"
                yield Found(node, said, f"they are about {_shown(formats)}")


def _lists_every_bucket(action: str, part: Part) -> bool:
    """`ListAllMyBuckets` has no resource type, but S3 takes the ARN of every bucket for it."""
    listed = action.lower() == "s3:listallmybuckets"
    return listed and any(r.startswith("arn:") and r.endswith(":s3:::*") for r, _ in part.resources)


def action_fits_no_resource(subject: Subject) -> Iterator[Found]:
    """An action that is about none of the statement's ARNs, so that the statement never has it."""
    for part in subject.parts:
        if part.not_action or part.not_resource or not part.resources or everything(part):
            continue
        if any(not r.startswith("arn:") for r, _ in part.resources):
            continue
        for action, node in part.actions:
            formats = _formats_of(action)
            if formats is None or _lists_every_bucket(action, part):
                continue
            if not formats:
                said = f"`{action}` is not about single resources, so no ARN here fits it"
                yield Found(node, said, "give it a statement of its own with Resource `*`")
            elif not any(fits_format(r, f) for r, _ in part.resources for f in formats):
                said = f"`{action}` is about none of the resources of this statement"
                yield Found(node, said, f"it is about {_shown(formats)}")


def redundant_resource(subject: Subject) -> Iterator[Found]:
    """A resource beside `*`, or the same one twice."""
    for part in subject.parts:
        texts = [text for text, _ in part.resources]
        seen: set[str] = set()
        for text, node in part.resources:
            if text in seen:
                yield Found(node, f"`{text}` stands twice", "keep one of them")
            elif text != "*" and "*" in texts:
                yield Found(node, f"`{text}` is within `*`", "remove it, or remove the `*`")
            seen.add(text)


def _formats(part: Part) -> frozenset[str]:
    """The ARN formats of all that a statement is about; none where one action takes any."""
    about = matched(part)
    if about is None:
        return frozenset()
    found: set[str] = set()
    for prefix, name in about:
        action = find_action(prefix, name)
        if action is not None:
            found.update(resource.arn for resource in action.resources)
    return frozenset(found)


@lru_cache(maxsize=4096)
def _formats_of(action: str) -> frozenset[str] | None:
    """The ARN formats of all that one pattern matches; None where it matches nothing known."""
    prefix = action.partition(":")[0].lower()
    known = [found for name in matching(action) if (found := find_action(prefix, name))]
    if not known:
        return None
    return frozenset(resource.arn for one in known for resource in one.resources)


def _shown(formats: set[str] | frozenset[str]) -> str:
    some = sorted(formats, key=lambda one: (len(one), one))[:2]
    more = f" and {len(formats) - 2} more" if len(formats) > 2 else ""
    return ", ".join(f"`{one}`" for one in some) + more
