"""What the pipelines of a line of business carry, in shared services: a bucket and key that name
exactly their users, the build role, the events role, and the powers of the two stages' roles."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import kinds, names, site
from landrail.compiler.parts import buckets, keys
from landrail.compiler.parts.roles import roles
from landrail.compiler.parts.templates import template
from landrail.compiler.sections.machine_powers import build_role, events_role, stage_powers
from landrail.compiler.sections.machines import STAGES, stack_of
from landrail.compiler.statements import (
    Statement,
    allow,
    aws,
    role_arn,
)
from landrail.handover import BUILDS, REGISTERED, TRAINED
from landrail.resources import Stack
from landrail.spec import Platform


def compile_artifacts(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of each line that has models: artifacts and the machines' powers."""
    shared = platform.shared_services().name
    for lob in platform.lines_of_business:
        if not site.models_of(platform, lob):
            continue
        bucket = site.artifact_bucket(platform, lob)
        made = template(
            f"Landrail: artifacts of the pipelines of {lob}",
            roles(
                (site.machine_role("build", lob), build_role(platform, lob)),
                (site.machine_role("events", lob), events_role(platform, lob)),
            ),
            stage_powers(platform, lob),
            keys.key(
                platform,
                shared,
                site.artifact_alias(lob),
                f"Artifacts of {lob}",
                _key_uses(platform, lob),
            ),
            buckets.bucket(bucket, _bucket_uses(platform, lob, bucket)),
        )
        for logical in ("Key", "BucketPolicy"):
            made["Resources"][logical]["DependsOn"] = [
                names.logical_id("role", site.machine_role("build", lob))
            ]
        after = [
            site.stack_address(shared, stack_of(platform, lob)),
            *(
                site.stack_address(site.account_of(platform, stage, lob).name, "roles")
                for stage in kinds.stages(platform, lob)
            ),
        ]
        yield site.stack(platform, shared, f"artifacts-{lob}", made, after=after)


def _machines(platform: Platform, lob: str) -> list[str]:
    shared = platform.shared_services().name
    return [
        role_arn(shared, site.machine_role("build", lob)),
        *(
            role_arn(shared, site.machine_role("pipeline", lob, stage))
            for stage in kinds.stages(platform, lob)
        ),
    ]


def _in_stages(platform: Platform, lob: str, name: str) -> list[str]:
    return [role_arn(site.account_of(platform, stage, lob).name, name) for stage in STAGES]


def _releases(platform: Platform, lob: str) -> list[str]:
    """The release roles of the line, those of development too."""
    accounts = (site.account_of(platform, kind, lob) for kind in kinds.stages(platform, lob))
    return [role_arn(account.name, "release") for account in accounts]


def _key_uses(platform: Platform, lob: str) -> list[Statement]:
    services = [keys.via(service, platform.region) for service in ("s3", "ecr", "codebuild")]
    s3 = [keys.via("s3", platform.region)]
    shared = platform.shared_services().name
    return [
        keys.used_by("Machines", _machines(platform, lob), services),
        keys.used_by("Releases", _releases(platform, lob), s3, keys.READ),
        keys.used_by("PublishModels", _in_stages(platform, lob, "release")[:1], s3, keys.WRITE),
        keys.used_by("Models", _in_stages(platform, lob, "model"), s3, keys.READ),
        keys.granted_by("Repositories", [role_arn(shared, "platform")]),
    ]


def _refuse_builds(bucket: str, building: str) -> Statement:
    """A build writes what it has built, and no artifact of a later stage: between an approval and
    the release that follows, nobody lays anything else there."""
    own = (f"*/{kinds.BUILT}/*", f"{BUILDS}/*")
    return {
        "Sid": "RefuseBuildsElsewhere",
        "Effect": "Deny",
        "Principal": aws([building]),
        "Action": ["s3:DeleteObject*", "s3:PutObject*"],
        "NotResource": [buckets.arn(bucket, pattern) for pattern in own],
    }


def _bucket_uses(platform: Platform, lob: str, bucket: str) -> list[Statement]:
    uat, _ = _in_stages(platform, lob, "release")
    releases = aws(_releases(platform, lob))
    models = aws(_in_stages(platform, lob, "model"))
    everything = buckets.arn(bucket, "*")
    of_models = buckets.arn(bucket, "models/*")
    shared = platform.shared_services().name
    proposing = role_arn(shared, site.machine_role("pipeline", lob, "uat"))
    building = role_arn(shared, site.machine_role("build", lob))
    shelves = [(BUILDS, building), (TRAINED, proposing), (REGISTERED, proposing)]
    return [
        *(
            buckets.refuse_other_writers(
                platform, shared, bucket, [writer], objects=f"{shelf}/*", of=f"Of{shelf.title()}"
            )
            for shelf, writer in shelves
        ),
        # A build runs the code of a push. What goes on to UAT and production comes from those who
        # have measured it.
        buckets.refuse_other_writers(
            platform, shared, bucket, [uat], objects="models/*", of="OfModels"
        ),
        buckets.refuse_other_writers(
            platform, shared, bucket, [proposing], objects="candidates/*", of="OfCandidates"
        ),
        _refuse_builds(bucket, building),
        # The machines of this account have what they may do here in policies of their own.
        allow("s3:ListBucket", buckets.arn(bucket), sid="ReleasesList", principal=releases),
        allow(buckets.READ, everything, sid="Releases", principal=releases),
        allow(buckets.WRITE, of_models, sid="Publish", principal=aws([uat])),
        allow("s3:ListBucket", buckets.arn(bucket), sid="ModelsList", principal=models),
        allow("s3:GetObject", of_models, sid="Models", principal=models),
    ]
