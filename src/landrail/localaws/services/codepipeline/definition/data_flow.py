"""What flows between actions: artifacts and variables, made before they are used, and once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.codepipeline.definition.wrong import Wrong, action, structure

Declaration = Mapping[str, Any]
_REFERENCE = re.compile(r"#\{([^}]*)\}")
_GOOD = re.compile(r"([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_.]+)\Z")
_OWN = ("codepipeline", "variables")
_FORM = (
    "Valid format for a pipeline execution variable reference is a namespace and a key separated "
    "by a period (.)."
)


@dataclass(frozen=True, slots=True)
class Made:
    """What has been made before an action: artifacts, namespaces; and the pipeline's variables."""

    artifacts: frozenset[str]
    namespaces: frozenset[str]
    variables: frozenset[str]

    @staticmethod
    def before(pipeline: Declaration) -> Made:
        """Nothing, before the first stage."""
        variables = frozenset(str(one["name"]) for one in pipeline.get("variables") or [])
        return Made(frozenset(), frozenset(), variables)

    def after(self, group: list[Declaration]) -> Made:
        """Return it with what the actions of a group make."""
        artifacts = {str(out["name"]) for one in group for out in one.get("outputArtifacts") or []}
        namespaces = {str(one["namespace"]) for one in group if one.get("namespace")}
        return Made(self.artifacts | artifacts, self.namespaces | namespaces, self.variables)


def check_flow(declared: Declaration, stage: str, made: Made) -> Iterator[Wrong]:
    """Yield what is wrong in what an action takes and makes."""
    name = declared["name"]
    for one in declared.get("inputArtifacts") or []:
        if one["name"] not in made.artifacts:
            yield structure(
                f"Input Artifact Bundle {one['name']} in action {name} is not declared as output "
                "artifact in any of the preceding actions"
            )
    for one in declared.get("outputArtifacts") or []:
        if one.get("files"):
            yield action(f"Action {name}: files of an output artifact are of Commands only")
        if one["name"] in made.artifacts:
            yield structure(
                f"Output Artifact Bundle name must be unique within the pipeline. {one['name']} "
                "has been used more than once."
            )
    namespace = declared.get("namespace")
    if namespace in made.namespaces or namespace in _OWN:
        yield action(
            "Namespaces must be unique across the pipeline definition. The following occur more "
            f"than once in the pipeline. StageName=[{stage}], ActionName=[{name}], "
            f"Namespace=[{namespace}]"
        )
    yield from check_references(declared, stage, made, "ActionName")


def check_references(declared: Declaration, stage: str, made: Made, word: str) -> Iterator[Wrong]:
    """Yield what is wrong in the references to variables of an action or a rule."""
    for key, text in (declared.get("configuration") or {}).items():
        for reference in _REFERENCE.finditer(text):
            why = _unknown(reference[1], made)
            if why:
                yield action(
                    f"{_FORM} {why} StageName=[{stage}], {word}=[{declared['name']}], "
                    f"ActionConfigurationKey=[{key}], VariableReferenceText=[{reference[0]}]"
                )


def _unknown(reference: str, made: Made) -> str | None:
    found = _GOOD.match(reference)
    if found is None:
        return "The following pipeline execution variables are not of this format."
    namespace, name = found.groups()
    if namespace == "variables":
        if name in made.variables:
            return None
        return "The following pipeline execution variables are not declared by the pipeline."
    if namespace == "codepipeline" and name == "PipelineExecutionId":
        return None
    if namespace in made.namespaces:
        return None
    return (
        "The following pipeline execution variables are referencing a namespace that does not "
        "exist."
    )
