"""Groups of statements that several identity policies share: pull an image, write logs, use a
bucket with its key, read granted data, run jobs. Least privilege, by ARN wherever IAM takes one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from landrail.compiler import site
from landrail.compiler.parts import buckets, keys
from landrail.compiler.statements import Condition, Statement, allow, role_arn
from landrail.resources import account_id
from landrail.spec import Platform

LOG_GROUPS = "/aws/sagemaker/*"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
READ_PACKAGES = (
    "codeartifact:Describe*",
    "codeartifact:GetAuthorizationToken",
    "codeartifact:GetRepositoryEndpoint",
    "codeartifact:List*",
    "codeartifact:ReadFromRepository",
)
REGISTER = (
    "sagemaker:CreateModelPackage",
    "sagemaker:DescribeModelPackage",
    "sagemaker:DescribeModelPackageGroup",
    "sagemaker:ListModelPackages",
)
_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
_JOB_KINDS = {
    "training-job": "TrainingJob",
    "processing-job": "ProcessingJob",
    "transform-job": "TransformJob",
}
_SERVING_KINDS = {
    "model": "Model",
    "endpoint-config": "EndpointConfig",
    "endpoint": "Endpoint",
}


def pull_images(platform: Platform, lob: str) -> list[Statement]:
    """Return the right to pull the images of a line's models, from shared services."""
    models = site.models_of(platform, lob)
    if not models:
        return []
    return [
        allow("ecr:GetAuthorizationToken", "*", sid="ImageToken"),
        allow(_PULL, [site.image_arn(platform, model) for model in models], sid="PullImages"),
    ]


def read_packages(platform: Platform) -> list[Statement]:
    """Return the right to install packages from shared services."""
    domain = site.package_domain(platform)
    arns = site.shared_arns(
        platform,
        "codeartifact",
        f"domain/{domain}",
        f"repository/{domain}/{site.PACKAGES}",
        f"package/{domain}/{site.PACKAGES}/*",
    )
    bearer = {"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}}
    return [
        allow(READ_PACKAGES, arns, sid="ReadPackages"),
        allow(
            ("codeartifact:ListDomains", "codeartifact:ListRepositories"), "*", sid="FindPackages"
        ),
        allow("sts:GetServiceBearerToken", "*", bearer, sid="PackageToken"),
    ]


def network_interfaces() -> Statement:
    """Return what SageMaker needs of an execution role to work inside the VPC."""
    return allow(_INTERFACES, "*", sid="NetworkInterfaces")


def write_logs(platform: Platform, account: str) -> list[Statement]:
    """Return the right of an execution role to write its logs and metrics."""
    groups = f"arn:aws:logs:{platform.region}:{account_id(account)}:log-group:{LOG_GROUPS}"
    namespaces = {"StringLike": {"cloudwatch:namespace": ["/aws/sagemaker/*", "aws/sagemaker/*"]}}
    actions = (
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    )
    return [
        allow(actions, groups, sid="WriteLogs"),
        allow("cloudwatch:PutMetricData", "*", namespaces, sid="WriteMetrics"),
    ]


def read_operations(platform: Platform, account: str) -> list[Statement]:
    """Return the right to see jobs, endpoints, metrics and logs, and to change nothing."""
    groups = f"arn:aws:logs:{platform.region}:{account_id(account)}:log-group:{LOG_GROUPS}"
    return [
        allow(("sagemaker:Describe*", "sagemaker:List*"), "*", sid="ReadJobs"),
        allow(
            ("cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"), "*", sid="ReadMetrics"
        ),
        allow("logs:DescribeLogGroups", "*", sid="FindLogs"),
        allow(
            ("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            groups,
            sid="ReadLogs",
        ),
    ]


def use_key(
    platform: Platform,
    account: str,
    alias: str,
    sid: str,
    *,
    services: Sequence[str] = ("s3",),
    actions: Sequence[str] | str = keys.USE,
) -> Statement:
    """Return the use of one key, named by its alias, through these services."""
    condition: Condition = {
        "StringEquals": {"kms:ViaService": [keys.via(s, platform.region) for s in services]},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"},
    }
    return allow(actions, site.any_key(platform, account), condition, sid=sid)


def grant_key(platform: Platform, account: str, alias: str, sid: str) -> Statement:
    """Return the right to let SageMaker use one key for volumes and endpoints."""
    condition: Condition = {
        "Bool": {"kms:GrantIsForAWSResource": "true"},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/{alias}"},
    }
    actions = ("kms:CreateGrant", "kms:DescribeKey")
    return allow(actions, site.any_key(platform, account), condition, sid=sid)


def list_bucket(bucket: str, sid: str) -> Statement:
    """Return the listing of a bucket. Who reads by key has it too: whoever may list is told that an
    object is missing, and not that it is forbidden."""
    return allow("s3:ListBucket", buckets.arn(bucket), sid=f"List{sid}")


def use_bucket(bucket: str, sid: str, *, prefixes: Sequence[str] = ("*",)) -> list[Statement]:
    """Return reading and writing of a bucket's objects below prefixes."""
    objects = [buckets.arn(bucket, prefix) for prefix in prefixes]
    return [
        allow(buckets.LIST, buckets.arn(bucket), sid=f"List{sid}"),
        allow((*buckets.READ, *buckets.WRITE, "s3:DeleteObject"), objects, sid=f"Use{sid}"),
    ]


def read_granted(platform: Platform, lob: str) -> list[Statement]:
    """Return the consumer's half of the four allows, for every data set granted to a line."""
    granted = site.granted(platform, lob)
    if not granted:
        return []
    named = {name: site.lake_account(platform, name).name for name in granted}
    lakes = {name: site.lake_bucket(platform, account, name) for name, account in named.items()}
    made = [
        allow(buckets.LIST, [buckets.arn(b) for b in lakes.values()], sid="ListGranted"),
        allow(
            buckets.READ,
            [buckets.arn(bucket, f"{name}/*") for name, bucket in lakes.items()],
            sid="ReadGranted",
        ),
    ]
    owners = list(dict.fromkeys(named.values()))
    for number, owner in enumerate(owners, 1):
        aliases = [
            f"alias/{site.lake_alias(n)}" for n, account in named.items() if account == owner
        ]
        condition: Condition = {
            "StringEquals": {"kms:ViaService": keys.via("s3", platform.region)},
            "ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases},
        }
        sid = f"DecryptGranted{number}"
        made.append(allow(keys.READ, site.any_key(platform, owner), condition, sid=sid))
    return made


def find_groups(platform: Platform, account: str, team: str) -> Statement:
    """Return the right to find the package groups of a team, which an account is told by parameters
    below the team's path."""
    path = site.group_path(team)
    base = f"arn:aws:ssm:{platform.region}:{account_id(account)}:parameter{path}"
    actions = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
    return allow(actions, [base, f"{base}/*"], sid="FindGroups")


def find_network(platform: Platform, account: str, *actions: str) -> Statement:
    """Return the reading of an account's network from its parameters."""
    parameters = f"arn:aws:ssm:{platform.region}:{account_id(account)}:parameter/landrail/network/*"
    both = ("ssm:GetParameter", "ssm:GetParameters")
    return allow(actions or both, parameters, sid="Network")


def run_jobs(platform: Platform, account: str, prefixes: Sequence[str]) -> list[Statement]:
    """Return running of jobs whose names begin with one of the prefixes."""
    return _lifecycle(platform, account, prefixes, _JOB_KINDS, "Jobs", ("Create", "Stop"))


def start_jobs(
    platform: Platform, account: str, prefixes: Sequence[str], kinds: Sequence[str]
) -> Statement:
    """Return starting of jobs of these kinds, with tags, and seeing what becomes of them."""
    actions = [f"sagemaker:{verb}{_JOB_KINDS[k]}" for verb in ("Create", "Describe") for k in kinds]
    arns = list(_arns(platform, account, prefixes, kinds))
    return allow(["sagemaker:AddTags", *actions], arns, sid="RunJobs")


def see_served(platform: Platform, account: str) -> Statement:
    """Return seeing what endpoints serve."""
    actions = [f"sagemaker:Describe{kind}" for kind in _SERVING_KINDS.values()]
    return allow(actions, list(_arns(platform, account, ("",), _SERVING_KINDS)), sid="SeeServed")


def serve_models(platform: Platform, account: str, prefixes: Sequence[str]) -> list[Statement]:
    """Return making, changing and removing of models and endpoints by the same prefixes, weighing
    their variants and asking them."""
    endpoints = list(_arns(platform, account, prefixes, ["endpoint"]))
    weigh = "sagemaker:UpdateEndpointWeightsAndCapacities"
    return [
        *change_models(platform, account, prefixes),
        allow(weigh, endpoints, sid="WeighVariants"),
        invoke_endpoints(platform, account, prefixes),
    ]


def change_models(platform: Platform, account: str, prefixes: Sequence[str]) -> list[Statement]:
    """Return making, changing and removing of models and endpoints by the same prefixes."""
    verbs = ("Create", "Delete", "Update")
    return _lifecycle(platform, account, prefixes, _SERVING_KINDS, "Models", verbs)


def invoke_endpoints(platform: Platform, account: str, prefixes: Sequence[str]) -> Statement:
    """Return asking endpoints of these prefixes."""
    arns = list(_arns(platform, account, prefixes, ["endpoint"]))
    return allow("sagemaker:InvokeEndpoint", arns, sid="Invoke")


def pass_roles(account: str, names: Sequence[str], service: str, sid: str) -> Statement:
    """Return the right to hand these roles to one service."""
    condition = {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
    return allow("iam:PassRole", [role_arn(account, n) for n in names], condition, sid=sid)


def _lifecycle(
    platform: Platform,
    account: str,
    prefixes: Sequence[str],
    kinds: dict[str, str],
    what: str,
    verbs: Sequence[str],
) -> list[Statement]:
    known = {"UpdateModel", "UpdateEndpointConfig"}
    actions = [f"{verb}{kind}" for verb in verbs for kind in kinds.values()]
    arns = list(_arns(platform, account, prefixes, kinds))
    return [
        allow([f"sagemaker:{a}" for a in actions if a not in known], arns, sid=f"Change{what}"),
        allow(("sagemaker:AddTags", "sagemaker:DeleteTags"), arns, sid=f"Tag{what}"),
    ]


def _arns(
    platform: Platform, account: str, prefixes: Sequence[str], kinds: Iterable[str]
) -> Iterable[str]:
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account)}"
    return (f"{base}:{kind}/{prefix}*" for kind in kinds for prefix in prefixes)
