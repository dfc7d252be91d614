"""Checks of condition keys: unknown, never there for these actions, of another type, of many
values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from landrail.diagnostics import nearest
from landrail.policy.lint.actions import matched
from landrail.policy.lint.finding import Found
from landrail.policy.lint.known import known, of_provider, of_service
from landrail.policy.lint.subject import Part, Subject, Test
from landrail.policy.reference.keys import DEPRECATED_KEYS, GLOBAL_KEYS
from landrail.policy.reference.services import (
    key_types,
    keys_of_action,
    older_names,
    same_key,
)

_PER_ACTION = ("aws:requesttag/", "aws:tagkeys")
"""Global keys that only some actions have."""
_FAMILIES = {
    "String": {"String", "ARN"},
    "Arn": {"ARN"},
    "Numeric": {"Numeric", "Long"},
    "Date": {"Date"},
    "Bool": {"Bool"},
    "Binary": {"Binary"},
    "IpAddress": {"IPAddress"},
    "NotIpAddress": {"IPAddress"},
}
_FORMS = {
    "aws:principalorgid": re.compile(r"o-[a-z0-9]{10,32}\Z"),
    "aws:resourceorgid": re.compile(r"o-[a-z0-9]{10,32}\Z"),
    "aws:sourceorgid": re.compile(r"o-[a-z0-9]{10,32}\Z"),
    "aws:principalaccount": re.compile(r"\d{12}\Z"),
    "aws:resourceaccount": re.compile(r"\d{12}\Z"),
    "aws:sourceaccount": re.compile(r"\d{12}\Z"),
    "s3:resourceaccount": re.compile(r"\d{12}\Z"),
    "kms:calleraccount": re.compile(r"\d{12}\Z"),
    "aws:sourcevpc": re.compile(r"vpc-[0-9a-f]+\Z"),
    "aws:sourcevpce": re.compile(r"vpce-[0-9a-f]+\Z"),
    "aws:principaltype": re.compile(r"(Account|User|FederatedUser|AssumedRole|Anonymous)\Z"),
    "aws:requestedregion": re.compile(r"[a-z]{2}(-[a-z]+)+-\d\Z"),
    "iam:passedtoservice": re.compile(r"[A-Za-z0-9_.-]+\.(amazonaws|amazon)\.com(\.cn)?\Z"),
}
_WILD = re.compile(r"[*?]|\$\{|<")


def each(subject: Subject) -> Iterator[tuple[Part, Test]]:
    """Yield every test with its statement."""
    for part in subject.parts:
        for test in part.tests:
            yield part, test


def unknown_key(subject: Subject) -> Iterator[Found]:
    """A condition key that neither AWS nor the service defines."""
    for _, test in each(subject):
        wrong = said_of_unknown(test.key)
        if wrong is not None:
            yield Found(test.key_at, *wrong)


def said_of_unknown(written: str) -> tuple[str, str | None] | None:
    """Return what is wrong with a key that nobody defines, and what may be meant; else None."""
    key = written.lower()
    if known(key) is not None or of_provider(key):
        return None
    prefix, colon, _ = key.partition(":")
    if not colon:
        return f"`{written}` is not a condition key", "such as `aws:SourceIp`"
    if prefix == "aws" or of_service(key):
        names = [*GLOBAL_KEYS] if prefix == "aws" else [*key_types(prefix)]
        return f"there is no condition key `{written}`", _meant(key, names)
    return f"no service has the condition key `{written}`", None


def _meant(key: str, names: list[str]) -> str | None:
    near = nearest(key.partition("/")[0], names)
    if near is None:
        return None
    named = GLOBAL_KEYS.get(near)
    return f"did you mean `{named.name if named else near}`?"


def key_never_there(subject: Subject) -> Iterator[Found]:
    """A condition key that none of the statement's actions has."""
    for part in subject.parts:
        about = matched(part)
        if about is None:
            continue
        offered: frozenset[str] | None = None
        for test in part.tests:
            key = test.lower
            found = known(key)
            wide = key.startswith("aws:") and not key.startswith(_PER_ACTION)
            if found is None or found.of_principal or wide or of_provider(key):
                continue
            if offered is None:
                named = frozenset().union(*(keys_of_action(p, n) for p, n in about))
                offered = named | {old.lower() for one in named for old in older_names(one)}
            if not any(same_key(key, one) for one in offered):
                yield Found(
                    test.key_at,
                    f"no action of this statement has the condition key `{test.key}`",
                    _effect(part, test),
                )


def _effect(part: Part, test: Test) -> str:
    """Say what a test on a key that is never there does."""
    operator = test.operator
    holds = test.if_exists or test.quantifier == "ForAllValues"
    if operator is not None and operator.name == "Null":
        holds = any(value.lower() == "true" for value, _ in test.values)
    elif operator is not None and operator.negated and test.quantifier is None:
        holds = True
    does = "allows" if part.allows else "denies"
    if holds:
        return f"the condition holds always, as if it were not there: the statement {does} more"
    return f"the condition never holds: the statement {does} nothing"


def wrong_operator_type(subject: Subject) -> Iterator[Found]:
    """An operator of another type than the key's: `StringEquals` on a number or a date."""
    for _, test in each(subject):
        found = known(test.lower)
        if found is None or test.operator is None or test.name == "Null":
            continue
        family = next((f for f in sorted(_FAMILIES, key=len) if test.name.startswith(f)), None)
        if family is None or found.family in _FAMILIES[family]:
            continue
        if family == "Arn" and all(
            value.startswith(("arn:", "$", "*")) for value, _ in test.values
        ):
            continue
        if family == "String" and found.family == "Bool":
            meant = "Bool"
        elif family == "Numeric" and test.lower == "aws:epochtime":
            continue
        else:
            meant = {"ARN": "ArnLike", "IPAddress": "IpAddress", "Numeric": "NumericEquals"}.get(
                found.family, f"{found.family}Equals" if found.family != "Bool" else "Bool"
            )
        said = f"`{test.written}` on `{test.key}`, which is of type {found.family}"
        yield Found(test.operator_at, said, f"use an operator of its type, such as `{meant}`")


def string_operator_on_arn(subject: Subject) -> Iterator[Found]:
    """A string operator on a key that is an ARN."""
    for _, test in each(subject):
        found = known(test.lower)
        if found is not None and found.family == "ARN" and test.name.startswith("String"):
            said = f"`{test.written}` on `{test.key}`, which is an ARN"
            negated = test.operator is not None and test.operator.negated
            meant = "ArnNotLike" if negated else "ArnLike"
            yield Found(test.operator_at, said, f"`{meant}` compares ARNs field by field")


def missing_set_operator(subject: Subject) -> Iterator[Found]:
    """A key of many values without `ForAnyValue` or `ForAllValues`."""
    for _, test in each(subject):
        found = known(test.lower)
        if found and found.many and test.quantifier is None and test.name != "Null":
            said = f"`{test.key}` has many values and `{test.written}` is for one"
            yield Found(test.operator_at, said, f"write `ForAnyValue:{test.written}`")


def set_operator_on_single(subject: Subject) -> Iterator[Found]:
    """`ForAnyValue` on a key of one value."""
    for _, test in each(subject):
        found = known(test.lower)
        if found and not found.many and test.quantifier == "ForAnyValue":
            said = f"`{test.key}` has one value, `ForAnyValue` is for many"
            yield Found(test.operator_at, said, f"write `{test.written.partition(':')[2]}`")


def for_all_on_single(subject: Subject) -> Iterator[Found]:
    """`ForAllValues` on a key of one value: it holds where the key is absent."""
    for part, test in each(subject):
        found = known(test.lower)
        single = of_provider(test.lower) and test.lower.endswith((":sub", ":aud"))
        single = single or (found is not None and not found.many)
        if single and test.quantifier == "ForAllValues" and part.allows:
            said = f"`ForAllValues` holds where `{test.key}` is absent, and it has one value only"
            yield Found(test.operator_at, said, f"write `{test.written.partition(':')[2]}`")


def for_all_without_null(subject: Subject) -> Iterator[Found]:
    """`Allow` with `ForAllValues` and no check that the key is there."""
    for part, test in each(subject):
        if test.lower != "aws:tagkeys" and _open_for_all(part, test):
            said = f"`{test.written}` also holds where `{test.key}` is absent or empty"
            yield Found(test.operator_at, said, f'add "Null": {{"{test.key}": "false"}}')


def tag_keys_may_be_absent(subject: Subject) -> Iterator[Found]:
    """`Allow` with `ForAllValues` on aws:TagKeys: requests without tags pass."""
    for part, test in each(subject):
        if test.lower == "aws:tagkeys" and _open_for_all(part, test):
            said = "requests without tags pass too"
            remedy = 'where tags are required, add "Null": {"aws:TagKeys": "false"}'
            yield Found(test.operator_at, said, remedy)


def _open_for_all(part: Part, test: Test) -> bool:
    """Whether an `Allow` holds where a key of many values is absent."""
    found = known(test.lower)
    if test.quantifier != "ForAllValues" or not part.allows or not (found and found.many):
        return False
    if test.operator is None or test.operator.negated:
        return False
    there = any(t.name == "Null" and t.lower == test.lower for t in part.tests)
    held = any(t.lower == test.lower and t.quantifier == "ForAnyValue" for t in part.tests)
    return not there and not held and not _tag_is_required(part, test)


def _tag_is_required(part: Part, test: Test) -> bool:
    """Whether `aws:TagKeys` stands beside a tag that the request must have."""
    return test.lower == "aws:tagkeys" and any(
        t.lower.startswith("aws:requesttag/")
        and not t.if_exists
        and t.name != "Null"
        and t.operator is not None
        and not t.operator.negated
        for t in part.tests
    )


def if_exists_on_present(subject: Subject) -> Iterator[Found]:
    """`IfExists` on a key that every request has."""
    for _, test in each(subject):
        found = known(test.lower)
        if found and found.always and test.if_exists:
            said = f"`{test.key}` is in every request, `IfExists` changes nothing"
            yield Found(test.operator_at, said, "leave `IfExists` out")


def null_on_present(subject: Subject) -> Iterator[Found]:
    """`Null` on a key that every request has."""
    for _, test in each(subject):
        found = known(test.lower)
        if found and found.always and test.name == "Null":
            yield Found(test.operator_at, f"`{test.key}` is in every request", "leave the test out")


def deprecated_key(subject: Subject) -> Iterator[Found]:
    """A key that AWS advises against."""
    for _, test in each(subject):
        instead = DEPRECATED_KEYS.get(test.lower)
        if instead is not None:
            yield Found(test.key_at, f"AWS advises against `{test.key}`", f"use {instead}")


def value_never_occurs(subject: Subject) -> Iterator[Found]:
    """A value that the key cannot have: a VPC id where an endpoint's belongs, a short account."""
    for _, test in each(subject):
        form = _FORMS.get(test.lower)
        if form is None or not test.name.startswith("String"):
            continue
        for value, node in test.values:
            if not _WILD.search(value) and not form.match(value):
                yield Found(node, f"`{test.key}` is never `{value}`", "see the key's own form")
