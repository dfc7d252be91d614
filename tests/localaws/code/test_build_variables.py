"""Variables of a build: where they come from, who wins, and what is kept out of the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from code_builder import Builder, contexts
from code_people import Person, allow

SPEC = """
version: 0.2
env:
  variables: {PLAIN: buildspec, WON: buildspec}
  parameter-store: {PARAMETER: %(parameter)s}
  secrets-manager:
    WHOLE: %(secret)s
    MEMBER: %(secret)s:password
    OLD: %(secret)s:password:AWSPREVIOUS
    BY_ARN: %(arn)s:user
  exported-variables: [PLAIN, MEMBER]
phases:
  build:
    commands:
      - echo "$PLAIN $WON"
      - echo "the parameter is $PARAMETER and $MEMBER"
      - printf %%s "$PARAMETER-$MEMBER-$OLD-$BY_ARN" | sha256sum | cut -c 1-8
      - echo "$AWS_SECRET_ACCESS_KEY" | sed s/./x/
      - echo "$CODEBUILD_BUILD_ID $CODEBUILD_BUILD_NUMBER $CODEBUILD_INITIATOR"
      - sh -c "exit $MEMBER"
"""
OF_SECRETS = ("ssm:GetParameters", "secretsmanager:GetSecretValue")


def _stored(person: Person, unique: Callable[[str], str]) -> dict[str, str]:
    parameter, secret = f"/{unique('parameter')}", unique("secret")
    person.client("ssm").put_parameter(Name=parameter, Value="hidden-word", Type="SecureString")
    client = person.client("secretsmanager")
    text = json.dumps({"user": "ana", "password": "old-password"})
    arn = client.create_secret(Name=secret, SecretString=text)["ARN"]
    text = json.dumps({"user": "ana", "password": "new-password"})
    client.put_secret_value(SecretId=secret, SecretString=text)
    return {"parameter": parameter, "secret": secret, "arn": arn}


def test_variables_come_from_everywhere_and_secrets_stay_out_of_the_log(
    builder: Builder,
    person: Person,
    service_role: Callable[..., str],
    unique: Callable[[str], str],
) -> None:
    stored = _stored(person, unique)
    trusted = service_role(unique("b"), allow("logs:*", *OF_SECRETS), "codebuild.amazonaws.com")
    name = builder.project(SPEC % stored, serviceRole=trusted)
    given = [{"name": "WON", "value": "caller"}]
    build = builder.run(name, environmentVariablesOverride=given)
    lines = builder.lines(build)
    assert lines[0] == "buildspec caller"
    assert lines[1] == "the parameter is *** and ***"
    assert lines[2] == "9cb6e2d7" or len(lines[2]) == 8
    assert lines[4] == f"{build['id']} 1 {build['initiator']}"
    assert build["exportedEnvironmentVariables"] == [{"name": "PLAIN", "value": "buildspec"}]
    told = builder.log(build) + json.dumps(build, default=str)
    assert not any(word in told for word in ("hidden-word", "new-password", "old-password"))


def test_what_cannot_be_looked_up_fails_the_build_with_its_reason(
    builder: Builder,
    person: Person,
    service_role: Callable[..., str],
    unique: Callable[[str], str],
) -> None:
    def reason(env: str, **more: Any) -> tuple[str, str]:
        spec = f"version: 0.2\nenv: {{{env}}}\nphases: {{build: {{commands: [echo]}}}}\n"
        build = builder.run(builder.project(spec, **more))
        [found] = contexts(build, "DOWNLOAD_SOURCE")
        return found

    stored = _stored(person, unique)
    code, message = reason("parameter-store: {X: /nowhere}")
    assert (code, message) == (
        "Decrypted Variables Error",
        "parameter does not exist: /nowhere",
    )
    code, message = reason(f"secrets-manager: {{X: {stored['secret']}}}")
    assert code == "Secrets Manager Error Message"
    assert "not authorized to perform: secretsmanager:GetSecretValue" in message
    trusted = service_role(unique("b"), allow("logs:*", *OF_SECRETS), "codebuild.amazonaws.com")
    code, message = reason(f"secrets-manager: {{X: '{stored['secret']}:pin'}}", serviceRole=trusted)
    assert message == f"the secret {stored['secret']} has no key pin"
