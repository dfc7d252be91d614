"""AWS's global condition keys: their types, whether they have many values, when they are there.

Source: IAM User Guide, "AWS global condition context keys", 2026. Keys of services come from
`services`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Presence = Literal["always", "signed", "sometimes"]
"""`always`: in every request; `signed`: in all but anonymous ones; else only in some."""


@dataclass(frozen=True, slots=True)
class Key:
    """A global key; `name` as AWS writes it, ending in `/` where a tag's key follows."""

    name: str
    type: str
    many: bool = False
    presence: Presence = "sometimes"
    of_principal: bool = False
    """Whether it describes the caller or the session, and so is there for every action."""


def _key(line: str) -> Key:
    name, kind, *marks = line.split()
    return Key(
        name,
        kind,
        many="many" in marks,
        presence="always" if "always" in marks else "signed" if "signed" in marks else "sometimes",
        of_principal="principal" in marks,
    )


_TABLE = """
    aws:PrincipalArn ARN signed principal
    aws:PrincipalAccount String signed principal
    aws:PrincipalOrgPaths String many principal
    aws:PrincipalOrgID String principal
    aws:PrincipalTag/ String principal
    aws:PrincipalIsAWSService Bool signed principal
    aws:PrincipalServiceName String principal
    aws:PrincipalServiceNamesList String many principal
    aws:PrincipalType String always principal
    aws:userid String always principal
    aws:username String principal
    aws:AssumedRoot Bool principal
    aws:FederatedProvider String principal
    aws:TokenIssueTime Date principal
    aws:MultiFactorAuthAge Numeric principal
    aws:MultiFactorAuthPresent Bool principal
    aws:ChatbotSourceArn ARN principal
    aws:Ec2InstanceSourceVpc String principal
    aws:Ec2InstanceSourcePrivateIPv4 IPAddress principal
    aws:SourceIdentity String principal
    aws:SignInSessionArn ARN principal
    aws:SourceIp IPAddress
    aws:SourceVpc String
    aws:SourceVpcArn ARN
    aws:SourceVpce String
    aws:VpceAccount String
    aws:VpceOrgID String
    aws:VpceOrgPaths String many
    aws:VpcSourceIp IPAddress
    aws:ResourceAccount String
    aws:ResourceOrgID String
    aws:ResourceOrgPaths String many
    aws:ResourceTag/ String
    aws:CalledVia String many
    aws:CalledViaFirst String
    aws:CalledViaLast String
    aws:CalledViaAWSMCP String
    aws:ViaAWSMCPService Bool
    aws:IsMcpServiceAction Bool
    aws:ViaAWSService Bool always
    aws:CurrentTime Date always
    aws:EpochTime Date always
    aws:referer String
    aws:RequestedRegion String always
    aws:RequestTag/ String
    aws:TagKeys String many
    aws:SecureTransport Bool always
    aws:SourceAccount String
    aws:SourceArn ARN
    aws:SourceOrgID String
    aws:SourceOrgPaths String many
    aws:SourceOwner String
    aws:UserAgent String
"""

GLOBAL_KEYS = {
    key.name.lower(): key for key in (_key(line) for line in _TABLE.strip().splitlines())
}

# Keys of services that describe the session's credentials, and so are there for any action.
SESSION_KEYS = {
    "ec2:roledelivery": "Numeric",
    "ec2:sourceinstancearn": "ARN",
    "glue:credentialissuingservice": "String",
    "glue:roleassumedby": "String",
    "codebuild:buildarn": "ARN",
    "codebuild:projectarn": "ARN",
    "lambda:sourcefunctionarn": "ARN",
    "ssm:sourceinstancearn": "ARN",
    "identitystore:userid": "String",
    "identitystore:identitystorearn": "ARN",
    "identitycenter:applicationarn": "ARN",
    "identitycenter:instancearn": "ARN",
    "identitycenter:userid": "String",
}

DEPRECATED_KEYS = {"aws:sourceowner": "aws:SourceAccount or aws:SourceArn"}
"""Keys that AWS advises against, with what takes their place."""


def global_key(written: str) -> Key | None:
    """Return the global key that is written so (in lower case), or None."""
    found = GLOBAL_KEYS.get(written)
    if found is not None:
        return found
    prefix, slash, tag = written.partition("/")
    return GLOBAL_KEYS.get(f"{prefix}/") if slash and tag else None
