"""aws-cli from end to end: what its users type, what it prints, and how it puts a denial."""

from __future__ import annotations

import json
import os
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.clients.clients_world import REGION, Person, World

pytestmark = pytest.mark.xdist_group("clients")


def _text(person: Person, *words: str, **more: Any) -> str:
    """What `aws` prints as text."""
    return person.start("aws", *words, "--output", "text", **more).stdout.strip()


def test_who_one_is(admin: Person) -> None:
    told = admin.aws("sts", "get-caller-identity")
    assert told["Account"] == admin.account
    assert told["Arn"].endswith(":assumed-role/OrganizationAccountAccessRole/client")


def test_files_go_to_s3_and_back(admin: Person, tmp_path: Path) -> None:
    def s3(*words: str, ok: bool = True) -> str:
        return admin.start("aws", "s3", *words, cwd=tmp_path, ok=ok).stdout

    content = os.urandom(9 << 20)
    (tmp_path / "large").write_bytes(content)
    (tmp_path / "folder/inner").mkdir(parents=True)
    for name in ("one", "inner/two words"):
        (tmp_path / "folder" / name).write_text(name)
    s3("mb", "s3://cli-files")
    s3("cp", "large", "s3://cli-files/large", "--no-progress")
    s3("sync", "folder", "s3://cli-files/folder", "--no-progress")
    assert "upload" not in s3("sync", "folder", "s3://cli-files/folder", "--no-progress")
    listed = s3("ls", "s3://cli-files", "--recursive", "--summarize")
    assert "Total Objects: 3" in listed
    assert "folder/inner/two words" in listed
    s3("mv", "s3://cli-files/folder/one", "s3://cli-files/moved")
    s3("sync", "s3://cli-files", "back", "--no-progress")
    assert (tmp_path / "back/large").read_bytes() == content
    assert (tmp_path / "back/moved").read_text() == "one"
    url = s3("presign", "s3://cli-files/moved", "--expires-in", "60").strip()
    with urllib.request.urlopen(url) as answer:
        assert answer.read() == b"one"
    s3("rb", "s3://cli-files", "--force")
    assert "cli-files" not in s3("ls")


def test_files_go_through_an_access_point_by_arn_and_by_alias(
    admin: Person, tmp_path: Path
) -> None:
    account, bucket = ("--account-id", admin.account), "cli-points"
    admin.start("aws", "s3", "mb", f"s3://{bucket}")
    made = admin.aws(
        *("s3control", "create-access-point", *account, "--name", "cli", "--bucket", bucket)
    )
    (tmp_path / "file").write_text("data")
    for way in (made["AccessPointArn"], made["Alias"]):
        admin.start("aws", "s3", "cp", "file", f"s3://{way}/file", cwd=tmp_path)
        admin.start("aws", "s3", "cp", f"s3://{way}/file", "back", cwd=tmp_path)
        assert (tmp_path / "back").read_text() == "data"
        listed = admin.aws("s3api", "list-objects-v2", "--bucket", way)
        assert [found["Key"] for found in listed["Contents"]] == ["file"]
        admin.aws("s3api", "head-object", "--bucket", way, "--key", "file")
    blocks = admin.aws("s3control", "get-access-point", *account, "--name", "cli")
    assert all(blocks["PublicAccessBlockConfiguration"].values())
    admin.start("aws", "s3control", "delete-access-point", *account, "--name", "cli")
    admin.start("aws", "s3", "rb", f"s3://{bucket}", "--force")


def test_pages_queries_and_formats(admin: Person) -> None:
    words = ("iam", "list-policies", "--scope", "AWS", "--max-items", "3")
    first = admin.aws(*words)
    assert len(first["Policies"]) == 3
    second = admin.aws(*words, "--starting-token", first["NextToken"])
    assert not {p["Arn"] for p in first["Policies"]} & {p["Arn"] for p in second["Policies"]}
    names = ("--query", "Roles[?RoleName=='reader'].[RoleName,Path]")
    assert _text(admin, "iam", "list-roles", *names) == "reader\t/"
    assert "| reader" in admin.start(
        "aws", "iam", "get-role", "--role-name", "reader", "--query", "Role.{Name:RoleName}",
        "--output", "table",
    ).stdout.replace("|  reader", "| reader")  # fmt: skip


def test_keys_parameters_and_secrets(admin: Person, tmp_path: Path) -> None:
    key = _text(admin, "kms", "create-key", "--query", "KeyMetadata.KeyId")
    admin.aws("kms", "create-alias", "--alias-name", "alias/cli", "--target-key-id", key)
    (tmp_path / "plain").write_bytes(b"words")
    admin.start(
        "aws", "kms", "encrypt", "--key-id", "alias/cli", "--plaintext", "fileb://plain",
        "--query", "CiphertextBlob", "--output", "text", cwd=tmp_path,
    )  # fmt: skip
    admin.aws(
        *("ssm", "put-parameter", "--name", "/cli/secret", "--type", "SecureString"),
        *("--value", "hidden", "--key-id", "alias/cli"),
    )
    read = ("ssm", "get-parameter", "--name", "/cli/secret", "--query", "Parameter.Value")
    assert _text(admin, *read, "--with-decryption") == "hidden"
    assert _text(admin, *read) != "hidden"
    admin.aws("secretsmanager", "create-secret", "--name", "cli", "--secret-string", "told")
    value = ("secretsmanager", "get-secret-value", "--secret-id", "cli", "--query", "SecretString")
    assert _text(admin, *value) == "told"


def test_messages_and_events_arrive(admin: Person) -> None:
    queue = _text(admin, "sqs", "create-queue", "--queue-name", "cli", "--query", "QueueUrl")
    attributes = ("--attribute-names", "QueueArn", "--query", "Attributes.QueueArn")
    arn = _text(admin, "sqs", "get-queue-attributes", "--queue-url", queue, *attributes)
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
    senders = {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, "Principal": senders}]}
    admin.aws(
        *("sqs", "set-queue-attributes", "--queue-url", queue),
        *("--attributes", json.dumps({"Policy": json.dumps(policy)})),
    )
    admin.aws("events", "put-rule", "--name", "cli", "--event-pattern", '{"source":["cli"]}')
    admin.aws("events", "put-targets", "--rule", "cli", "--targets", f"Id=1,Arn={arn}")
    admin.aws(
        *("events", "put-events", "--entries"),
        json.dumps([{"Source": "cli", "DetailType": "Told", "Detail": '{"a": 1}'}]),
    )
    receive = ("sqs", "receive-message", "--queue-url", queue, "--wait-time-seconds", "5")
    event = json.loads(_text(admin, *receive, "--query", "Messages[0].Body"))
    assert (event["source"], event["detail"]) == ("cli", {"a": 1})


def test_logs_are_written_and_found(admin: Person) -> None:
    group = ("--log-group-name", "/cli")
    admin.aws("logs", "create-log-group", *group)
    admin.aws("logs", "create-log-stream", *group, "--log-stream-name", "one")
    now = int(admin.start("date", "+%s000").stdout)
    events = [{"timestamp": now, "message": word} for word in ("good", "bad thing")]
    stream = ("--log-stream-name", "one", "--log-events", json.dumps(events))
    admin.aws("logs", "put-log-events", *group, *stream)
    query = ("--query", "events[].message")
    assert (
        _text(admin, "logs", "filter-log-events", *group, "--filter-pattern", "bad", *query)
        == "bad thing"
    )


def test_a_stack_is_deployed_changed_and_deleted(admin: Person, tmp_path: Path) -> None:
    parameter = {"Type": "String", "Value": {"Ref": "Word"}, "Name": "/cli/stack"}
    template = {
        "Parameters": {"Word": {"Type": "String"}},
        "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": parameter}},
        "Outputs": {"Name": {"Value": {"Ref": "P"}}},
    }
    (tmp_path / "template.json").write_text(json.dumps(template))

    def deploy(word: str) -> str:
        # aws-cli names its change sets by the second.
        time.sleep(1 - time.time() % 1)
        return admin.start(
            "aws", "cloudformation", "deploy", "--stack-name", "cli", "--template-file",
            "template.json", "--no-fail-on-empty-changeset", "--parameter-overrides",
            f"Word={word}", cwd=tmp_path,
        ).stdout  # fmt: skip

    assert "Successfully created/updated stack - cli" in deploy("one")
    assert "No changes to deploy" in deploy("one")
    deploy("two")
    value = ("ssm", "get-parameter", "--name", "/cli/stack", "--query", "Parameter.Value")
    assert _text(admin, *value) == "two"
    output = ("--query", "Stacks[0].Outputs[0].OutputValue")
    assert (
        _text(admin, "cloudformation", "describe-stacks", "--stack-name", "cli", *output)
        == "/cli/stack"
    )
    admin.aws("cloudformation", "delete-stack", "--stack-name", "cli")
    admin.aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "cli")
    assert "ParameterNotFound" in admin.refused(*value)


def test_what_the_platform_stands_on_is_read(reader: Person) -> None:
    for words in (
        "cloudtrail lookup-events --max-items 1",
        "codepipeline list-pipelines",
        "configservice describe-config-rules",
        "ec2 describe-vpcs",
        "iam get-account-authorization-details --max-items 2",
        "organizations describe-organization",
        "sagemaker list-endpoints",
    ):
        assert isinstance(reader.aws(*words.split()), dict), words


def test_the_trail_names_who_did_what(admin: Person) -> None:
    admin.aws("sns", "create-topic", "--name", "cli-trail")
    found = admin.aws(
        *("cloudtrail", "lookup-events", "--lookup-attributes"),
        "AttributeKey=EventName,AttributeValue=CreateTopic",
    )["Events"]
    records = [json.loads(event["CloudTrailEvent"]) for event in found]
    mine = next(r for r in records if r["requestParameters"].get("name") == "cli-trail")
    assert mine["userIdentity"]["arn"].endswith("/OrganizationAccountAccessRole/client")
    assert "aws-cli" in mine["userAgent"]


@pytest.mark.parametrize(
    ("words", "code", "operation", "action", "resource"),
    [
        ("s3api create-bucket --bucket cli-denied", "AccessDenied", "CreateBucket",
         "s3:CreateBucket", "arn:aws:s3:::cli-denied"),
        ("iam delete-role --role-name reader", "AccessDenied", "DeleteRole",
         "iam:DeleteRole", "arn:aws:iam::{account}:role/reader"),
        ("ssm delete-parameter --name /a", "AccessDeniedException", "DeleteParameter",
         "ssm:DeleteParameter", "arn:aws:ssm:{region}:{account}:parameter/a"),
        ("ec2 delete-vpc --vpc-id vpc-0123456789abcdef0", "UnauthorizedOperation", "DeleteVpc",
         "ec2:DeleteVpc", "arn:aws:ec2:{region}:{account}:vpc/vpc-0123456789abcdef0"),
        ("sqs create-queue --queue-name no", "AccessDenied", "CreateQueue",
         "sqs:CreateQueue", "arn:aws:sqs:{region}:{account}:no"),
    ],
)  # fmt: skip
def test_a_denial_is_put_as_aws_puts_it(
    reader: Person, words: str, code: str, operation: str, action: str, resource: str
) -> None:
    said = reader.refused(*words.split())
    where = resource.format(account=reader.account, region=REGION)
    assert re.search(
        rf"An error occurred \({code}(Exception)?\) when calling the {operation} operation: "
        rf"User: arn:aws:sts::{reader.account}:assumed-role/reader/client is not authorized to "
        rf"perform: {action} on resource: {re.escape(where)} because no identity-based policy "
        rf"allows the {action} action",
        said,
    ), said


def test_what_the_organization_forbids_is_denied_to_the_administrator_too(
    admin: Person, world: World
) -> None:
    said = admin.refused("iam", "create-user", "--user-name", "no")
    assert "with an explicit deny in a service control policy" in said
    said = admin.refused("sns", "list-topics", "--region", "ap-south-1")
    assert "with an explicit deny in a service control policy" in said
    assert world.management.aws("iam", "list-users")["Users"]


def test_a_member_does_not_see_the_organization(admin: Person, world: World) -> None:
    said = admin.refused("organizations", "list-accounts")
    assert "AccessDeniedException" in said
    assert "You don't have permissions to access this resource." in said
    assert len(world.management.aws("organizations", "list-accounts")["Accounts"]) == 3
