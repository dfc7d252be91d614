"""The service models of botocore, loaded once, and which services a signing name may mean.

A client signs for a *signing name* (`monitoring`, `sso`, `s3`), which several services may share;
`candidates` lists botocore's names for it. Nothing here knows a request.
"""

from __future__ import annotations

from functools import lru_cache

from botocore.exceptions import UnknownServiceError
from moto.core import utils as core_utils
from moto.core.model import OperationModel, ServiceModel
from moto.core.utils import get_service_model

from landrail.localaws.api import ApiError
from landrail.localaws.store.loading import loader

# Before the first model is read: moto keeps what it has read.
setattr(core_utils, "create_loader", loader)  # noqa: B010  (moto does not export it)

# Signing names that are not simply the one service of that name.
_SIGNING: dict[str, tuple[str, ...]] = {
    "access-analyzer": ("accessanalyzer",),
    "apigateway": ("apigateway", "apigatewayv2"),
    "bedrock": ("bedrock", "bedrock-agent", "bedrock-agent-runtime", "bedrock-runtime"),
    "cloudcontrolapi": ("cloudcontrol",),
    "dynamodb": ("dynamodb", "dynamodbstreams"),
    "elasticfilesystem": ("efs",),
    "elasticloadbalancing": ("elbv2", "elb"),
    "elasticmapreduce": ("emr",),
    "es": ("opensearch", "es"),
    "monitoring": ("cloudwatch",),
    "rds": ("rds", "neptune", "docdb"),
    "s3": ("s3", "s3control"),
    "sagemaker": (
        "sagemaker",
        "sagemaker-runtime",
        "sagemaker-metrics",
        "sagemaker-featurestore-runtime",
        "sagemaker-edge",
        "sagemaker-a2i-runtime",
    ),
    "servicecatalog": ("servicecatalog", "servicecatalog-appregistry"),
    "servicequotas": ("service-quotas",),
    "ses": ("sesv2", "ses"),
    "sso": ("sso-admin",),
    "sso-oauth": ("sso-oidc",),
    "awsssoportal": ("sso",),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
# Services whose protocol or endpoints differ from their signing name for the answers' sake.
GLOBAL_SERVICES = frozenset({"iam", "organizations", "sts", "cloudfront", "route53", "budgets"})


def candidates(signing_name: str) -> tuple[str, ...]:
    """Return botocore's names of the services that sign as `signing_name`; none if unknown."""
    if signing_name in _SIGNING:
        return _SIGNING[signing_name]
    return (signing_name,) if known(signing_name) else ()


@lru_cache(maxsize=512)
def known(service: str) -> bool:
    """Say whether botocore has a service of this name."""
    try:
        get_service_model(service)
    except UnknownServiceError:
        return False
    return True


def service_model(service: str) -> ServiceModel:
    """Return the model of a service; raises ApiError UnknownOperationException for a stranger."""
    if not known(service):
        raise ApiError("UnknownOperationException", f"Unknown service `{service}`.", 404)
    return get_service_model(service)


def operation_model(service: str, operation: str) -> OperationModel:
    """Return the model of one operation; raises ApiError for one that AWS does not have."""
    model = service_model(service)
    if operation not in operation_names(service):
        raise ApiError(
            "UnknownOperationException", f"`{service}` has no operation `{operation}`.", 404
        )
    found: OperationModel = model.operation_model(operation)
    return found


@lru_cache(maxsize=512)
def operation_names(service: str) -> frozenset[str]:
    """Return the operations of a service; none for one that botocore does not know."""
    return frozenset(get_service_model(service).operation_names if known(service) else ())


def protocol(service: str) -> str:
    """Return the protocol in which the store and our services answer: `json`, `query`, ... Of
    several, the one that moto reads; the newest of AWS's (CBOR) is not among them."""
    return str(service_model(service).resolved_protocol)
