"""Every check by a policy that it finds and a twin that it does not; and policies that are right.

The cases are data, `cases.yaml`. What is right is held against AWS's own managed policies, which
AWS keeps, and against those that Landrail makes.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.aws_managed_policies import aws_managed_policies_data

from landrail.compiler import wanted_of
from landrail.policy import InvalidPolicy, parse_document
from landrail.policy.lint import CHECKS, Finding, Level, errors, guess_kind, lint
from landrail.policy.lint.arns import fits_format, overlap
from landrail.policy.lint.jsontext import BadJson, read
from landrail.policy.lint.page import page
from landrail.resources import Policy, Stack
from landrail.spec.load import load

ROOT = Path(__file__).parents[3]
CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8")
)
USUAL: dict[str, dict[str, Any]] = {
    "identity": {},
    "session": {},
    "resource": {"Principal": {"AWS": "111122223333"}},
    "endpoint": {"Principal": "*"},
    "trust": {
        "Principal": {"AWS": "111122223333"},
        "Action": "sts:AssumeRole",
        "Resource": None,
    },
    "scp": {"Effect": "Deny"},
    "rcp": {"Effect": "Deny", "Principal": "*"},
}
# Found only where the engine refuses something that no other check does; there is none.
WITHOUT_CASE = {"not-understood"}


def statement(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    whole = {**usual, **USUAL[kind], **given}
    return {key: value for key, value in whole.items() if value is not None}


def text(case: dict[str, Any], which: str) -> str:
    given = case[which]
    if isinstance(given, str):
        return given
    kind = case.get("kind", "identity")
    statements = [statement(kind, one) for one in (given if isinstance(given, list) else [given])]
    version = case.get("version", "2012-10-17")
    whole = {"Version": version} if version else {}
    written = json.dumps({**whole, "Statement": statements}, indent=1, ensure_ascii=False)
    return written.replace("LARGE", "x" * 7_000)


def ids(found: tuple[Finding, ...]) -> set[str]:
    return {finding.lint.id for finding in found}


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds_its_policy_and_not_the_twin(name: str) -> None:
    case = CASES[name]
    kind = case.get("kind", "identity")
    wrong, right = text(case, "wrong"), text(case, "right")
    found = lint(wrong, kind)
    assert name in ids(found)
    twin = lint(right, kind)
    assert name not in ids(twin)
    assert [f for f in twin if f.lint.level is Level.ERROR] == []
    if "at" in case:
        lines = wrong.splitlines()
        at = next(f.position for f in found if f.lint.id == name)
        assert lines[at.line - 1][at.column - 1 :].startswith(case["at"])


def test_every_check_has_a_case_and_an_id_of_its_own() -> None:
    names = [check.id for check in CHECKS]
    assert len(names) == len(set(names))
    assert set(names) - WITHOUT_CASE == set(CASES)
    assert all(check.about for check in CHECKS)


def test_the_page_is_made_of_the_table() -> None:
    kept = (ROOT / "docs" / "policy-lint.md").read_text(encoding="utf-8")
    assert kept == page(), "run `python -m landrail.policy.lint > docs/policy-lint.md`"


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("which", ["wrong", "right"])
def test_what_is_an_error_is_what_the_engine_refuses_or_aws_limits(name: str, which: str) -> None:
    """Whatever passes as free of errors is a policy that the engine decides by."""
    case = CASES[name]
    kind = case.get("kind", "identity")
    found = errors(text(case, which), kind)
    if not found:
        parse_document(text(case, which), kind=kind)
    assert "not-understood" not in ids(found)


def test_all_mistakes_are_found_at_once() -> None:
    wrong = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "allow", "Action": "GetObject", "Resource": "b"},
                {"Effect": "Deny", "Action": "s3:GetObjct", "Resource": "*", "Principals": "*"},
            ],
        }
    )
    assert ids(lint(wrong, "identity")) >= {
        "bad-effect",
        "bad-action",
        "bad-resource",
        "unknown-action",
        "unknown-element",
    }


def test_aws_managed_policies_have_no_errors() -> None:
    """AWS keeps them all, so none may be called an error; their own size has no limit."""
    managed = json.loads(aws_managed_policies_data)
    assert len(managed) > 1000
    wrong = {
        name: [(f.lint.id, f.summary) for f in found]
        for name, policy in managed.items()
        if (found := errors(json.dumps(policy["Document"]), "identity", size_limit=1_000_000))
    }
    assert wrong == {}


def test_aws_managed_policies_have_few_findings() -> None:
    """Most of AWS's own policies are right; where a check finds much in them, it is the check."""
    managed = json.loads(aws_managed_policies_data)
    some = [managed[name] for name in sorted(managed)[::25]]
    bad = {Level.ERROR, Level.SECURITY}
    counted = [
        {f.lint.id for f in lint(json.dumps(p["Document"]), "identity", size_limit=1_000_000)}
        for p in some
    ]
    levels = {check.id: check.level for check in CHECKS}
    assert sum(1 for found in counted if any(levels[i] in bad for i in found)) < len(some) / 8
    for check in CHECKS:
        with_it = sum(1 for found in counted if check.id in found)
        assert with_it < len(some) / 5, check.id


def _as_sent(document: Any) -> str:
    return json.dumps(_filled(document), separators=(",", ":"))


def _made() -> list[tuple[str, str, str]]:
    """What Landrail makes of the example: each policy by name and kind."""
    file = ROOT / "examples" / "airline" / "landrail.yaml"
    wanted = wanted_of(load(file.read_bytes(), str(file)))
    types = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
    made = [
        (policy.name, types[policy.type], _as_sent(policy.document))
        for policy in wanted.of_kind(Policy)
        if policy.type in types
    ]
    for stack in wanted.of_kind(Stack):
        for name, resource in stack.template["Resources"].items():
            for kind, document in _documents(resource):
                made.append((f"{stack.address}/{name}", kind, _as_sent(document)))
    return made


def _documents(resource: dict[str, Any]) -> list[tuple[str, Any]]:
    properties = resource.get("Properties", {})
    found = [("identity", inline["PolicyDocument"]) for inline in properties.get("Policies", ())]
    if "AssumeRolePolicyDocument" in properties:
        found.append(("trust", properties["AssumeRolePolicyDocument"]))
    kinds = {
        "AWS::IAM::ManagedPolicy": ("identity", "PolicyDocument"),
        "AWS::IAM::RolePolicy": ("identity", "PolicyDocument"),
        "AWS::S3::BucketPolicy": ("resource", "PolicyDocument"),
        "AWS::KMS::Key": ("resource", "KeyPolicy"),
        "AWS::SNS::TopicPolicy": ("resource", "PolicyDocument"),
        "AWS::SQS::QueuePolicy": ("resource", "PolicyDocument"),
        "AWS::EC2::VPCEndpoint": ("endpoint", "PolicyDocument"),
        "AWS::ECR::Repository": ("resource", "RepositoryPolicyText"),
        "AWS::CodeArtifact::Domain": ("resource", "PermissionsPolicyDocument"),
        "AWS::CodeArtifact::Repository": ("resource", "PermissionsPolicyDocument"),
        "AWS::SageMaker::ModelPackageGroup": ("resource", "ModelPackageGroupPolicy"),
    }
    if resource["Type"] in kinds and kinds[resource["Type"]][1] in properties:
        kind, name = kinds[resource["Type"]]
        found.append((kind, properties[name]))
    return found


def _filled(value: Any) -> Any:
    """Put something in the place of what CloudFormation fills in."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
            return _intrinsic(*next(iter(value.items())))
        return {_token(key): _filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    return _token(value) if isinstance(value, str) else value


def _intrinsic(name: str, value: Any) -> str:
    if name == "Fn::Sub":
        template = value if isinstance(value, str) else value[0]
        for known, filled in (("AWS::Partition", "aws"), ("AWS::Region", "eu-west-1")):
            template = template.replace(f"${{{known}}}", filled)
        return _token(template.replace("${AWS::AccountId}", "111122223333"))
    if name == "Fn::GetAtt":
        return "arn:aws:s3:::made"
    return {"AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1"}.get(value, "made")


def _token(text: str) -> str:
    text = re.sub(r"@\{account:[^}]*\}", "111122223333", text)
    text = re.sub(r"@\{organization[^}]*\}", "o-abcdefghij", text)
    text = re.sub(r"@\{output:[^}]*Vpc[^}]*\}", "vpc-0123", text)
    return re.sub(r"@\{output:[^}]*\}", "arn:aws:s3:::made", text)


def test_what_landrail_makes_is_right() -> None:
    made = _made()
    assert len(made) > 50
    worst = {Level.ERROR, Level.SECURITY}
    found = {
        (name, f.lint.id, f.summary)
        for name, kind, document in made
        for f in lint(document, kind)  # type: ignore[arg-type]  # a kind, as text
        if f.lint.level in worst
    }
    assert found == set()


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (statement("identity", {}), "identity"),
        (statement("resource", {}), "resource"),
        (statement("trust", {}), "trust"),
        ({}, "identity"),
    ],
)
def test_kinds_are_guessed_by_what_the_text_shows(given: dict[str, Any], kind: str) -> None:
    assert guess_kind(json.dumps({"Statement": [given]})) == kind


def test_what_is_no_policy_has_no_kind() -> None:
    assert [guess_kind(t) for t in ("{", "[]", "{}", "7")] == ["any"] * 4


@pytest.mark.parametrize(
    ("pattern", "published", "fits"),
    [
        ("arn:aws:s3:::b", "arn:${Partition}:s3:::${BucketName}", True),
        ("arn:aws:s3:::b/*", "arn:${Partition}:s3:::${BucketName}", False),
        ("arn:aws:s3:::b*", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", True),
        ("arn:aws:s3:::b", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", False),
        ("arn:aws:s3", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", True),
        ("arn:aws:s3:*:*:b/?", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", True),
        ("arn:aws:s3:us-east-1::b", "arn:${Partition}:s3:::${BucketName}", False),
        ("arn:aws:iam::*:role/x", "arn:${Partition}:iam::${Account}:role/${RoleName}", True),
        ("arn:aws:iam::*:user/x", "arn:${Partition}:iam::${Account}:role/${RoleName}", False),
        ("arn:aws:s3:::${aws:username}", "arn:${Partition}:s3:::${BucketName}", True),
    ],
)
def test_arns_against_formats(pattern: str, published: str, fits: bool) -> None:
    assert fits_format(pattern, published) is fits


@settings(max_examples=200, deadline=None)
@given(st.text("ab*?", max_size=6), st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_patterns_that_both_match_a_text_overlap(one: str, other: str, word: str) -> None:
    if fnmatchcase(word, one) and fnmatchcase(word, other):
        assert overlap(one, other)
    if overlap(word, one):
        assert fnmatchcase(word, one)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(_VALUES, st.sampled_from([None, 1]))
def test_json_is_read_as_others_read_it(value: Any, indent: int | None) -> None:
    assert _plain(read(json.dumps(value, indent=indent))) == value


def _plain(node: Any) -> Any:
    if node.kind == "object":
        return {key.value: _plain(inner) for key, inner in node.members}
    return [_plain(item) for item in node.items] if node.kind == "array" else node.value


@settings(max_examples=150, deadline=None)
@given(st.text('{}[]":,\\ \n019-.eEtrufalsn', max_size=25))
def test_what_is_read_is_json_and_nothing_else(written: str) -> None:
    assert _reads(read, written) is _reads(json.loads, written)


def _reads(reader: Any, written: str) -> bool:
    try:
        reader(written)
    except (BadJson, ValueError):
        return False
    return True


@settings(max_examples=150, deadline=None)
@given(_VALUES, st.sampled_from(["identity", "resource", "trust", "scp", "rcp", "any"]))
def test_whatever_it_is_given_it_answers(value: Any, kind: Any) -> None:
    written = json.dumps({"Version": "2012-10-17", "Statement": value})
    found = lint(written, kind)
    try:
        parse_document(written, kind=kind)
    except InvalidPolicy:
        assert any(f.lint.level is Level.ERROR for f in found)


def test_a_key_under_its_older_name_is_there() -> None:
    both = {"sagemaker:VolumeKmsKey": "true", "sagemaker:VolumeKmsKeyArn": "true"}
    statement = {
        "Sid": "Volumes",
        "Effect": "Deny",
        "Action": "sagemaker:CreateTrainingJob",
        "Resource": "*",
        "Condition": {"Null": both},
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    assert "key-never-there" not in {finding.lint.id for finding in lint(text, "scp")}
    text = text.replace("CreateTrainingJob", "CreateModel")
    assert "key-never-there" in {finding.lint.id for finding in lint(text, "scp")}
