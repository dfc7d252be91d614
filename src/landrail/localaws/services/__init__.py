"""The local AWS's own services, and where the gateway finds them.

Each is a package whose `build(platform, tables, blobs)` returns its `Service`. They are built in
this order at start. A service never imports another.
"""

from collections.abc import Callable

from landrail.localaws.api import Platform, Service
from landrail.localaws.services import (
    accessanalyzer,
    autoscaling,
    cloudformation,
    cloudwatch,
    codeartifact,
    codebuild,
    codecommit,
    codeconnections,
    codepipeline,
    config,
    controltower,
    ec2,
    ecr,
    events,
    identity,
    mfa,
    organizations,
    s3,
    sagemaker,
    sagemaker_runtime,
    ssm,
    sso,
    sts,
)
from landrail.localaws.store import Blobs, Tables

Factory = Callable[[Platform, Tables, Blobs], Service]

SERVICES: tuple[Factory, ...] = (
    identity.build,
    sts.build,
    mfa.build,
    sso.build,
    cloudformation.build,
    ec2.build,
    organizations.build,
    ssm.build,
    accessanalyzer.build,
    ecr.build,
    codepipeline.build,
    codebuild.build,
    codeartifact.build,
    codecommit.build,
    codeconnections.build,
    codeconnections.build_star,
    config.build,
    controltower.build,
    controltower.build_catalog,
    events.build,
    cloudwatch.build,
    autoscaling.build,
    sagemaker.build,
    sagemaker_runtime.build,
    s3.build,
    s3.build_control,
)

__all__ = ["SERVICES", "Factory"]
