"""The kinds of text that only models have: branches, paths, connections, schedules, spans of time,
parameters. Each says in the user's words what is wrong; nothing here knows the sections."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from landrail.schedules import ScheduleError, parse
from landrail.spec.texts import PLAIN, mistake

SHORTEST, LONGEST = 5, 86_400
"""Minutes that CodePipeline lets an approval wait."""
_CONNECTION = (
    r"arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection/[A-Za-z0-9-]+"
)
_IDENTITY = r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)+"
_BRANCH = r"[A-Za-z0-9_][A-Za-z0-9._/+@-]*"
_PARAMETER = r"[A-Za-z][A-Za-z0-9_]*"
_LONGEST_PARAMETER, _LONGEST_VALUE = 64, 1000
_UNITS = {"m": 1, "h": 60, "d": 1440}
OURS = ("Author", "Build", "Candidate", "Version", "Data", "Resume")
"""Variables that pipelines have by themselves."""


def minutes(span: str) -> int:
    """Return how many minutes a span of time (`30m`, `12h`, `7d`) has."""
    return int(span[:-1]) * _UNITS[span[-1]]


def _connection(value: str) -> str:
    if not re.fullmatch(_CONNECTION, value):
        raise mistake(
            f"`{value}` is not a connection's ARN",
            "like arn:aws:codeconnections:eu-west-1:111122223333:connection/0f1e2d3c-...",
        )
    return str(value)


def _identity(value: str) -> str:
    if not re.fullmatch(_IDENTITY, value) or len(value) > 250:
        raise mistake(
            f"`{value}` is not a repository's id at its host",
            "write owner and name, like `acme/churn`",
        )
    return str(value)


def _branch(value: str) -> str:
    wrong = (
        not re.fullmatch(_BRANCH, value)
        or any(part in value for part in ("..", "//", "@{", "/."))
        or value.endswith(("/", ".", ".lock"))
    )
    if wrong:
        raise mistake(f"`{value}` is not a branch", "write its name, like `main`")
    if len(value) > 250:
        raise mistake(f"`{value}` is too long: {len(value)} of 250 characters")
    return str(value)


def _path(value: str) -> str:
    if value.startswith(("/", "./", "../")) or "\\" in value or not value.strip():
        raise mistake(
            f"`{value}` is not a path in a repository",
            "write it from the repository's root, like `src/**`",
        )
    if len(value) > 255:
        raise mistake(f"`{value}` is too long: {len(value)} of 255 characters")
    for opening, closing in ("{}", "[]"):
        if value.count(opening) != value.count(closing):
            raise mistake(f"`{value}`: `{opening}` and `{closing}` do not match")
    return str(value)


def _schedule(value: str) -> str:
    try:
        parse(value)
    except ScheduleError as error:
        raise mistake(
            f"schedule `{value}`: {error}",
            "like `rate(7 days)`, or `cron(0 3 ? * MON *)`: minute, hour, day of month, month, "
            "day of week, year (UTC)",
        ) from error
    if len(value) > 256:
        raise mistake(f"a schedule has at most 256 characters, this one {len(value)}")
    return str(value)


def _span(value: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,5}[mhd]", value):
        raise mistake(f"`{value}` is not a span of time", "write minutes, hours or days, like `7d`")
    if not SHORTEST <= minutes(value) <= LONGEST:
        raise mistake(
            f"`{value}` is not between 5 minutes and 60 days", "that is what CodePipeline waits"
        )
    return str(value)


def _parameter(value: str) -> str:
    if not re.fullmatch(_PARAMETER, value):
        raise mistake(
            f"`{value}` is not a parameter's name: letters, digits and _, a letter first",
            "it becomes a variable of the pipeline, of the environment and a hyperparameter",
        )
    if value.lower() in {name.lower() for name in OURS}:
        raise mistake(
            f"`{value}` is a variable that pipelines have by themselves", "choose another name"
        )
    if len(value) > _LONGEST_PARAMETER:
        raise mistake(f"`{value}` is too long: {len(value)} of {_LONGEST_PARAMETER} characters")
    return str(value)


def unfit(value: str) -> str | None:
    """Say why a value cannot be one of a pipeline's variables, as they are handed on: in JSON, by
    CodePipeline, which escapes nothing; None where it can."""
    if not value:
        return "a value is missing: CodePipeline takes no empty one"
    if len(value) > _LONGEST_VALUE:
        return f"a value has at most {_LONGEST_VALUE} characters, this one {len(value)}"
    if any(one in value for one in ('"', "\\", "#{")) or not value.isprintable():
        return f"`{value}`: a parameter holds no quotes, backslashes, `#{{` or line ends"
    return None


def _value(value: str) -> str:
    wrong = unfit(value)
    if wrong:
        raise mistake(
            wrong, "write a default; what is longer or richer belongs into the repository"
        )
    return str(value)


def _text(pattern: str, longest: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "maxLength": longest})


ConnectionArn = Annotated[str, PLAIN, AfterValidator(_connection), _text(_CONNECTION, 256)]
RepositoryId = Annotated[str, PLAIN, AfterValidator(_identity), _text(_IDENTITY, 250)]
Branch = Annotated[str, PLAIN, AfterValidator(_branch), _text(_BRANCH, 250)]
PathGlob = Annotated[str, PLAIN, AfterValidator(_path), _text(".+", 255)]
Schedule = Annotated[str, PLAIN, AfterValidator(_schedule), _text(r"(rate|cron)\(.+\)", 256)]
Span = Annotated[str, PLAIN, AfterValidator(_span), _text("[1-9][0-9]{0,5}[mhd]", 7)]
ParameterName = Annotated[str, AfterValidator(_parameter), _text(_PARAMETER, _LONGEST_PARAMETER)]
ParameterValue = Annotated[
    str,
    PLAIN,
    AfterValidator(_value),
    WithJsonSchema(
        {"type": ["string", "number", "integer"], "minLength": 1, "maxLength": _LONGEST_VALUE}
    ),
]
