"""What the roles of UAT and production need for `deploy:` of models: the alarms that watch a
deployment, the scaling of endpoints, the capture of what they are asked. Each by its exact name."""

from __future__ import annotations

from landrail.compiler import site
from landrail.compiler.parts import buckets
from landrail.compiler.statements import Condition, Statement, allow
from landrail.handover import ALARMS, VARIANT
from landrail.resources import account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

STAGES = ("uat", "production")
_SCALING = "application-autoscaling"
_ROLE = (
    "aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)
_VARIANTS: Condition = {
    "StringEquals": {
        "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
        "application-autoscaling:service-namespace": "sagemaker",
    }
}


def served(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    """Return the models that have a guarded endpoint in an account."""
    if account.kind not in STAGES:
        return ()
    lob = account.lob or ""
    models = site.models_of(platform, lob)
    return tuple(name for name in models if "online" in platform.models[name].serve)


def capturing(platform: Platform, account: AccountMade) -> tuple[str, ...]:
    """Return the models whose endpoints in an account keep what they are asked."""
    models = served(platform, account)
    return tuple(name for name in models if platform.models[name].deployed.capture is not None)


def watched(platform: Platform, account: AccountMade) -> list[Statement]:
    """Return what the execution role of endpoints needs of the alarms: SageMaker looks at them
    under it."""
    alarms = _alarms(platform, account)
    return [allow("cloudwatch:DescribeAlarms", alarms, sid="WatchDeployments")] if alarms else []


def captured(platform: Platform, account: AccountMade) -> list[Statement]:
    """Return what the same role needs to keep what endpoints are asked."""
    models = capturing(platform, account)
    if not models:
        return []
    bucket = site.stage_bucket(platform, account.name)
    folders = [f"capture/{site.endpoint(model, account.kind)}/*" for model in models]
    places = [buckets.arn(bucket, folder) for folder in folders]
    return [allow(buckets.WRITE, places, sid="Capture")]


def guarded(platform: Platform, account: AccountMade) -> list[Statement]:
    """Return what CloudFormation's role needs to make alarms and scaling."""
    alarms = _alarms(platform, account)
    if not alarms:
        return []
    actions = (
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
    )
    return [allow(actions, alarms, sid="DeploymentAlarms"), *_scaled(platform, account)]


def _scaled(platform: Platform, account: AccountMade) -> list[Statement]:
    """Scaling may always be taken away: a model may have had it before."""
    models = served(platform, account)
    scaled = any(platform.models[name].deployed.autoscale is not None for name in models)
    here = f"{platform.region}:{account_id(account.name)}"
    followed = [
        f"arn:aws:cloudwatch:{here}:alarm:TargetTracking-endpoint/"
        f"{site.endpoint(model, account.kind)}/variant/{VARIANT}-*"
        for model in models
    ]
    actions = ("DeleteScalingPolicy", "DeregisterScalableTarget")
    more = ("PutScalingPolicy", "RegisterScalableTarget") if scaled else ()
    alarms = ("cloudwatch:DeleteAlarms", "cloudwatch:DescribeAlarms")
    put = ("cloudwatch:PutMetricAlarm",) if scaled else ()
    return [
        allow(
            [f"{_SCALING}:{name}" for name in (*actions, *more)],
            f"arn:aws:{_SCALING}:{here}:scalable-target/*",
            _VARIANTS,
            sid="ScaleEndpoints",
        ),
        allow(
            [f"{_SCALING}:DescribeScalableTargets", f"{_SCALING}:DescribeScalingPolicies"],
            "*",
            sid="FindScaling",
        ),
        allow((*alarms, *put), followed, sid="FollowLoad"),
        *(_linked_role(account) if scaled else ()),
    ]


def _linked_role(account: AccountMade) -> list[Statement]:
    """The role under which AWS scales is made at the first target of an account."""
    service = {"StringEquals": {"iam:AWSServiceName": f"sagemaker.{_SCALING}.amazonaws.com"}}
    arn = f"arn:aws:iam::{account_id(account.name)}:role/{_ROLE}"
    return [allow("iam:CreateServiceLinkedRole", arn, service, sid="ScalingRole")]


def _alarms(platform: Platform, account: AccountMade) -> list[str]:
    """Those of all configurations of an endpoint: each has alarms of its own."""
    base = f"arn:aws:cloudwatch:{platform.region}:{account_id(account.name)}:alarm:{ALARMS}"
    return [f"{base}/{site.endpoint(model, account.kind)}/*" for model in served(platform, account)]
