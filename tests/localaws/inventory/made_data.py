"""Functions, queues, topics, secrets, logs and databases, good and bad."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from inventory_place import REGION, STRANGER, Made, Place, allow, either, neighbour, policy
from made_sagemaker import key, network


def _function(place: Place, name: str, who: str, **more: Any) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handler(event, context):\n    return event\n")
    functions = place.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.12",
        Role=place.worker,
        Handler="main.handler",
        Code={"ZipFile": packed.getvalue()},
        **more,
    )
    functions.add_permission(
        FunctionName=name, StatementId="one", Action="lambda:InvokeFunction", Principal=who
    )
    return name


def _addressed(place: Place, name: str, how: str) -> str:
    _function(place, name, "events.amazonaws.com")
    place.client("lambda").create_function_url_config(FunctionName=name, AuthType=how)
    return name


def _placed(place: Place) -> dict[str, Any]:
    there = network(place)
    within = {"SubnetIds": there["Subnets"], "SecurityGroupIds": there["SecurityGroupIds"]}
    return {"VpcConfig": within}


def _queue(place: Place, name: str, who: Any, **attributes: str) -> str:
    sqs = place.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{place.account}:{name}"
    text = policy(allow("sqs:SendMessage", who, arn))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text, **attributes})
    return name


def _topic(place: Place, name: str, who: Any, **attributes: str) -> str:
    sns = place.client("sns")
    arn = sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]
    text = policy(allow("sns:Publish", who, arn))
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)
    return name


def _secret(place: Place, name: str, who: Any, **more: str) -> str:
    secrets = place.client("secretsmanager")
    secrets.create_secret(Name=name, SecretString="x", **more)
    text = policy(allow("secretsmanager:GetSecretValue", who))
    secrets.put_resource_policy(SecretId=name, ResourcePolicy=text)
    return name


def _document(place: Place, name: str, share: str) -> str:
    ssm = place.client("ssm")
    content = '{"schemaVersion": "2.2", "description": "d", "mainSteps": []}'
    ssm.create_document(Content=content, Name=name, DocumentType="Command", DocumentFormat="JSON")
    ssm.modify_document_permission(Name=name, PermissionType="Share", AccountIdsToAdd=[share])
    return name


def _log_group(place: Place, name: str, days: int, **more: str) -> str:
    logs = place.client("logs")
    logs.create_log_group(logGroupName=name, **more)
    logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    return name


def _glue_job(place: Place, name: str, logs: bool) -> str:
    arguments = {"--enable-continuous-cloudwatch-log": "true"} if logs else {}
    place.client("glue").create_job(
        Name=name,
        Role=place.worker,
        Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/job.py"},
        DefaultArguments=arguments,
    )
    return name


def _workgroup(place: Place, name: str, **config: Any) -> str:
    result = {"OutputLocation": "s3://results/here/", **config}
    place.client("athena").create_work_group(
        Name=name, Configuration={"ResultConfiguration": result}
    )
    return name


def _database(place: Place, name: str, closed: bool) -> str:
    place.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        MasterUsername="someone",
        MasterUserPassword="long enough",
        AllocatedStorage=20,
        PubliclyAccessible=not closed,
        StorageEncrypted=closed,
    )
    return name


def _warehouse(place: Place, name: str, public: bool) -> str:
    place.client("redshift").create_cluster(
        ClusterIdentifier=name,
        NodeType="ra3.large",
        MasterUsername="someone",
        MasterUserPassword="Long3nough",
        PubliclyAccessible=public,
    )
    return name


MADE = (
    Made(
        table="lambda_functions",
        rules=(
            "lambda-function-public-access-prohibited",
            "lambda-function-open-outside",
            "lambda-inside-vpc",
        ),
        wrong=lambda place, name: _function(place, name, "*"),
        right=lambda place, name: _function(place, name, neighbour(place)["AWS"], **_placed(place)),
    ),
    Made(
        table="lambda_functions",
        rules=("lambda-function-public-access-prohibited",),
        wrong=lambda place, name: _function(place, name, "s3.amazonaws.com"),
        right=lambda place, name: _function(place, name, "events.amazonaws.com"),
    ),
    Made(
        table="lambda_functions",
        rules=("lambda-function-url-signed",),
        wrong=lambda place, name: _addressed(place, name, "NONE"),
        right=lambda place, name: _addressed(place, name, "AWS_IAM"),
    ),
    Made(
        table="sqs_queues",
        rules=("sqs-queue-no-public-access", "sqs-queue-open-outside"),
        wrong=lambda place, name: _queue(place, name, "*"),
        right=lambda place, name: _queue(place, name, neighbour(place)),
    ),
    Made(
        table="sns_topics",
        rules=("sns-topic-no-public-access", "sns-topic-open-outside", "sns-encrypted-kms"),
        wrong=lambda place, name: _topic(place, name, "*"),
        right=lambda place, name: _topic(place, name, neighbour(place), KmsMasterKeyId=key(place)),
    ),
    Made(
        table="secretsmanager_secrets",
        rules=("secretsmanager-secret-open-outside", "secretsmanager-using-cmk"),
        wrong=lambda place, name: _secret(place, name, STRANGER),
        right=lambda place, name: _secret(place, name, neighbour(place), KmsKeyId=key(place)),
    ),
    Made(
        table="ssm_documents",
        rules=("ssm-document-not-public",),
        wrong=lambda place, name: _document(place, name, "all"),
        right=lambda place, name: _document(place, name, place.neighbour),
    ),
    Made(
        table="ssm_documents",
        rules=("ssm-document-open-outside",),
        wrong=lambda place, name: _document(place, name, "999900009999"),
        right=lambda place, name: _document(place, name, place.neighbour),
    ),
    Made(
        table="log_groups",
        rules=("cw-loggroup-retention-period-check", "cloudwatch-log-group-encrypted"),
        wrong=lambda place, name: _log_group(place, name, 30),
        right=lambda place, name: _log_group(place, name, 400, kmsKeyId=key(place)),
    ),
    either(
        _glue_job,
        table="glue_jobs",
        rules=("glue-job-logging-enabled",),
    ),
    Made(
        table="athena_workgroups",
        rules=("athena-workgroup-encrypted-at-rest",),
        wrong=_workgroup,
        right=lambda place, name: _workgroup(
            place, name, EncryptionConfiguration={"EncryptionOption": "SSE_S3"}
        ),
    ),
    either(
        _database,
        table="rds_instances",
        rules=("rds-instance-public-access-check", "rds-storage-encrypted"),
    ),
    Made(
        table="redshift_clusters",
        rules=("redshift-cluster-public-access-check",),
        wrong=lambda place, name: _warehouse(place, name, True),
        right=lambda place, name: _warehouse(place, name, False),
    ),
)
