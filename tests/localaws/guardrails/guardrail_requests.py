"""Requests that meet every condition of SageMaker's guardrails, and those that break one.

What an operation takes is read from botocore's models, which operation carries which condition key
from AWS's published data by way of the guardrails themselves; here stands only by which parameter
a request gives a key, and a value that is right and one that is wrong.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import botocore.session

Path = tuple[str, ...]
_SESSION = botocore.session.get_session()
SERVICES = ("sagemaker", "sagemaker-runtime", "sagemaker-featurestore-runtime")
_DEEPEST = 9
_SECRETIVE = (
    "Environment",
    "Tags",
    "DataCaptureConfig",
    "AsyncInferenceConfig",
    "ProcessingInputs",
)
NOTHING = object()
KEY = "KEY"
"""Stands for the ARN of a KMS key that is there."""


@dataclass(frozen=True)
class Setting:
    """How requests give a key: the ends of the paths of its parameter, a right value and wrong
    ones. `whole` are paths that count only where they are all of it."""

    ends: tuple[str, ...]
    right: Any
    wrong: tuple[Any, ...] = ()
    whole: tuple[str, ...] = ()


_SUBNETS = ["subnet-11111111"]
_CONFIG = "arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/approved"
_IMAGE = "arn:aws:sagemaker:eu-west-1:111122223333:image/approved"
_VERSION = "arn:aws:sagemaker:eu-west-1:111122223333:image-version/approved/1"
SETTINGS: dict[str, Setting] = {
    "sagemaker:VpcSubnets": Setting(
        ("VpcConfig.Subnets", "OverrideVpcConfig.Subnets", "SubnetIds", "SubnetId"),
        _SUBNETS,
        (["subnet-22222222"],),
    ),
    "sagemaker:VpcSecurityGroupIds": Setting(
        ("SecurityGroupIds", "SecurityGroups"), ["sg-11111111"], (["sg-22222222"],)
    ),
    "sagemaker:VolumeKmsKeyArn": Setting(("VolumeKmsKeyId",), KEY, ("",), ("KmsKeyId",)),
    "sagemaker:OutputKmsKeyArn": Setting(
        (
            "OutputDataConfig.KmsKeyId",
            "OutputConfig.KmsKeyId",
            "TransformOutput.KmsKeyId",
            "S3Location.KmsKeyArn",
        ),
        KEY,
        ("",),
    ),
    "sagemaker:NetworkIsolation": Setting(("EnableNetworkIsolation",), True, (False,)),
    "sagemaker:InterContainerTrafficEncryption": Setting(
        ("EnableInterContainerTrafficEncryption",), True, (False,)
    ),
    "sagemaker:InstanceTypes": Setting(
        ("InstanceType",), "ml.m5.large", ("ml.p4d.24xlarge", "ml.m50.large")
    ),
    "sagemaker:DirectInternetAccess": Setting(("DirectInternetAccess",), "Disabled", ("Enabled",)),
    "sagemaker:RootAccess": Setting(("RootAccess",), "Disabled", ("Enabled",)),
    "sagemaker:MinimumInstanceMetadataServiceVersion": Setting(
        ("MinimumInstanceMetadataServiceVersion",), "2", ("1",)
    ),
    "sagemaker:AppNetworkAccessType": Setting(
        ("AppNetworkAccessType",), "VpcOnly", ("PublicInternetOnly",)
    ),
    "sagemaker:AuthMode": Setting(("AuthMode",), "IAM", ("SSO",)),
    "sagemaker:DomainSharingOutputKmsKeyArn": Setting(("SharingSettings.S3KmsKeyId",), KEY, ("",)),
    "sagemaker:EnableRemoteDebug": Setting(("EnableRemoteDebug",), False, (True,)),
    "sagemaker:RemoteAccess": Setting(("SpaceSettings.RemoteAccess",), "DISABLED", ("ENABLED",)),
    "sagemaker:SpaceSharingType": Setting(("SharingType",), "Private", ("Shared",)),
    "sagemaker:AcceleratorTypes": Setting(
        ("AcceleratorTypes", "AcceleratorType"), NOTHING, ("ml.eia2.medium",)
    ),
    "sagemaker:CustomerMetadataProperties/commit": Setting(
        ("CustomerMetadataProperties.commit",), "1f3a"
    ),
    "sagemaker:CustomerMetadataProperties/data": Setting(
        ("CustomerMetadataProperties.data",), "flights@3"
    ),
    "sagemaker:CustomerMetadataPropertiesToRemove": Setting(
        ("CustomerMetadataPropertiesToRemove",), NOTHING, (["commit"],)
    ),
    "sagemaker:ModelApprovalStatus": Setting(
        ("ModelApprovalStatus",), "PendingManualApproval", ("Approved",)
    ),
    "sagemaker:ModelLifeCycle:Stage": Setting(("ModelLifeCycle.Stage",), NOTHING, ("Live",)),
    "sagemaker:ModelLifeCycle:StageStatus": Setting(
        ("ModelLifeCycle.StageStatus",), NOTHING, ("Done",)
    ),
    "sagemaker:DirectGatedModelAccess": Setting(
        ("S3DataSource.ModelAccessConfig.AcceptEula",), NOTHING, (True,)
    ),
    "sagemaker:FeatureGroupOfflineStoreKmsKeyArn": Setting(
        ("OfflineStoreConfig.S3StorageConfig.KmsKeyId",), KEY, ("",)
    ),
    "sagemaker:FeatureGroupOnlineStoreKmsKeyArn": Setting(
        ("OnlineStoreConfig.SecurityConfig.KmsKeyId",), KEY, ("",)
    ),
    "sagemaker:FeatureGroupOfflineStoreS3Uri": Setting(
        ("OfflineStoreConfig.S3StorageConfig.S3Uri",),
        "s3://acme-ml-features/x",
        ("s3://theirs/x", "s3://theirs/s3://acme-ml-features"),
    ),
    "sagemaker:FileSystemAccessMode": Setting(("FileSystemAccessMode",), "ro", ("rw",)),
    "sagemaker:MaxRuntimeInSeconds": Setting(
        ("StoppingCondition.MaxRuntimeInSeconds",), 3600, (3601,)
    ),
    "sagemaker:KeepAlivePeriod": Setting(("ResourceConfig.KeepAlivePeriodInSeconds",), 600, (601,)),
    "sagemaker:ServerlessMemorySize": Setting(
        ("ServerlessConfig.MemorySizeInMB",), NOTHING, (2048,)
    ),
    "sagemaker:NotebookInstanceLifecycleConfigArns": Setting(
        ("LifecycleConfigName",), "approved", ("other",)
    ),
    "sagemaker:StudioLifecycleConfigArns": Setting(
        ("LifecycleConfigArns", "LifecycleConfigArn"), _CONFIG, (f"{_CONFIG}2",)
    ),
    "sagemaker:ImageArns": Setting(("SageMakerImageArn",), _IMAGE, (f"{_IMAGE}2",)),
    "sagemaker:ImageVersionArns": Setting(
        ("SageMakerImageVersionArn",), _VERSION, (_VERSION.replace("approved", "other"),)
    ),
    "sagemaker:WorkteamType": Setting(
        ("WorkteamArn",),
        "arn:aws:sagemaker:eu-west-1:111122223333:workteam/private-crowd/own",
        ("arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default",),
    ),
    "aws:TagKeys": Setting((), [{"Key": "team", "Value": "delays"}], ([],), ("Tags",)),
}
# What makes a request be about a thing at all, which its guardrails are about.
_ALSO: dict[str, dict[str, Any]] = {
    "CreateFeatureGroup": {
        "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://acme-ml-features/x"}},
        "OnlineStoreConfig": {"EnableOnlineStore": True},
    },
    "CreateEndpointConfig": {"ProductionVariants": [{"VariantName": "v", "ModelName": "m"}]},
    "CreateJob": {"JobConfigDocument": {}},
    "UpdateModelPackage": {
        "ModelPackageArn": "arn:aws:sagemaker:eu-west-1:ACCOUNT:model-package/g/1"
    },
    "CreateModelPackage": {"ModelPackageGroupName": "g"},
}


@dataclass(frozen=True)
class Request:
    """A call by botocore's names."""

    service: str
    operation: str
    params: dict[str, Any]

    def having(self, path: Path, value: Any) -> Request:
        """The request with another value at a path."""
        params = copy.deepcopy(self.params)
        _put(params, path, value, _input(self.service, self.operation))
        return Request(self.service, self.operation, params)

    def without(self, path: Path) -> tuple[Request, bool] | None:
        """The request without what is at a path, or the innermost structure around it that may be
        left out, and whether that was all of it; None where all of them must be there."""
        shapes = [_input(self.service, self.operation)]
        for step in path[:-1]:
            shapes.append(_below(shapes[-1], step))
        for end in range(len(path), 0, -1):
            around = shapes[end - 1]
            if path[end - 1] == "*":
                continue
            if around is None or path[end - 1] not in around.required_members:
                params = copy.deepcopy(self.params)
                at: Any = params
                for step in path[: end - 1]:
                    at = at[0] if step == "*" else at.get(step, {})
                at.pop(path[end - 1], None)
                return Request(self.service, self.operation, params), end == len(path)
        return None

    def sent(self, key: str) -> dict[str, Any]:
        """The parameters as they are sent, with the ARN of a KMS key in its place, and roles of
        the key's account."""
        text = json.dumps(self.params).replace(f'"{KEY}"', f'"{key}"')
        owner = key.split(":")[4]
        params: dict[str, Any] = json.loads(text.replace(":ACCOUNT:", f":{owner}:"))
        if "JobConfigDocument" in params:
            params["JobConfigDocument"] = json.dumps(params["JobConfigDocument"])
        return params


def service_of(operation: str) -> str | None:
    """The service that has an operation of SageMaker's."""
    for service in SERVICES:
        if operation in _SESSION.get_service_model(service).operation_names:
            return service
    return None


def least(operation: str) -> Request:
    """A request with what it must have, and what makes it about anything."""
    service = service_of(operation)
    assert service is not None, operation
    params = {**_filled(_input(service, operation)), **copy.deepcopy(_ALSO.get(operation, {}))}
    if "PartnerApp" in operation and "Arn" in params:
        params["Arn"] = "arn:aws:sagemaker:eu-west-1:ACCOUNT:partner-app/app-1"
    return Request(service, operation, params)


def place(request: Request, key: str) -> Path | None:
    """Where a request gives a key: the shortest path there is."""
    if request.operation == "CreateJob":
        inside = {"VpcSubnets": ("VpcConfig", "Subnets"), "OutputKmsKeyArn": _OUTPUT}
        inside["VpcSecurityGroupIds"] = ("VpcConfig", "SecurityGroupIds")
        found = inside.get(key.partition(":")[2])
        if found:
            return ("JobConfigDocument", *found)
    setting = SETTINGS[key]
    every = _every_path(request.service, request.operation)
    fitting = [path for path in every if _fits(path, setting)]
    return min(fitting, key=lambda path: (len(path), path), default=None)


def right(key: str, path: Path) -> Any:
    """The right value of a key, as the parameter at a path takes it."""
    return _shaped(SETTINGS[key].right, path)


def wrong(key: str, path: Path, *, any_value: bool) -> list[Any]:
    """The wrong values of a key, as the parameter at a path takes them; where any value is right,
    an empty one is wrong."""
    if any_value:
        return [[] if path[-1].endswith(_PLURAL) or path == ("Tags",) else ""]
    return [_shaped(value, path) for value in SETTINGS[key].wrong]


_OUTPUT = ("OutputDataConfig", "KmsKeyId")
_PLURAL = ("Arns", "Ids", "Subnets", "Groups", "Types")


def _shaped(value: Any, path: Path) -> Any:
    plural = path[-1].endswith(_PLURAL)
    if isinstance(value, list) and not plural and path != ("Tags",) and len(value) == 1:
        return value[0]
    return [value] if isinstance(value, str) and plural else value


def _fits(path: Path, setting: Setting) -> bool:
    plain = ".".join(step for step in path if step != "*")
    if plain in setting.whole:
        return True
    return any(
        plain == end
        or plain.endswith((f".{end}", f"Job{end}", f"Monitoring{end}"))
        or plain.endswith(f"Processing{end}")
        for end in setting.ends
    )


@cache
def _every_path(service: str, operation: str) -> tuple[Path, ...]:
    return tuple(_paths(_input(service, operation), (), 0))


def _paths(shape: Any, path: Path, depth: int) -> Iterator[Path]:
    if depth > _DEEPEST or (path and path[-1] in _SECRETIVE and path != ("Tags",)):
        return
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from _paths(member, (*path, name), depth + 1)
    elif shape.type_name == "list" and shape.member.type_name == "structure" and path != ("Tags",):
        yield from _paths(shape.member, (*path, "*"), depth)
    elif shape.type_name == "map":
        yield from ((*path, name) for name in ("commit", "data"))
    else:
        yield path


def _put(params: dict[str, Any], path: Path, value: Any, shape: Any) -> None:
    """Put a value at a path; what is made on the way gets what it must have."""
    at: Any = params
    for step, after in pairwise(path):
        shape = _below(shape, step)
        if step == "*":
            at = at[0]
        elif step not in at or not at[step]:
            at[step] = [_filled(shape.member)] if after == "*" else _filled(shape) if shape else {}
            at = at[step]
        else:
            at = at[step]
    at[path[-1]] = value


def _below(shape: Any, step: str) -> Any:
    """The shape of a member; None inside what has no shape."""
    if shape is None or shape.type_name in ("map", "string"):
        return None
    found = shape.member if step == "*" else shape.members[step]
    return None if found.type_name == "string" else found


def _input(service: str, operation: str) -> Any:
    return _SESSION.get_service_model(service).operation_model(operation).input_shape


def _filled(shape: Any) -> Any:
    match shape.type_name:
        case "structure":
            return {name: _filled(shape.members[name]) for name in shape.required_members}
        case "list":
            return [_filled(shape.member)]
        case "map":
            return {}
        case "integer" | "long":
            return 1
        case "float" | "double":
            return 1.0
        case "boolean":
            return False
        case "blob":
            return "x"
        case "timestamp":
            return "2030-01-01T00:00:00Z"
    if shape.enum:
        return shape.enum[0]
    return "arn:aws:iam::ACCOUNT:role/nobody" if "Role" in shape.name else "x1"
