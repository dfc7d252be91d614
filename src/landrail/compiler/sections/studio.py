"""The SageMaker domain of a data-science account, VPC only, with a profile for each scientist."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import names, site
from landrail.compiler.parts.templates import Resources, ref, resource, template
from landrail.compiler.statements import role_arn
from landrail.resources import Stack, output
from landrail.spec import Platform
from landrail.spec.document import AccountMade


def compile_studio(platform: Platform) -> Iterator[Stack]:
    """Yield the Studio stack of each data-science account."""
    for account in platform.accounts_of("data-science"):
        made = template(
            "Landrail: SageMaker domain and the profiles of data scientists",
            _domain(platform, account),
            _profiles(platform, account),
        )
        after = [site.stack_address(account.name, concern) for concern in ("network", "workspace")]
        yield site.stack(platform, account.name, "studio", made, after=after)


def _domain(platform: Platform, account: AccountMade) -> Resources:
    network = site.stack_name("network")
    group = output(account.name, network, "WorkloadsGroup")
    properties = {
        "DomainName": names.shorten(f"{platform.platform}-{account.lob}", names.SAGEMAKER),
        "AuthMode": "IAM",
        "AppNetworkAccessType": "VpcOnly",
        "VpcId": output(account.name, network, "Vpc"),
        "SubnetIds": [output(account.name, network, name) for name in ("SubnetA", "SubnetB")],
        "KmsKeyId": site.key_arn(platform, account.name, site.WORKSPACE_ALIAS),
        "DefaultUserSettings": {
            "ExecutionRole": role_arn(account.name, "job"),
            "SecurityGroups": [group],
        },
    }
    return {"Domain": resource("AWS::SageMaker::Domain", properties, retain=True)}


def _profiles(platform: Platform, account: AccountMade) -> Resources:
    return {
        names.logical_id("profile", person): resource(
            "AWS::SageMaker::UserProfile",
            {
                "DomainId": ref("Domain"),
                "UserProfileName": profile_name(person),
                "UserSettings": {"ExecutionRole": role_arn(account.name, site.studio_role(person))},
                "Tags": [{"Key": site.OWNER_TAG, "Value": person}],
            },
        )
        for person in site.scientists(platform, account.lob or "")
    }


def profile_name(person: str) -> str:
    """Return the name of a person's profile: SageMaker takes letters, digits and dashes."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in person)
    cleaned = "-".join(part for part in plain.split("-") if part)
    if cleaned != person:
        cleaned = f"{cleaned}-{names.digest(person)}"
    return names.shorten(cleaned, names.SAGEMAKER)
