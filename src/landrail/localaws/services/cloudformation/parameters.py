"""A stack's parameters: defaults, types and constraints, and their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.template import Template, malformed

_ATTRIBUTES = frozenset(
    {
        "Type",
        "Default",
        "NoEcho",
        "AllowedValues",
        "AllowedPattern",
        "MaxLength",
        "MinLength",
        "MaxValue",
        "MinValue",
        "Description",
        "ConstraintDescription",
    }
)
_SSM = re.compile(r"^AWS::SSM::Parameter::Value<(.+)>$")
_LIST = re.compile(r"^(CommaDelimitedList|List<.+>)$")
_AWS = re.compile(
    r"^AWS::(SSM::Parameter::Name|EC2::(AvailabilityZone::Name|Image::Id|Instance::Id"
    r"|KeyPair::KeyName|SecurityGroup::(GroupName|Id)|Subnet::Id|Volume::Id|VPC::Id)"
    r"|Route53::HostedZone::Id)$"
)
MASK = "****"


def check(template: Template) -> list[str]:
    """Return what is wrong with the parameters that a template declares."""
    found = []
    for name, declared in template.parameters.items():
        for attribute in declared:
            if attribute not in _ATTRIBUTES:
                found.append(f"Invalid template parameter property '{attribute}' of {name}")
        kind = declared.get("Type")
        if kind is None:
            found.append(f"Every Parameters object must contain a Type member: {name}")
        elif not _known(str(kind)):
            found.append(f"Unrecognized parameter type: {kind}")
    return found


def _known(kind: str) -> bool:
    wrapped = _SSM.match(kind) or re.match(r"^List<(.+)>$", kind)
    inner = wrapped[1] if wrapped else kind
    inner_list = re.match(r"^List<(.+)>$", inner)
    inner = inner_list[1] if inner_list else inner
    return inner in ("String", "Number", "CommaDelimitedList") or bool(_AWS.match(inner))


def given(
    template: Template, values: Iterable[Mapping[str, Any]], previous: Mapping[str, str] | None
) -> dict[str, str]:
    """Return every parameter's value as text: given, previous, or default; raises ApiError
    ValidationError for unknown, missing and unfit ones."""
    chosen: dict[str, str] = {}
    unknown = []
    for entry in values:
        name = entry["ParameterKey"]
        if name not in template.parameters:
            unknown.append(name)
        elif entry.get("UsePreviousValue"):
            if previous is None or name not in previous:
                raise _unfit(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as "
                    "true for a parameter key not in the previous template"
                )
            chosen[name] = previous[name]
        else:
            chosen[name] = str(entry.get("ParameterValue", ""))
    if unknown:
        raise _unfit(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    for name, declared in template.parameters.items():
        if name not in chosen and "Default" in declared:
            default = declared["Default"]
            chosen[name] = _spelled(default)
    absent = [name for name in template.parameters if name not in chosen]
    if absent:
        raise _unfit(f"Parameters: [{', '.join(absent)}] must have values")
    for name, value in chosen.items():
        _check_value(name, template.parameters[name], value)
    return chosen


def _spelled(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    return ",".join(map(str, default)) if isinstance(default, list) else str(default)


def _unfit(message: str) -> ApiError:
    return ApiError("ValidationError", message)


def _check_value(name: str, declared: Mapping[str, Any], value: str) -> None:
    kind = str(declared["Type"])
    if _SSM.match(kind):
        return  # the value is the name of an SSM parameter
    items = _items(value) if _LIST.match(kind) else [value]
    because = declared.get("ConstraintDescription")
    for item in items:
        problem = _constraint(name, declared, kind, item)
        if problem:
            if because:
                problem = f"Parameter {name} failed to satisfy constraint: {because}"
            raise _unfit(problem)


def _constraint(name: str, declared: Mapping[str, Any], kind: str, value: str) -> str | None:
    allowed = declared.get("AllowedValues")
    if allowed is not None and value not in [_spelled(a) for a in allowed]:
        return f"Template error: every value of parameter {name} must be one of AllowedValues"
    pattern = declared.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"Parameter {name} must match pattern {pattern}"
    if kind in ("Number", "List<Number>"):
        return _number(name, declared, value)
    if len(value) < int(declared.get("MinLength", 0)):
        return f"Parameter {name} must contain at least {declared['MinLength']} characters"
    if "MaxLength" in declared and len(value) > int(declared["MaxLength"]):
        return f"Parameter {name} must contain at most {declared['MaxLength']} characters"
    return None


def _number(name: str, declared: Mapping[str, Any], value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return f"Parameter {name} must be a number"
    if "MinValue" in declared and number < float(declared["MinValue"]):
        return f"Parameter {name} must be at least {declared['MinValue']}"
    if "MaxValue" in declared and number > float(declared["MaxValue"]):
        return f"Parameter {name} must be at most {declared['MaxValue']}"
    return None


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",")] if value else []


def resolve(
    template: Template, values: Mapping[str, str], stored: Callable[[str], str]
) -> dict[str, str]:
    """Return the values of the parameters that name an SSM parameter, looked up by `stored`."""
    return {
        name: stored(value)
        for name, value in values.items()
        if _SSM.match(str(template.parameters[name]["Type"]))
    }


def computed(
    template: Template, values: Mapping[str, str], resolved: Mapping[str, str]
) -> dict[str, Any]:
    """Return what `Ref` of each parameter gives: a text, or a list for the list types."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        kind = str(template.parameters[name]["Type"])
        inner = _SSM.match(kind)
        text = resolved.get(name, value)
        result[name] = _items(text) if _LIST.match(inner[1] if inner else kind) else text
    return result


def hidden(template: Template, name: str) -> bool:
    """Whether a parameter's value must not be shown."""
    return str(template.parameters.get(name, {}).get("NoEcho", False)).lower() == "true"


def shown(
    template: Template, values: Mapping[str, str], resolved: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return parameters as `DescribeStacks` shows them."""
    result = []
    for name, value in values.items():
        entry = {"ParameterKey": name}
        entry["ParameterValue"] = MASK if hidden(template, name) else value
        if name in resolved:
            entry["ResolvedValue"] = resolved[name]
        result.append(entry)
    return result


def declared(template: Template) -> list[dict[str, Any]]:
    """Return the template's parameters as `ValidateTemplate` shows them."""
    result = []
    for name, body in template.parameters.items():
        if "Type" not in body:
            raise malformed(f"Every Parameters object must contain a Type member: {name}")
        entry: dict[str, Any] = {
            "ParameterKey": name,
            "NoEcho": hidden(template, name),
            "ParameterType": body["Type"],
        }
        if "Default" in body:
            entry["DefaultValue"] = _spelled(body["Default"])
        if "Description" in body:
            entry["Description"] = body["Description"]
        result.append(entry)
    return result
