"""The organization's trail: every account and region, files validated, data events of the lake and
of what the pipelines carry."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import names, site
from landrail.compiler.parts.templates import resource, template
from landrail.compiler.sections.log_archive import ALIAS
from landrail.resources import Stack
from landrail.spec import Platform


def compile_trail(platform: Platform) -> Iterator[Stack]:
    """Yield the trail's stack, in the management account; none where Control Tower keeps one."""
    zone = platform.landing_zone
    if zone is not None and zone.trail:
        return
    prefixes = [
        f"arn:aws:s3:::{names.bucket_prefix(platform.platform)}-{kind}-"
        for kind in ("artifacts", "lake")
    ]
    properties = {
        "TrailName": site.TRAIL,
        "S3BucketName": site.log_bucket(platform),
        "KMSKeyId": site.key_arn(platform, site.LOG_ARCHIVE, ALIAS),
        "IsLogging": True,
        "IsOrganizationTrail": True,
        "IsMultiRegionTrail": True,
        "IncludeGlobalServiceEvents": True,
        "EnableLogFileValidation": True,
        "AdvancedEventSelectors": [
            {
                # The console's name for it, by which tools know it.
                "Name": "Management events selector",
                "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
            },
            {
                "Name": "data sets and artifacts",
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    {"Field": "resources.ARN", "StartsWith": prefixes},
                ],
            },
        ],
    }
    made = template(
        "Landrail: the trail of the organization",
        {"Trail": resource("AWS::CloudTrail::Trail", properties)},
    )
    after = [site.stack_address(site.LOG_ARCHIVE, "log-archive")]
    yield site.stack(platform, site.MANAGEMENT, "trail", made, after=after)
