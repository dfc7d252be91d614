"""The keys that tell whose a VPC endpoint is, for the services that have them.

Elsewhere they are absent, on AWS too, so that a policy that asks for them denies. Source: IAM User
Guide, "AWS global condition context keys", availability of aws:VpceAccount, aws:VpceOrgID and
aws:VpceOrgPaths.
"""

from __future__ import annotations

from landrail.localaws.layers.sources import Sources
from landrail.localaws.layers.ways import Way
from landrail.policy import ContextValue

# By the prefix of the action.
_SERVICES = frozenset(
    {
        *("acm-pca", "applicationinsights", "apprunner", "athena", "cloudformation"),
        *("comprehendmedical", "compute-optimizer", "datasync", "discovery", "ebs", "firehose"),
        *("healthlake", "iam", "iotfleetwise", "iotwireless", "kms", "lambda", "medical-imaging"),
        *("omics", "payment-cryptography", "polly", "rbin", "rekognition", "s3", "scheduler"),
        *("servicediscovery", "servicequotas", "ssm-contacts", "storagegateway", "textract"),
        *("transcribe", "transfer"),
    }
)
_NOT = frozenset({"iam:passrole"})


def owner_keys(way: Way, action: str, sources: Sources) -> dict[str, ContextValue]:
    """Return the keys of the account that has the endpoint, and of its organization."""
    prefix = action.partition(":")[0]
    if way.vpce is None or way.account is None:
        return {}
    if prefix not in _SERVICES or action.lower() in _NOT:
        return {}
    keys: dict[str, ContextValue] = {"aws:VpceAccount": way.account}
    organization, path = sources.organization_id(), sources.organization_path(way.account)
    if organization is not None and path is not None:
        keys |= {"aws:VpceOrgID": organization, "aws:VpceOrgPaths": (path,)}
    return keys
