"""Rules of what is shared: snapshots, images, documents, queues, topics, functions, secrets. Source
of what each asks: AWS Config, "List of AWS Config managed rules"; those without an identifier are
this project's own."""

from __future__ import annotations

from landrail.rules.alike import open_outside
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK",
        table="ec2_snapshots",
        wrong="public",
        says="everybody may restore the snapshot",
        triggers=("periodic",),
    ),
    managed(
        "EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS",
        table="accounts_ec2",
        wrong="snapshot_block IS NULL OR snapshot_block <> 'block-all-sharing'",
        says="snapshots of the account may be made public in this region",
    ),
    open_outside(
        "ebs-snapshot",
        "ec2_snapshots",
        "somebody from outside the organization may restore the snapshot",
    ),
    Rule(
        name="ec2-image-public",
        table="ec2_images",
        wrong="public",
        says="everybody may launch the image",
    ),
    open_outside(
        "ec2-image", "ec2_images", "somebody from outside the organization may launch the image"
    ),
    Rule(
        name="ec2-image-block-public-access",
        table="accounts_ec2",
        wrong="image_block IS NULL OR image_block <> 'block-new-sharing'",
        says="images of the account may be made public in this region",
    ),
    managed(
        "RDS_SNAPSHOTS_PUBLIC_PROHIBITED",
        table="rds_snapshots",
        wrong="public",
        says="everybody may restore the snapshot",
    ),
    open_outside(
        "rds-snapshot",
        "rds_snapshots",
        "somebody from outside the organization may restore the snapshot",
    ),
    managed(
        "SSM_DOCUMENT_NOT_PUBLIC",
        table="ssm_documents",
        wrong="public",
        says="the document is shared with everybody",
        triggers=("periodic",),
    ),
    open_outside(
        "ssm-document",
        "ssm_documents",
        "the document is shared with somebody outside the organization",
    ),
    managed(
        "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
        table="lambda_functions",
        wrong="policy_public",
        says="the function's policy lets everybody call it",
    ),
    open_outside(
        "lambda-function",
        "lambda_functions",
        "the function's policy lets in somebody from outside the organization",
    ),
    managed(
        "LAMBDA_INSIDE_VPC",
        table="lambda_functions",
        wrong="NOT in_vpc",
        says="the function is not in a VPC",
    ),
    managed(
        "SQS_QUEUE_NO_PUBLIC_ACCESS",
        table="sqs_queues",
        wrong="policy_public",
        says="the queue's policy lets everybody in",
    ),
    open_outside(
        "sqs-queue",
        "sqs_queues",
        "the queue's policy lets in somebody from outside the organization",
    ),
    managed(
        "SNS_TOPIC_NO_PUBLIC_ACCESS",
        table="sns_topics",
        wrong="policy_public",
        says="the topic's policy lets everybody in",
    ),
    open_outside(
        "sns-topic",
        "sns_topics",
        "the topic's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="secretsmanager-secret-open-outside",
        table="secretsmanager_secrets",
        wrong="policy_public OR outsiders <> ','",
        says="the secret's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="lambda-function-url-signed",
        table="lambda_functions",
        wrong="url_open",
        says="the function's address takes calls without a signature",
    ),
)
