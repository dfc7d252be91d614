"""SageMaker domains, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Described

RECORD = Described(
    service="sagemaker",
    list="ListDomains",
    member="Domains",
    name="DomainId",
    arn="DomainArn",
    describe="DescribeDomain",
    left_out=("Status", "HomeEfsFileSystemKmsKeyId"),
).record("sagemaker_domains", "AWS::SageMaker::Domain", never=("status",))
