"""Settings of the account itself: first wrong, then right."""

from __future__ import annotations

from typing import Any

from inventory_place import Place, Switched, allow, new_bucket, policy

_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_STRONG = {
    "MinimumPasswordLength": 14,
    "RequireSymbols": True,
    "RequireNumbers": True,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
    "PasswordReusePrevention": 24,
    "MaxPasswordAge": 90,
}
_TRAIL = "watching"


def _block(place: Place, **settings: bool) -> None:
    place.client("s3control").put_public_access_block(
        AccountId=place.account, PublicAccessBlockConfiguration={**_ALL, **settings}
    )


def _password(place: Place, **settings: Any) -> None:
    place.client("iam").update_account_password_policy(**{**_STRONG, **settings})


def _recorder(place: Place, **group: Any) -> None:
    config = place.client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": place.worker,
            "recordingGroup": group or {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "deliveries"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


def trail(place: Place) -> None:
    name = f"trail-{place.account}"
    s3 = new_bucket(place, name)
    who = {"Service": "cloudtrail.amazonaws.com"}
    statements = (
        allow("s3:GetBucketAcl", who, f"arn:aws:s3:::{name}"),
        allow("s3:PutObject", who, f"arn:aws:s3:::{name}/*"),
    )
    s3.put_bucket_policy(Bucket=name, Policy=policy(*statements))
    cloudtrail = place.client("cloudtrail")
    cloudtrail.create_trail(
        Name=_TRAIL, S3BucketName=name, IsMultiRegionTrail=True, EnableLogFileValidation=True
    )
    cloudtrail.start_logging(Name=_TRAIL)


def _objects(place: Place) -> None:
    objects = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
    selector = {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [objects],
    }
    place.client("cloudtrail").put_event_selectors(TrailName=_TRAIL, EventSelectors=[selector])


def _nothing(place: Place) -> None:
    """As an account begins."""


def _lake(place: Place, *everybody: str) -> None:
    who = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    grants = [{"Principal": who, "Permissions": ["ALL"]} for _ in everybody]
    settings = {
        "CreateDatabaseDefaultPermissions": grants,
        "CreateTableDefaultPermissions": [],
        "DataLakeAdmins": [],
    }
    place.client("lakeformation").put_data_lake_settings(DataLakeSettings=settings)


def _guard_duty(place: Place) -> None:
    place.client("guardduty").create_detector(Enable=True)


SWITCHED = (
    Switched(
        rules=("s3-account-level-public-access-blocks-periodic",),
        wrong=lambda place: _block(place, BlockPublicPolicy=False),
        right=_block,
    ),
    Switched(
        rules=("iam-password-policy",),
        wrong=lambda place: _password(place, MinimumPasswordLength=8),
        right=_password,
    ),
    Switched(
        rules=("ec2-ebs-encryption-by-default",),
        wrong=lambda place: place.client("ec2").disable_ebs_encryption_by_default(),
        right=lambda place: place.client("ec2").enable_ebs_encryption_by_default(),
    ),
    Switched(rules=("config-recorder-on",), wrong=_nothing, right=_recorder),
    Switched(
        rules=("config-recorder-all-types",),
        wrong=lambda place: _recorder(
            place,
            allSupported=False,
            includeGlobalResourceTypes=False,
            resourceTypes=["AWS::S3::Bucket"],
        ),
        right=_recorder,
    ),
    Switched(
        rules=("cloud-trail-enabled", "multi-region-cloud-trail-enabled"),
        wrong=_nothing,
        right=trail,
    ),
    Switched(
        rules=("cloudtrail-s3-dataevents-enabled",),
        wrong=_nothing,
        right=_objects,
    ),
    Switched(rules=("guardduty-enabled-centralized",), wrong=_nothing, right=_guard_duty),
    Switched(
        rules=("securityhub-enabled",),
        wrong=_nothing,
        right=lambda place: place.client("securityhub").enable_security_hub(),
    ),
    Switched(
        rules=("lakeformation-defaults-closed",),
        wrong=lambda place: _lake(place, "everybody"),
        right=_lake,
    ),
)
