"""Checks of conditions that are well formed and mean something else than they seem."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from landrail.policy.lint.finding import Found
from landrail.policy.lint.keys import each
from landrail.policy.lint.known import known
from landrail.policy.lint.subject import Part, Subject, Test

_MFA = "aws:multifactorauthpresent"
_WIDE_V4, _WIDE_V6 = 8, 32
_SESSION_ARN = re.compile(r"arn:[^:]*:sts::[^:]*:assumed-role/")


def _guarded(part: Part, test: Test) -> bool:
    """Whether the statement also says what happens where the key is absent."""
    return test.if_exists or any(t.name == "Null" and t.lower == test.lower for t in part.tests)


def negated_allow(subject: Subject) -> Iterator[Found]:
    """`Allow` with a negated operator on a key that may be absent: it then allows."""
    for part, test in each(subject):
        if not part.allows or test.operator is None or not test.operator.negated:
            continue
        found = known(test.lower)
        absent_passes = test.quantifier is None
        if found and not found.always and absent_passes and not _guarded_present(part, test):
            said = f"`{test.written}` also holds where `{test.key}` is absent"
            yield Found(test.operator_at, said, f'add "Null": {{"{test.key}": "false"}}')


def _guarded_present(part: Part, test: Test) -> bool:
    if test.lower == "aws:principalarn":
        return True
    return any(
        t.lower == test.lower
        and (
            (t.name == "Null" and any(v.lower() == "false" for v, _ in t.values))
            or (
                t.operator is not None
                and not t.operator.negated
                and not t.if_exists
                and t.quantifier != "ForAllValues"
                and t.name != "Null"
            )
        )
        for t in part.tests
    )


def negated_deny(subject: Subject) -> Iterator[Found]:
    """`Deny` with a negated operator on a key that may be absent: it then denies."""
    for part, test in each(subject):
        if not part.denies or test.operator is None or not test.operator.negated:
            continue
        found = known(test.lower)
        if found and not found.always and test.quantifier is None and not _guarded(part, test):
            if test.lower in ("aws:principalarn", "aws:principalaccount"):
                continue
            said = f"the statement also denies where `{test.key}` is absent"
            remedy = f"where that is not meant, add a `Null` test of `{test.key}`"
            yield Found(test.operator_at, said, remedy)


def positive_deny(subject: Subject) -> Iterator[Found]:
    """`Deny` with `StringEquals` on a tag: who leaves the tag out is not denied."""
    for part, test in each(subject):
        operator = test.operator
        if not part.denies or operator is None or operator.negated or test.name == "Null":
            continue
        many = test.quantifier == "ForAllValues"
        if many and known(test.lower) and not _guarded(part, test):
            said = f"`{test.written}` also holds where `{test.key}` is absent: it denies then"
            yield Found(test.operator_at, said, f'add "Null": {{"{test.key}": "false"}}')


def mfa_deny(subject: Subject) -> Iterator[Found]:
    """`Deny` where MFA is `false`: requests of access keys do not have the key and pass."""
    for part, test in each(subject):
        plain = test.lower == _MFA and test.name == "Bool" and not test.if_exists
        if plain and part.denies and any(value.lower() == "false" for value, _ in test.values):
            said = "requests with long-term keys have no aws:MultiFactorAuthPresent and pass"
            yield Found(test.operator_at, said, "use `BoolIfExists`")


def mfa_allow(subject: Subject) -> Iterator[Found]:
    """`Allow` where MFA is `true` if it exists: requests of access keys pass."""
    for part, test in each(subject):
        if test.lower != _MFA or not part.allows:
            continue
        wants = any(value.lower() == "true" for value, _ in test.values)
        if test.name == "Bool" and test.if_exists and wants:
            said = "requests with long-term keys have no aws:MultiFactorAuthPresent and pass"
            yield Found(test.operator_at, said, "use `Bool`")
        if test.name == "Null" and any(value.lower() == "false" for value, _ in test.values):
            said = "the key is there in sessions without MFA too"
            yield Found(test.operator_at, said, "use `Bool` with `true`")


def exact_operator_with_wildcard(subject: Subject) -> Iterator[Found]:
    """A wildcard under an operator that takes it for a letter."""
    for _, test in each(subject):
        if test.name.startswith("String") and test.operator and not test.operator.wildcards:
            for value, node in test.values:
                if re.search(r"\*|\?", re.sub(r"\$\{[^}]*\}", "", value)):
                    meant = "StringNotLike" if test.operator.negated else "StringLike"
                    said = f"`{test.written}` takes the wildcard in `{value}` for a letter"
                    yield Found(node, said, f"use `{meant}`")


def anything_matches(subject: Subject) -> Iterator[Found]:
    """A value that is `*` alone: the condition only asks that the key is there."""
    for part, test in each(subject):
        if test.name not in ("StringLike", "ArnLike", "ArnEquals") or test.quantifier:
            continue
        for value, node in test.values:
            if value == "*" and part.allows:
                said = f"`*` fits every value of `{test.key}`"
                yield Found(node, said, "name the values, or say `Null` `false`")


def private_source_ip(subject: Subject) -> Iterator[Found]:
    """A private address in aws:SourceIp, which has public ones only."""
    for _, test in each(subject):
        if test.lower == "aws:sourceip" and test.name in ("IpAddress", "NotIpAddress"):
            for value, node in test.values:
                network = _network(value)
                if network is not None and network.is_private and network.prefixlen:
                    remedy = "use aws:VpcSourceIp, which requests through a VPC endpoint have"
                    yield Found(node, f"aws:SourceIp is never in the private `{value}`", remedy)


def open_source_ip(subject: Subject) -> Iterator[Found]:
    """An address range so wide that it keeps nobody out."""
    for part, test in each(subject):
        if test.lower in ("aws:sourceip", "aws:vpcsourceip") and test.name == "IpAddress":
            for value, node in test.values:
                network = _network(value)
                if network is None or (network.is_private and network.prefixlen):
                    continue
                widest = _WIDE_V4 if network.version == 4 else _WIDE_V6
                if network.prefixlen < widest and part.allows:
                    yield Found(node, f"`{value}` is nearly everybody", "name your own ranges")


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def source_ip_denies_services(subject: Subject) -> Iterator[Found]:
    """`Deny` by aws:SourceIp alone: calls of AWS's services and through endpoints fail too."""
    for part, test in each(subject):
        if part.denies and test.lower == "aws:sourceip" and test.name == "NotIpAddress":
            spared = {"aws:viaawsservice", "aws:principalisawsservice", "aws:calledvia"}
            if not part.tested & spared:
                said = "calls that services make for you are denied too"
                remedy = 'add "Bool": {"aws:ViaAWSService": "false"}, and think of VPC endpoints'
                yield Found(test.operator_at, said, remedy)


def principal_arn_of_session(subject: Subject) -> Iterator[Found]:
    """A session's ARN in aws:PrincipalArn, which has the role's."""
    for _, test in each(subject):
        if test.lower == "aws:principalarn":
            for value, node in test.values:
                if _SESSION_ARN.match(value):
                    said = "aws:PrincipalArn is the ARN of the role, never that of its session"
                    yield Found(node, said, "write arn:aws:iam::ACCOUNT:role/NAME")


def principal_arn_not_arn(subject: Subject) -> Iterator[Found]:
    """A value of an ARN operator that is no ARN, and so fits nothing."""
    for _, test in each(subject):
        if test.name.startswith("Arn"):
            for value, node in test.values:
                if value != "*" and value.count(":") < 5 and "${" not in value:
                    said = f"`{value}` is not an ARN, so nothing fits it"
                    yield Found(node, said, "write six fields: arn:aws:SERVICE:REGION:ACCOUNT:NAME")
