"""The package repository of each shared-services account, and who may read it."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import site
from landrail.compiler.parts import access
from landrail.compiler.parts.templates import resource, template
from landrail.compiler.statements import (
    Condition,
    Statement,
    allow,
    document,
    of_organization,
)
from landrail.resources import Stack
from landrail.spec import Platform

_READERS = ("data-scientist-*", "job", "studio-*")


def compile_packages(platform: Platform) -> Iterator[Stack]:
    """Yield the package stack of each shared-services account."""
    for account in platform.accounts_of("shared-services"):
        domain = {
            "DomainName": site.package_domain(platform),
            "PermissionsPolicyDocument": document(
                _readers(("codeartifact:GetAuthorizationToken",))
            ),
        }
        read = tuple(a for a in access.READ_PACKAGES if not a.endswith("AuthorizationToken"))
        repository = {
            "DomainName": {"Fn::GetAtt": ["Domain", "Name"]},
            "RepositoryName": site.PACKAGES,
            "Description": "Wheels of the platform's models",
            "PermissionsPolicyDocument": document(_readers(read)),
        }
        made = template(
            "Landrail: package repository",
            {
                "Domain": resource("AWS::CodeArtifact::Domain", domain, retain=True),
                "Packages": resource("AWS::CodeArtifact::Repository", repository, retain=True),
            },
        )
        yield site.stack(platform, account.name, "packages", made)


def _readers(actions: tuple[str, ...]) -> Statement:
    who: Condition = {
        "StringEquals": of_organization(),
        "ArnLike": {
            "aws:PrincipalArn": [f"arn:aws:iam::*:role/landrail/{name}" for name in _READERS]
        },
    }
    return allow(actions, "*", who, sid="Read", principal="*")
