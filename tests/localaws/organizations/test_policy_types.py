"""Types of organization policies: enabled, attached within their quotas, with content of their
type; each refusal with the twin that succeeds."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from refusals import refusal

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}],
}
DENY_ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{**DENY["Statement"][0], "Principal": "*"}],
}


def reason(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    response = caught.value.response
    return response["Error"]["Code"], response.get("Reason")


def test_a_policy_is_attached_where_its_type_is_enabled_and_once(management):
    kind, unit = "BACKUP_POLICY", management.unit()
    made = management.policy(kind, {"plans": {"nightly": {"regions": {"@@assign": ["eu-west-1"]}}}})
    attach = {"PolicyId": made, "TargetId": unit}
    client = management.client
    assert refusal(client.attach_policy, **attach) == "PolicyTypeNotEnabledException"
    told = client.enable_policy_type(RootId=management.root, PolicyType=kind)
    assert {"Type": kind, "Status": "ENABLED"} in told["Root"]["PolicyTypes"]
    again = refusal(client.enable_policy_type, RootId=management.root, PolicyType=kind)
    assert again == "PolicyTypeAlreadyEnabledException"
    client.attach_policy(**attach)
    assert refusal(client.attach_policy, **attach) == "DuplicatePolicyAttachmentException"
    listed = client.list_policies_for_target(TargetId=unit, Filter=kind)["Policies"]
    assert [policy["Id"] for policy in listed] == [made]
    assert ":policy/o-" in listed[0]["Arn"]
    assert listed[0]["Arn"].endswith(f"/backup_policy/{made}")
    client.disable_policy_type(RootId=management.root, PolicyType=kind)
    assert client.list_targets_for_policy(PolicyId=made)["Targets"] == []
    assert refusal(client.detach_policy, **attach) == "PolicyNotAttachedException"
    client.delete_policy(PolicyId=made)


@pytest.mark.parametrize(("kind", "content", "most"), [(SCP, DENY, 10), (RCP, DENY_ANYBODY, 5)])
def test_so_many_policies_fit_a_target(management, kind, content, most):
    management.enable(kind)
    unit, client = management.unit(), management.client
    held = client.list_policies_for_target(TargetId=unit, Filter=kind)["Policies"]
    for _ in range(most - len(held)):
        management.attach(kind, content, unit)
    one = management.policy(kind, content)
    found = reason(client.attach_policy, PolicyId=one, TargetId=unit)
    assert found == ("ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    client.attach_policy(PolicyId=one, TargetId=management.unit())


def test_an_organization_may_have_other_quotas(management, local_aws):
    kind = "CHATBOT_POLICY"
    management.enable(kind)
    unit, file = management.unit(), local_aws.state / "quotas.json"
    content = {"chatbot": {"platforms": {"slack": {"client": {"@@assign": "enabled"}}}}}
    first, second = (management.policy(kind, content) for _ in range(2))
    attach = management.client.attach_policy
    file.write_text(json.dumps({kind: 1}))
    try:
        attach(PolicyId=first, TargetId=unit)
        code, _ = reason(attach, PolicyId=second, TargetId=unit)
        assert code == "ConstraintViolationException"
        file.write_text(json.dumps({kind: "many"}))
        assert refusal(attach, PolicyId=second, TargetId=unit) == "ServiceException"
    finally:
        file.unlink()
    attach(PolicyId=second, TargetId=unit)


def test_the_last_service_control_policy_stays(management):
    management.enable(SCP)
    unit, client = management.unit(), management.client
    full = {"PolicyId": "p-FullAWSAccess", "TargetId": unit}
    found = reason(client.detach_policy, **full)
    assert found == ("ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
    management.attach(SCP, DENY, unit)
    client.detach_policy(**full)


def test_documents_have_a_size(management):
    for kind, most in ((SCP, 10_240), (RCP, 5_120), ("AISERVICES_OPT_OUT_POLICY", 2_500)):
        if kind == "AISERVICES_OPT_OUT_POLICY":
            text = json.dumps({"services": {"default": {"opt_out_policy": {"@@assign": "optOut"}}}})
        else:
            text = json.dumps(DENY if kind == SCP else DENY_ANYBODY)
        management.policy(kind, text.ljust(most))
        asked = {"Name": "too-large", "Description": "", "Type": kind}
        found = reason(management.client.create_policy, **asked, Content=text.ljust(most + 1))
        assert found == ("ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED"), kind


S3 = "s3_attributes"
BLOCK = "public_access_block_configuration"
EC2 = "ec2_attributes"


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("S3_POLICY", {S3: {BLOCK: {"@@assign": "all"}}}, {S3: {BLOCK: {"@@assign": "some"}}}),
        ("S3_POLICY", {S3: {BLOCK: {"@@assign": "none"}}}, {S3: {BLOCK: "all"}}),
        ("S3_POLICY", {S3: {BLOCK: {"@@assign": "all"}}}, {S3: {"block": {"@@assign": "all"}}}),
        ("S3_POLICY", {S3: {BLOCK: {"@@assign": "all"}}}, {"s3": {BLOCK: {"@@assign": "all"}}}),
        (
            "DECLARATIVE_POLICY_EC2",
            {EC2: {"serial_console_access": {"status": {"@@assign": "disabled"}}}},
            {EC2: {"serial_console_access": {"status": {"@@assign": "off"}}}},
        ),
        (
            "DECLARATIVE_POLICY_EC2",
            {EC2: {"image_block_public_access": {"state": {"@@assign": "block_new_sharing"}}}},
            {EC2: {"image_block_public_access": {"state": {"@@assign": "block_all_sharing"}}}},
        ),
        (
            "AISERVICES_OPT_OUT_POLICY",
            {"services": {"lex": {"opt_out_policy": {"@@assign": "optOut"}}}},
            {"services": {"lex": {"opt_out_policy": {"@@assign": "out"}}}},
        ),
        (
            "TAG_POLICY",
            {"tags": {"team": {"tag_key": {"@@assign": "Team"}}}},
            {"tags": {"team": {"tag_key": {"@@set": "Team"}}}},
        ),
        ("TAG_POLICY", {"tags": {"team": {"tag_value": {"@@append": ["a"]}}}}, DENY),
        ("CHATBOT_POLICY", {"chatbot": {"platforms": {"slack": {}}}}, "not JSON"),
        (SCP, DENY, {"tags": {}}),
    ],
)
def test_a_document_is_one_of_its_type(management, kind, right, wrong):
    text = wrong if isinstance(wrong, str) else json.dumps(wrong)
    asked = {"Name": "wrong", "Description": "", "Type": kind, "Content": text}
    made = management.policy(kind, right)
    code = "MalformedPolicyDocumentException"
    assert refusal(management.client.create_policy, **asked) == code
    assert refusal(management.client.update_policy, PolicyId=made, Content=text) == code
