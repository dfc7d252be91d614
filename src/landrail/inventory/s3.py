"""What S3's tables share: public access blocks, and what the policy of a bucket asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from landrail.inventory.ask import Ask, Once, or_none
from landrail.inventory.policies import NOT_UNDERSTOOD, parsed
from landrail.inventory.record import Answer, Item
from landrail.inventory.table import Column
from landrail.policy.document import PrincipalEntry, Statement

NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
FLAGS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
BLOCK = (
    Column("block_public_acls", "boolean", "its own block: no new public ACL"),
    Column("ignore_public_acls", "boolean", "its own block: public ACLs do not count"),
    Column("block_public_policy", "boolean", "its own block: no new public policy"),
    Column("restrict_public_buckets", "boolean", "its own block: a public policy is for AWS"),
)
READS = (
    *("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:ListBucket"),
    "s3:ListBucketVersions",
)
WRITES = (
    *("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectAcl"),
    "s3:PutBucketAcl",
)
_HEADER = "s3:x-amz-server-side-encryption"
_ROOT = ":root"


def block_columns(answer: Mapping[str, Any] | None) -> dict[str, bool]:
    """Return the columns `BLOCK` of a public access block."""
    given = (answer or {}).get("PublicAccessBlockConfiguration") or {}
    return {column: bool(given.get(flag)) for flag, column in FLAGS.items()}


def account_block(ask: Ask) -> dict[str, bool]:
    """Return the account's own public access block, asked for once; raises Refused."""
    answer = or_none(
        Once(ask), NO_BLOCK, "s3control", "GetPublicAccessBlock", AccountId=ask.account
    )
    return block_columns(answer)


def block_answer(account: str, items: Iterable[Item]) -> Answer:
    """Return what S3 answers of an account's own block, from Config's items."""
    types = ("AWS::S3::AccountPublicAccessBlock",)
    found = (i for i in items if i.account_id == account and i.resource_type in types)
    given = next((item.configuration for item in found), None)
    return Answer("s3control", "GetPublicAccessBlock", {"AccountId": account}, block_said(given))


def block_said(given: Mapping[str, Any] | None) -> Mapping[str, Any] | str:
    """Return what S3 answers of a block that Config recorded."""
    if not given:
        return NO_BLOCK
    flags = {flag: bool(given.get(flag[:1].lower() + flag[1:])) for flag in FLAGS}
    return {"PublicAccessBlockConfiguration": flags}


def recorded_block(told: Mapping[str, Any]) -> dict[str, bool]:
    """Return a block as Config records it, from the columns `BLOCK`."""
    return {f"{flag[:1].lower()}{flag[1:]}": bool(told.get(c)) for flag, c in FLAGS.items()}


def denies_insecure_transport(policy: Mapping[str, Any] | None, arn: str) -> bool:
    """Whether a policy denies everybody everything, to a bucket and its objects, that does not
    come over TLS."""
    return any(
        _is_about_all(statement, arn) and _plain_only(statement)
        for statement in _denials(policy)
        if any(action.lower() in ("*", "s3:*") for action in statement.actions)
    )


def demands_encryption(policy: Mapping[str, Any] | None) -> bool:
    """Whether a policy denies everybody to put objects without the encryption header."""
    return any(
        any(fnmatchcase("s3:putobject", action.lower()) for action in statement.actions)
        and any(
            test.key.lower() == _HEADER
            and (
                (test.operator == "Null" and test.values == ("true",))
                or test.operator == "StringNotEquals"
            )
            for test in statement.conditions
        )
        for statement in _denials(policy)
    )


def grantees(policy: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield whom a policy grants something, as it writes them, an account by its id; where that is
    everybody from some addresses or VPCs, those."""
    document = parsed(policy) if policy is not None else None
    if policy is not None and document is None:
        yield NOT_UNDERSTOOD
    for statement in document.statements if document else ():
        if statement.effect == "Allow":
            named = {_written(entry) for entry in statement.principals or ()} or {"*"}
            places = set(_places(statement))
            yield from places if named == {"*"} and places else named


def _denials(policy: Mapping[str, Any] | None) -> Iterator[Statement]:
    document = parsed(policy) if policy is not None else None
    for statement in document.statements if document else ():
        everybody = {entry.value for entry in statement.principals or ()} == {"*"}
        plain = not (statement.not_principal or statement.not_action or statement.not_resource)
        if statement.effect == "Deny" and everybody and plain:
            yield statement


def _plain_only(statement: Statement) -> bool:
    """Whether the statement holds for all requests without TLS, and for that alone."""
    return [(t.name, t.key.lower(), t.values) for t in statement.conditions] in (
        [("Bool", "aws:securetransport", ("false",))],
        [("BoolIfExists", "aws:securetransport", ("false",))],
    )


def _is_about_all(statement: Statement, arn: str) -> bool:
    patterns = statement.resources or ()
    return all(any(fnmatchcase(one, p) for p in patterns) for one in (arn, f"{arn}/object"))


def _written(entry: PrincipalEntry) -> str:
    fields = entry.value.split(":")
    return fields[4] if entry.type == "AWS" and entry.value.endswith(_ROOT) else entry.value


def _places(statement: Statement) -> Iterator[str]:
    for test in statement.conditions:
        key = test.key.lower()
        if (key, test.operator) in (
            ("aws:sourceip", "IpAddress"),
            ("aws:sourcevpc", "StringEquals"),
        ):
            yield from test.values
