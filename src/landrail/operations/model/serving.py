"""What an endpoint is made of: one CloudFormation template and a file of parameters a stage.

The template is the same for staging and production; only parameters differ, so what was tested is
what is released. SageMaker makes no model of a version that is not approved, so staging names what
the version holds, and production the version itself. Models and endpoint configurations have no
names of their own: a change makes new ones beside the old, and the endpoint moves over in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from landrail.handover import VARIANT
from landrail.operations.model.artifacts import Candidate, write_json
from landrail.operations.model.deploying import Deploy, deploy_of, deployed, times
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

RELEASED = "Released"
"""The parameter, and the output, that says how a batch job runs the version."""
_PARAMETERS = {
    "EndpointName": "String",
    "Image": "String",
    "ModelData": "String",
    "ModelPackage": "String",
    "ByVersion": "String",
    "InstanceType": "String",
    "ExecutionRole": "String",
    "KmsKey": "String",
    "Subnets": "CommaDelimitedList",
    "SecurityGroups": "CommaDelimitedList",
}


def write_deployment(
    settings: Settings,
    stage: Stage,
    candidate: Candidate,
    *,
    endpoint: str,
    name: str,
    served: bool = False,
) -> None:
    """Leave `template.json` and `NAME.json`, the parameters for the stage's account; `served` says
    that the version has served there before."""
    build = candidate.build
    deploy = deploy_of(settings)
    online, scores = settings.serves("online"), settings.serves("batch")
    made = template(online=online, scores=scores, deploy=deploy)
    write_json("template.json", made)
    parameters = {
        "EndpointName": endpoint,
        "Image": build.image,
        "ModelData": candidate.model_data,
        "ModelPackage": candidate.package,
        "ByVersion": str(bool(candidate.approved_by)).lower(),
        "InstanceType": build.instance_type,
        "ExecutionRole": settings[Variable.MODEL_ROLE],
        "KmsKey": settings[Variable.STAGE_KEY],
        "Subnets": ",".join(stage.network["Subnets"]),
        "SecurityGroups": ",".join(stage.network["SecurityGroupIds"]),
        RELEASED: json.dumps(released(candidate)),
        "CaptureBucket": settings[Variable.STAGE_BUCKET],
        **times(deploy, production=name == "production", served=served),
    }
    write_json(
        f"{name}.json",
        {
            "Parameters": {key: parameters[key] for key in parameters if key in made["Parameters"]},
            "Tags": {"landrail:model": build.model, "landrail:commit": build.commit},
        },
    )


def released(candidate: Candidate) -> dict[str, Any]:
    """Return what a batch job must know of the version that a stack holds."""
    build = candidate.build
    return {
        "image": build.image,
        "model_data": candidate.model_data,
        "commit": build.commit,
        "data": build.data,
        "entrypoint": build.entrypoint,
        "instance_type": build.instance_type,
        "serving": build.serving,
        "batch": dict(build.batch),
    }


def template(
    *, online: bool = True, scores: bool = False, deploy: Deploy | None = None
) -> dict[str, Any]:
    """The stack of a released model: model, configuration, endpoint, and how it is deployed; the
    model alone where it is not `online`. Where it `scores` files, the stack says how."""
    made = deployed(_with_endpoint(), deploy or {})
    if scores:
        made["Parameters"][RELEASED] = {"Type": "String"}
        made["Outputs"][RELEASED] = {"Value": {"Ref": RELEASED}}
    return made if online else _model_alone(made)


def _model_alone(made: dict[str, Any]) -> dict[str, Any]:
    """Return a template with the resources that are models, and what they name."""
    resources = {
        name: one
        for name, one in made["Resources"].items()
        if one["Type"] == "AWS::SageMaker::Model"
    }
    gone = set(made["Resources"]) - set(resources)
    outputs = {k: v for k, v in made["Outputs"].items() if not gone & set(_named(v))}
    left = {k: made[k] for k in ("Conditions",)} | {"Resources": resources, "Outputs": outputs}
    named = set(_named(left))
    parameters = {name: kind for name, kind in made["Parameters"].items() if name in named}
    return {**made, "Parameters": parameters, **left}


def _named(part: Any) -> Iterator[str]:
    """Yield the parameters and resources that a part of a template names."""
    if isinstance(part, dict):
        if "Ref" in part:
            yield part["Ref"]
        if "Fn::GetAtt" in part:
            yield part["Fn::GetAtt"][0]
        for inner in part.values():
            yield from _named(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _named(inner)


def _with_endpoint() -> dict[str, Any]:
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "An endpoint of a registered model; released by a pipeline only",
        "Parameters": {name: {"Type": kind} for name, kind in _PARAMETERS.items()},
        "Conditions": {"Approved": {"Fn::Equals": [{"Ref": "ByVersion"}, "true"]}},
        "Resources": {
            "Model": {"Type": "AWS::SageMaker::Model", "Properties": _model()},
            "EndpointConfig": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": _endpoint_config(),
            },
            "Endpoint": {
                "Type": "AWS::SageMaker::Endpoint",
                "Properties": {
                    "EndpointName": {"Ref": "EndpointName"},
                    "EndpointConfigName": {"Fn::GetAtt": ["EndpointConfig", "EndpointConfigName"]},
                },
            },
        },
        "Outputs": {
            "EndpointName": {"Value": {"Fn::GetAtt": ["Endpoint", "EndpointName"]}},
            "ModelName": {"Value": {"Fn::GetAtt": ["Model", "ModelName"]}},
            "ModelPackage": {"Value": {"Ref": "ModelPackage"}},
        },
    }


def _model() -> dict[str, Any]:
    return {
        "ExecutionRoleArn": {"Ref": "ExecutionRole"},
        "PrimaryContainer": {
            "Fn::If": [
                "Approved",
                {"ModelPackageName": {"Ref": "ModelPackage"}},
                {"Image": {"Ref": "Image"}, "ModelDataUrl": {"Ref": "ModelData"}},
            ]
        },
        "VpcConfig": {
            "Subnets": {"Ref": "Subnets"},
            "SecurityGroupIds": {"Ref": "SecurityGroups"},
        },
        "EnableNetworkIsolation": True,
        "Tags": [{"Key": "landrail:model-package", "Value": {"Ref": "ModelPackage"}}],
    }


def _endpoint_config() -> dict[str, Any]:
    return {
        "KmsKeyId": {"Ref": "KmsKey"},
        "ProductionVariants": [
            {
                "VariantName": VARIANT,
                "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                "InitialInstanceCount": 1,
                "InstanceType": {"Ref": "InstanceType"},
                "InitialVariantWeight": 1,
            }
        ],
    }
