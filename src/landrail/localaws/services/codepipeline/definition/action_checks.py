"""One action: its type, its configuration, how many artifacts it takes and makes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.diagnostics import nearest
from landrail.localaws.services.codepipeline.definition.providers import PROVIDERS, Provider
from landrail.localaws.services.codepipeline.definition.wrong import Wrong, action, structure

Declaration = Mapping[str, Any]
MODES = (
    *("CREATE_UPDATE", "REPLACE_ON_FAILURE", "DELETE_ONLY"),
    *("CHANGE_SET_REPLACE", "CHANGE_SET_EXECUTE"),
)
_REFUSED = ("commands", "environmentVariables", "outputVariables")


def check_action(declared: Declaration, region: str, *, first: bool) -> Iterator[Wrong]:
    """Yield what is wrong in an action by itself; `first` says whether its stage is the first."""
    kind, name = declared["actionTypeId"], declared["name"]
    provider = PROVIDERS.get((kind["category"], kind["provider"]))
    if provider is None or kind["owner"] != "AWS" or kind["version"] != "1":
        told = ", ".join(f"{key}: '{kind[key.lower()]}'" for key in _ORDER)
        where = region.upper().replace("-", "_")
        yield action(
            f"ActionType ({told}) in action '{name}' is not available in region '{where}': the "
            f"local AWS has {', '.join(' '.join(one) for one in PROVIDERS)}"
        )
        return
    if first != (kind["category"] == "Source"):
        yield structure(
            f"Action {name}: the first stage must contain source actions only, and no other stage "
            "may contain them"
        )
    for member in _REFUSED:
        if declared.get(member):
            yield action(f"Action {name}: {member} is not supported by the local AWS")
    if declared.get("region") not in (None, region):
        told = "an action in another region is not supported by the local AWS"
        yield action(f"Action {name}: {told}")
    yield from check_configuration(declared, provider, "Action", "action", action)
    if kind["provider"] == "CloudFormation":
        yield from _stack(declared)
    form = (declared.get("configuration") or {}).get("OutputArtifactFormat", "CODE_ZIP")
    if form != "CODE_ZIP":
        told = f"OutputArtifactFormat {form} is not supported by the local AWS: CODE_ZIP"
        yield action(f"Action {name}: {told}")
    yield from _counts(declared, provider)


_ORDER = ("Category", "Provider", "Owner", "Version")


def check_configuration(
    declared: Declaration, provider: Provider, head: str, word: str, wrong: Any
) -> Iterator[Wrong]:
    """Yield what is wrong with the keys of a configuration, of an action's or of a rule's."""
    given, name = declared.get("configuration") or {}, declared["name"]
    where = f"{head} configuration for {word} '{name}'"
    for key in sorted(provider.required - set(given)):
        yield wrong(f"{where} is missing required configuration '{key}'")
    known = provider.required | provider.optional
    for key in sorted(set(given) - known):
        if key in provider.absent:
            yield wrong(f"{where}: '{key}' is not supported by the local AWS")
            continue
        close = nearest(key, sorted(known))
        meant = f", did you mean '{close}'?" if close else ""
        yield wrong(f"{where} contains unknown configuration '{key}'{meant}")
    for key in ("EnvironmentVariables", "ParameterOverrides"):
        if key in given and not _is_json(given[key]):
            yield wrong(f"{where}: '{key}' is not JSON")


def _stack(declared: Declaration) -> Iterator[Wrong]:
    given, name = declared.get("configuration") or {}, declared["name"]
    mode = str(given.get("ActionMode"))
    where = f"Action configuration for action '{name}'"
    if "ActionMode" in given and mode not in MODES:
        yield action(f"{where}: ActionMode '{mode}' is not one of {', '.join(MODES)}")
    with_template = mode in ("CREATE_UPDATE", "REPLACE_ON_FAILURE", "CHANGE_SET_REPLACE")
    if with_template and "TemplatePath" not in given:
        yield action(f"{where} is missing required configuration 'TemplatePath'")
    if mode.startswith("CHANGE_SET") and "ChangeSetName" not in given:
        yield action(f"{where} is missing required configuration 'ChangeSetName'")
    inputs = {str(one["name"]) for one in declared.get("inputArtifacts") or []}
    for key in ("TemplatePath", "TemplateConfiguration"):
        artifact, parts, _ = str(given.get(key, "")).partition("::")
        if key in given and "#{" not in given[key] and (not parts or artifact not in inputs):
            told = f"'{key}' must be ARTIFACT::FILE of an input artifact: {given[key]}"
            yield action(f"{where}: {told}")


def _counts(declared: Declaration, provider: Provider) -> Iterator[Wrong]:
    for word, limits in (("input", provider.inputs), ("output", provider.outputs)):
        count = len(declared.get(f"{word}Artifacts") or [])
        told = f"Action {declared['name']} declares {count} {word} artifacts which is"
        if count < limits[0]:
            yield action(f"{told} less than the minimum count ({limits[0]})")
        if count > limits[1]:
            yield action(f"{told} more than the maximum count ({limits[1]})")


def _is_json(text: object) -> bool:
    try:
        json.loads(str(text))
    except ValueError:
        # A reference may stand where a number or a list will be.
        return "#{" in str(text)
    return True
