"""The reference of the file's keys as Markdown, made from the typed document itself.

`docs/file.md` holds its output between two marks, and a test keeps the two the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.spec.document import Platform
from landrail.spec.guardrail_field import guardrails_schema

_GUARDRAILS = guardrails_schema()
_WORDS = {
    "AccountEntry": "accounts.KEY",
    "AwsTarget": "target.aws",
    "Dataset": "datasets.KEY",
    "Identity": "identity",
    "Model": "models.KEY",
    "Approval": "models.KEY.approve",
    "Batch": "models.KEY.batch",
    "Deploy": "models.KEY.deploy",
    "Alarms": "models.KEY.deploy.alarms",
    "Autoscale": "models.KEY.deploy.autoscale",
    "PipelineEntry": "models.KEY.pipelines.KIND",
    "Repo": "models.KEY.repo",
    "Network": "network",
    "Quotas": "quotas",
    "Team": "teams.KEY",
    "Waiver": "waivers[]",
}


_ALSO = {"Approval": "`mlops`", "Repo": "a repository's name"}
"""The word that may stand for a section."""


def reference() -> str:
    """Return one table for the file and one for each section."""
    schema = Platform.model_json_schema(by_alias=True)
    sections: list[tuple[str, Mapping[str, Any]]] = [("The file", schema)]
    sections += [(f"`{_WORDS[name]}`", _keyed(schema["$defs"][name])) for name in _WORDS]
    return "\n".join(line for title, section in sections for line in _section(title, section))


def _keyed(section: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the form with keys of a section that may be written as one word."""
    forms: list[Mapping[str, Any]] = section.get("anyOf", [section])
    return forms[-1]


def _section(title: str, section: Mapping[str, Any]) -> Iterator[str]:
    required = section.get("required", ())
    yield f"### {title}"
    yield ""
    yield "| key | holds | default | meaning |"
    yield "|---|---|---|---|"
    for key, field in section["properties"].items():
        meaning = " ".join(str(field.get("description", "")).split()).replace("|", "\\|")
        default = "**required**" if key in required else _default(field)
        yield f"| `{key}` | {_holds(field)} | {default} | {meaning} |"
    yield ""


def _default(field: Mapping[str, Any]) -> str:
    value = field.get("default")
    if value is None or value in ([], {}):
        return ""
    return f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{k}: {_yaml(v)}" for k, v in value.items() if v is not None)
        return f"{{{inner}}}" if inner else "local"
    if isinstance(value, list):
        return f"[{', '.join(_yaml(item) for item in value)}]"
    return str(value)


def _holds(field: Mapping[str, Any]) -> str:
    if field == _GUARDRAILS["items"]:
        return "a set, a guardrail or a policy, see [guardrails](#guardrails-in-the-file)"
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        if name == "Target":
            return "`local` or `target.aws`"
        return f"{_ALSO[name]} or `{_WORDS[name]}`" if name in _ALSO else f"`{_WORDS[name]}`"
    if "anyOf" in field:
        return " or ".join(
            _holds(choice) for choice in field["anyOf"] if choice != {"type": "null"}
        )
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return "a region" if len(field["enum"]) > 9 else ", ".join(f"`{v}`" for v in field["enum"])
    match field.get("type"):
        case "array":
            return f"list of {_holds(field['items'])}"
        case "object":
            named = field.get("patternProperties") or field.get("properties", {})
            inner = next(iter(named.values()), None)
            return f"names, each {_holds(inner)}" if inner else "mapping"
        case "integer" | "number":
            return "number"
        case "string" if field.get("format") == "date":
            return "date"
        case _:
            return "text"
