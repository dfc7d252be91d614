"""What an endpoint is made of: one CloudFormation template and a file of parameters a stage.

The template is the same for staging and production; only parameters differ, so what was tested is
what is released. Models and endpoint configurations have no names of their own: a change makes new
ones beside the old, and the endpoint moves over in place.
"""

from __future__ import annotations

from typing import Any

from landrail.operations.model.artifacts import Candidate, write_json
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage

_PARAMETERS = {
    "EndpointName": "String",
    "Image": "String",
    "ModelData": "String",
    "ModelPackage": "String",
    "InstanceType": "String",
    "ExecutionRole": "String",
    "KmsKey": "String",
    "Subnets": "CommaDelimitedList",
    "SecurityGroups": "CommaDelimitedList",
}


def write_deployment(
    settings: Settings, stage: Stage, candidate: Candidate, *, endpoint: str, name: str
) -> None:
    """Leave `template.json` and `NAME.json`, the parameters for the stage's account."""
    build = candidate.build
    write_json("template.json", template())
    write_json(
        f"{name}.json",
        {
            "Parameters": {
                "EndpointName": endpoint,
                "Image": build.image,
                "ModelData": candidate.model_data,
                "ModelPackage": candidate.package,
                "InstanceType": build.instance_type,
                "ExecutionRole": settings[Variable.MODEL_ROLE],
                "KmsKey": settings[Variable.STAGE_KEY],
                "Subnets": ",".join(stage.network["Subnets"]),
                "SecurityGroups": ",".join(stage.network["SecurityGroupIds"]),
            },
            "Tags": {"landrail:model": build.model, "landrail:commit": build.commit},
        },
    )


def template() -> dict[str, Any]:
    """The stack of an endpoint: model, configuration, endpoint."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "An endpoint of a registered model; released by a pipeline only",
        "Parameters": {name: {"Type": kind} for name, kind in _PARAMETERS.items()},
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
        "PrimaryContainer": {"Image": {"Ref": "Image"}, "ModelDataUrl": {"Ref": "ModelData"}},
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
                "VariantName": "live",
                "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                "InitialInstanceCount": 1,
                "InstanceType": {"Ref": "InstanceType"},
                "InitialVariantWeight": 1,
            }
        ],
    }
