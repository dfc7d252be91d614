"""Rules of what is shared: snapshots, images, documents, queues, topics, functions, secrets. Source
of what each asks: AWS Config, "List of AWS Config managed rules"; those without an identifier are
this project's own."""

from __future__ import annotations

from landrail.rules.rule import Rule

RULES = (
    Rule(
        name="ebs-snapshot-public-restorable-check",
        identifier="EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK",
        table="ec2_snapshots",
        wrong="public",
        says="everybody may restore the snapshot",
        triggers=("periodic",),
    ),
    Rule(
        name="ebs-snapshot-block-public-access",
        identifier="EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS",
        table="accounts_ec2",
        wrong="snapshot_block IS NULL OR snapshot_block <> 'block-all-sharing'",
        says="snapshots of the account may be made public in this region",
    ),
    Rule(
        name="ebs-snapshot-open-outside",
        table="ec2_snapshots",
        wrong="outsiders <> ','",
        says="somebody from outside the organization may restore the snapshot",
    ),
    Rule(
        name="ec2-image-public",
        table="ec2_images",
        wrong="public",
        says="everybody may launch the image",
    ),
    Rule(
        name="ec2-image-open-outside",
        table="ec2_images",
        wrong="outsiders <> ','",
        says="somebody from outside the organization may launch the image",
    ),
    Rule(
        name="ec2-image-block-public-access",
        table="accounts_ec2",
        wrong="image_block IS NULL OR image_block <> 'block-new-sharing'",
        says="images of the account may be made public in this region",
    ),
    Rule(
        name="rds-snapshots-public-prohibited",
        identifier="RDS_SNAPSHOTS_PUBLIC_PROHIBITED",
        table="rds_snapshots",
        wrong="public",
        says="everybody may restore the snapshot",
    ),
    Rule(
        name="rds-snapshot-open-outside",
        table="rds_snapshots",
        wrong="outsiders <> ','",
        says="somebody from outside the organization may restore the snapshot",
    ),
    Rule(
        name="ssm-document-not-public",
        identifier="SSM_DOCUMENT_NOT_PUBLIC",
        table="ssm_documents",
        wrong="public",
        says="the document is shared with everybody",
        triggers=("periodic",),
    ),
    Rule(
        name="ssm-document-open-outside",
        table="ssm_documents",
        wrong="outsiders <> ','",
        says="the document is shared with somebody outside the organization",
    ),
    Rule(
        name="lambda-function-public-access-prohibited",
        identifier="LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
        table="lambda_functions",
        wrong="policy_public",
        says="the function's policy lets everybody call it",
    ),
    Rule(
        name="lambda-function-open-outside",
        table="lambda_functions",
        wrong="outsiders <> ','",
        says="the function's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="lambda-inside-vpc",
        identifier="LAMBDA_INSIDE_VPC",
        table="lambda_functions",
        wrong="NOT in_vpc",
        says="the function is not in a VPC",
    ),
    Rule(
        name="sqs-queue-no-public-access",
        identifier="SQS_QUEUE_NO_PUBLIC_ACCESS",
        table="sqs_queues",
        wrong="policy_public",
        says="the queue's policy lets everybody in",
    ),
    Rule(
        name="sqs-queue-open-outside",
        table="sqs_queues",
        wrong="outsiders <> ','",
        says="the queue's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="sns-topic-no-public-access",
        identifier="SNS_TOPIC_NO_PUBLIC_ACCESS",
        table="sns_topics",
        wrong="policy_public",
        says="the topic's policy lets everybody in",
    ),
    Rule(
        name="sns-topic-open-outside",
        table="sns_topics",
        wrong="outsiders <> ','",
        says="the topic's policy lets in somebody from outside the organization",
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
