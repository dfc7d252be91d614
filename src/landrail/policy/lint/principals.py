"""Checks of who a policy names: everybody, all but some, a whole account where one was meant."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.policy.lint.finding import Found
from landrail.policy.lint.subject import Part, Subject

# Keys that tie a grant to everybody down to callers, networks or resources that are known.
_NARROWING = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalisawsservice",
        "aws:principalservicename",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceowner",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:userid",
        "aws:username",
        "kms:calleraccount",
        "kms:viaservice",
        "lambda:functionurlauthtype",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "elasticfilesystem:accessedviamounttarget",
        "elasticfilesystem:accesspointarn",
        "sts:externalid",
    }
)
# Issuers whose tokens anybody can have made for themselves: the audience says nothing.
_SHARED_PROVIDERS = (
    "token.actions.githubusercontent.com",
    "gitlab.com",
    "app.terraform.io",
    "agent.buildkite.com",
    "accounts.google.com",
    "oidc.vercel.com",
)
_OF_SUBJECTS = (
    ":sub",
    ":job_workflow_ref",
    ":repository",
    ":repository_id",
    ":repository_owner_id",
    ":namespace_id",
    ":organization_id",
)
_OF_AUDIENCES = (":aud", ":oaud", ":amr", ":app_id", ":azp")
_KINDS = ("resource", "trust", "any")


def open_to_everybody(subject: Subject) -> Iterator[Found]:
    """`Allow` to everybody without a condition that says who."""
    if subject.kind not in _KINDS:
        return
    for part in subject.parts:
        if not part.allows or part.element("Principal") is None:
            continue
        for _, text, node in part.principals:
            if text == "*" and not _narrowed(part):
                said = "everybody may, from any account and without signing in"
                if subject.kind == "trust":
                    said = "anybody of any account may enter the role"
                remedy = "name the principals, or test aws:PrincipalOrgID or another key of theirs"
                yield Found(node, said, remedy)
                break


def _narrowed(part: Part) -> bool:
    """Whether some condition holds only for callers that are known; `IfExists`, negated operators
    and an empty `ForAllValues` hold for others too."""
    for test in part.tests:
        key = test.lower
        if key not in _NARROWING and not key.startswith("aws:principaltag/"):
            continue
        operator = test.operator
        if operator is None or operator.negated or test.if_exists or operator.name == "Null":
            continue
        if test.quantifier != "ForAllValues" and any(v.strip("*") for v, _ in test.values):
            return True
    return False


def not_principal(subject: Subject) -> Iterator[Found]:
    """`Deny` with `NotPrincipal`, which denies everybody who has a permissions boundary."""
    for part in subject.parts:
        node = part.node.get("NotPrincipal")
        if node is not None and part.denies and subject.kind in ("resource", "any", "endpoint"):
            said = (
                "`NotPrincipal` needs account, role and session listed, and denies all who have a"
            )
            remedy = "use `Principal` `*` with ArnNotEquals aws:PrincipalArn"
            yield Found(node, f"{said} permissions boundary", remedy)


def federated_without_audience(subject: Subject) -> Iterator[Found]:
    """Trust in an OpenID Connect provider without a condition on whom its token is for."""
    for part, text in _web(subject):
        keys = part.tested
        ours = [k for k in keys if k.rpartition(":")[0].rstrip("/") in text.lower()]
        shared = any(text.lower().endswith(f"/{name}") for name in _SHARED_PROVIDERS)
        telling = _OF_SUBJECTS if shared else (*_OF_SUBJECTS, *_OF_AUDIENCES)
        node = part.element("Principal")
        if node and not any(key.endswith(telling) for key in ours):
            who = "of anybody who uses it " if shared else ""
            said = f"anybody with a token of this provider {who}may enter the role"
            remedy = "test its `:sub`, such as `token.example.com:sub`, besides its `:aud`"
            yield Found(node[1], said, remedy)


def mismatched_trust(subject: Subject) -> Iterator[Found]:
    """A trust policy whose action is not the one by which its principal enters: `sts:AssumeRole`
    for a provider of tokens, or `sts:AssumeRoleWithWebIdentity` for a role."""
    if subject.kind != "trust":
        return
    for part in subject.parts:
        names = [action.lower().partition(":")[2] for action, _ in part.actions]
        if not part.allows or not any(n.startswith("assumerole") for n in names):
            continue
        for kind, text, node in part.principals:
            entering = _entering(kind, text)
            if entering and not any(_covers(name, entering) for name in names):
                said = f"`{text}` does not enter by the actions of this statement"
                yield Found(node, said, f"it enters by `sts:{entering}`")


def _entering(kind: str, text: str) -> str | None:
    if kind == "Federated":
        return "AssumeRoleWithSAML" if ":saml-provider/" in text else "AssumeRoleWithWebIdentity"
    return "AssumeRole" if kind in ("AWS", "Service") else None


def _covers(written: str, entering: str) -> bool:
    return written == entering.lower() or (
        written.endswith("*") and entering.lower().startswith(written.rstrip("*"))
    )


def open_subject(subject: Subject) -> Iterator[Found]:
    """Trust in a provider of tokens for everybody with a `:sub` that is open: `repo:*`."""
    for part, _ in _web(subject):
        for test in part.tests:
            if test.lower.endswith(":sub") and test.name == "StringLike":
                for value, node in test.values:
                    if value.strip("*") in ("", "repo:", "repo:*/"):
                        said = f"`{value}` lets every subject of the provider in"
                        yield Found(
                            node, said, "name the organization and repository, or the person"
                        )


def _web(subject: Subject) -> Iterator[tuple[Part, str]]:
    for part in subject.parts:
        if not part.allows:
            continue
        web = any("withwebidentity" in a.lower() or a.endswith("*") for a, _ in part.actions)
        for kind, text, _ in part.principals:
            if web and kind == "Federated" and ":oidc-provider/" in text:
                yield part, text


def service_without_source(subject: Subject) -> Iterator[Found]:
    """A grant to a service of AWS without a condition on whose resource it acts for."""
    if subject.kind not in ("resource", "any"):
        return
    sources = {"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"}
    for part in subject.parts:
        if not part.allows or part.tested & (sources | {"kms:viaservice", "kms:calleraccount"}):
            continue
        for kind, text, node in part.principals:
            if kind == "Service" and not text.startswith("logs."):
                said = f"`{text}` may for anybody's resources, also of other accounts"
                yield Found(node, said, "test aws:SourceArn or aws:SourceAccount")


def principal_never_calls(subject: Subject) -> Iterator[Found]:
    """An account's root named in a gateway endpoint's policy, where it is the root user alone."""
    if subject.kind != "endpoint":
        return
    for part in subject.parts:
        for kind, text, node in part.principals:
            if kind == "AWS" and text != "*":
                said = f"a gateway endpoint takes `{text}` for the root user of the account only"
                yield Found(node, said, "use `*` with a condition on aws:PrincipalArn or Account")
