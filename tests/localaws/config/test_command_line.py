"""The questions of `aws configservice` that people ask, by the AWS command line."""

import json
import os
import subprocess
import sys

import pytest
from config_accounts import eventually, found, managed

RULE = "s3-bucket-versioning-enabled"


@pytest.fixture(scope="module")
def aws(recorded, local_aws):
    number, client = recorded("asked-by-command")
    bucket = f"plain-{number}"
    place = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
    client("config").put_config_rule(ConfigRule=managed("S3_BUCKET_VERSIONING_ENABLED"))
    eventually(lambda: found(client("config"), RULE), {bucket: "NON_COMPLIANT"})
    credentials = local_aws.administrator(number).get_credentials()
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": credentials.token,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_CONFIG_FILE": os.devnull,
    }

    def run(*arguments):
        command = [sys.executable, "-m", "awscli", "configservice", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        return json.loads(done.stdout)

    return run, bucket


def test_compliance_is_told_by_rule_and_resource(aws):
    run, bucket = aws
    (told,) = run("describe-compliance-by-config-rule", "--config-rule-names", RULE)[
        "ComplianceByConfigRules"
    ]
    assert told["Compliance"]["ComplianceType"] == "NON_COMPLIANT"
    (result,) = run(
        *("get-compliance-details-by-config-rule", "--config-rule-name", RULE),
        *("--compliance-types", "NON_COMPLIANT"),
    )["EvaluationResults"]
    qualifier = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
    assert (qualifier["ResourceType"], qualifier["ResourceId"]) == ("AWS::S3::Bucket", bucket)


def test_a_query_is_answered(aws):
    run, bucket = aws
    expression = "SELECT resourceId, accountId WHERE resourceType = 'AWS::S3::Bucket'"
    answer = run("select-resource-config", "--expression", expression)
    assert json.loads(answer["Results"][0])["resourceId"] == bucket
