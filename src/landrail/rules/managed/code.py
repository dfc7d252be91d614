"""Rules of where code is kept, built and delivered: ECR, CodeArtifact, CodeBuild, CodePipeline.
Source of what each asks: AWS Config, "List of AWS Config managed rules"; those without an
identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import open_outside
from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "ECR_PRIVATE_IMAGE_SCANNING_ENABLED",
        table="ecr_repositories",
        wrong="NOT scans",
        says="images are not scanned when they are pushed",
        triggers=("periodic",),
    ),
    managed(
        "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED",
        table="ecr_repositories",
        wrong="NOT immutable",
        says="a tag of an image can come to mean another",
    ),
    managed(
        "ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED",
        table="ecr_repositories",
        wrong="NOT lifecycle",
        says="no lifecycle policy ever removes an image",
    ),
    managed(
        "ECR_REPOSITORY_CMK_ENCRYPTION_ENABLED",
        table="ecr_repositories",
        wrong="NOT customer_key OR (:kmsKeyArns <> '' AND COALESCE(kms_key, '')"
        " NOT IN (:kmsKeyArns))",
        says="the repository is not encrypted by a KMS key of the customer's",
        parameters={"kmsKeyArns": ""},
    ),
    open_outside(
        "ecr-repository",
        "ecr_repositories",
        "the repository's policy lets in somebody from outside the organization",
    ),
    open_outside(
        "codeartifact-domain",
        "codeartifact_domains",
        "the domain's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="codeartifact-domain-key",
        table="codeartifact_domains",
        wrong="NOT customer_key",
        says="the domain is not encrypted by a KMS key of the customer's",
    ),
    open_outside(
        "codeartifact-repository",
        "codeartifact_repositories",
        "the repository's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="codeartifact-repository-no-external-connection",
        table="codeartifact_repositories",
        wrong="NOT ALL_AMONG(external_connections, :allowedConnections)",
        says="the repository fetches packages from the public",
        parameters={"allowedConnections": ""},
    ),
    managed(
        "CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK",
        table="codebuild_projects",
        wrong="shows_credentials",
        says="access keys of AWS stand in the project's plain variables",
    ),
    Rule(
        name="codebuild-project-envvar-secret-check",
        table="codebuild_projects",
        wrong="shows_secrets",
        says="something that its name calls secret stands in the project's plain variables",
    ),
    managed(
        "CODEBUILD_PROJECT_SOURCE_REPO_URL_CHECK",
        table="codebuild_projects",
        wrong="source_signed_in",
        says="the URL of a source holds credentials",
    ),
    managed(
        "CODEBUILD_PROJECT_ENVIRONMENT_PRIVILEGED_CHECK",
        table="codebuild_projects",
        wrong="privileged AND resource_name NOT IN (:exemptedProjects)",
        says="builds are privileged",
        parameters={"exemptedProjects": ""},
    ),
    managed(
        "CODEBUILD_PROJECT_LOGGING_ENABLED",
        table="codebuild_projects",
        wrong="NOT logs"
        " OR (:s3BucketNames <> '' AND COALESCE(log_bucket, '') NOT IN (:s3BucketNames))"
        " OR (:cloudWatchGroupNames <> ''"
        " AND COALESCE(log_group, '') NOT IN (:cloudWatchGroupNames))",
        says="builds write no logs, or not where they belong",
        parameters={"s3BucketNames": "", "cloudWatchGroupNames": ""},
    ),
    managed(
        "CODEBUILD_PROJECT_ARTIFACT_ENCRYPTION",
        table="codebuild_projects",
        wrong="NOT artifacts_encrypted",
        says="encryption of an artifact is turned off",
    ),
    managed(
        "CODEBUILD_PROJECT_S3_LOGS_ENCRYPTED",
        table="codebuild_projects",
        applies="resource_name NOT IN (:exemptedProjects)",
        wrong="NOT logs_encrypted",
        says="encryption of logs in a bucket is turned off",
        parameters={"exemptedProjects": ""},
    ),
    Rule(
        name="codebuild-project-in-vpc",
        table="codebuild_projects",
        wrong="NOT in_vpc",
        says="builds are not in a VPC",
        guard=guard("in_vpc", "AWS::CodeBuild::Project", "configuration.vpcConfig.vpcId exists"),
    ),
    Rule(
        name="codebuild-project-not-public",
        table="codebuild_projects",
        wrong="public",
        says="everybody may read the project's builds",
        guard=guard(
            "not_public",
            "AWS::CodeBuild::Project",
            'configuration.projectVisibility != "PUBLIC_READ"',
            when="configuration.projectVisibility exists",
        ),
    ),
    managed(
        "CODEPIPELINE_DEPLOYMENT_COUNT_CHECK",
        table="codepipeline_pipelines",
        wrong="first_deployments > 1 OR (:deploymentLimit <> ''"
        " AND most_deployments > CAST(:deploymentLimit AS BIGINT))",
        says="a stage deploys to more places at once than it may",
        parameters={"deploymentLimit": ""},
    ),
    Rule(
        name="codepipeline-artifacts-key",
        table="codepipeline_pipelines",
        wrong="NOT artifacts_by_key",
        says="what the pipeline passes on has no KMS key of its own",
    ),
)
