"""The guardrails of S3 before anything is deployed: templates that break one are told by the
command that teams check theirs with, each by its guardrail; templates that are right are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from guarded_world import RIGHT_BUCKET, TEXT

from landrail.cli import main
from landrail.guardrails import guardrails

_TRIED = Path(__file__).parents[1] / "guardrails" / "templates.yaml"
CASES = [
    pytest.param(guardrail, kind, wrong, id=f"{guardrail}-{kind}-{number}")
    for guardrail, kinds in yaml.safe_load(_TRIED.read_text(encoding="utf-8")).items()
    if guardrails()[guardrail].recommended
    for kind, said in kinds.items()
    if kind.startswith("AWS::S3::")
    for number, wrong in enumerate(said["wrong"], 1)
]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("templates") / "landrail.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def said(
    file: Path, resources: Any, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, str]:
    """The exit code, and what is told of a template with these resources."""
    template = file.parent / "template.yaml"
    template.write_text(yaml.safe_dump({"Resources": resources}), encoding="utf-8")
    command = ["guardrails", "check", "-f", str(file), "--json", *more, str(template)]
    code = main(command)
    told = json.loads(capsys.readouterr().out)
    return code, "\n".join(one["summary"] for one in told["diagnostics"])


@pytest.mark.parametrize(("guardrail", "kind", "wrong"), CASES)
def test_a_template_that_breaks_a_guardrail_is_told(
    guardrail: str,
    kind: str,
    wrong: dict[str, Any],
    file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = {"Type": kind, "Properties": wrong}
    code, told = said(file, {"Made": made}, capsys, "--account", "retail-uat")
    assert code == 1
    assert f"guardrail `{guardrail}`: Made in " in told


def test_a_template_that_is_right_is_not(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": RIGHT_BUCKET},
        "Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Bucket"},
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}},
                            "Action": "s3:GetObject",
                            "Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
                        }
                    ]
                },
            },
        },
        "Point": {
            "Type": "AWS::S3::AccessPoint",
            "Properties": {"Bucket": {"Ref": "Bucket"}, "VpcConfiguration": {"VpcId": "vpc-1"}},
        },
    }
    assert said(file, resources, capsys) == (0, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "neither JSON nor YAML"),
        ("a: [", "neither JSON nor YAML"),
        ("Parameters: {}", "no `Resources`"),
        ("Resources: {B: {Properties: {}}}", "resources that are none: B"),
    ],
)
def test_what_is_no_template_is_wrong_input(
    text: str, words: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = file.parent / "none.yaml"
    template.write_text(text, encoding="utf-8")
    assert main(["guardrails", "check", "-f", str(file), str(template)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_short_forms_stand_for_what_is_known_in_aws(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = file.parent / "short.yaml"
    template.write_text(
        "Resources:\n"
        "  Bucket:\n"
        "    Type: AWS::S3::Bucket\n"
        "    Properties:\n"
        "      BucketName: !Sub '${AWS::StackName}-x'\n"
        "      VersioningConfiguration: !If [Keeps, {Status: Enabled}, !Ref AWS::NoValue]\n"
        "      BucketEncryption: {ServerSideEncryptionConfiguration: "
        "[{ServerSideEncryptionByDefault: {SSEAlgorithm: !Ref Algorithm}}]}\n",
        encoding="utf-8",
    )
    assert main(["guardrails", "check", "-f", str(file), str(template)]) == 0
    assert "no guardrail" in capsys.readouterr().out
    assert main(["guardrails", "check", "-f", str(file), "--account", "retail-uta", "x"]) == 2
    told = capsys.readouterr().err
    assert "did you mean `retail-uat`" in told
    assert "x cannot be read" in told
