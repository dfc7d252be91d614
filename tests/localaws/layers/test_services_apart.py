"""A local service reaches another only by a call through the gate: its tables are its own, it
imports no other, and it hands no call of another's to the store."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import landrail.localaws.services as services

ROOT = Path(next(iter(services.__path__)))
NAMES = sorted(path.name for path in ROOT.iterdir() if (path / "__init__.py").exists())
PACKAGE = "landrail.localaws.services"
# One service with two endpoints: the runtime hands requests to what the other started.
FAMILY = {"sagemaker_runtime": {"sagemaker"}}
# What of the store a service may hold: none of it reads or changes another's state.
FROM_STORE = {
    "ALIAS_SUFFIX",
    "AccessPoint",
    "AccessPoints",
    "Assertions",
    "Blobs",
    "CredentialStore",
    "Device",
    "Document",
    "MOTOS_OWNER",
    "MfaCodes",
    "Table",
    "Tables",
    "access_key",
    "beginner",
    "broken",
    "canonical_id",
    "checked",
    "checking",
    "effective_policy",
    "mfa_device",
    "operation_model",
    "organization_blocks",
}
# Credentials are the identity services' own.
OF_CREDENTIALS = {"Assertions", "CredentialStore", "Device", "MfaCodes", "access_key", "mfa_device"}
IDENTITY = {"identity", "mfa", "sso", "sts"}


def _trees(name: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / name).rglob("*.py")):
        yield path, ast.parse(path.read_text())


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", ""),
                node,
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_service_imports_no_other_and_no_store_but_its_own_parts(name: str) -> None:
    own = {name} | FAMILY.get(name, set())
    wrong = []
    for path, tree in _trees(name):
        for module, imported in _imports(tree):
            head = module.removeprefix(f"{PACKAGE}.").partition(".")[0]
            if module.startswith(f"{PACKAGE}.") and head not in own:
                wrong.append((path.name, module))
            if module.startswith(("moto", "boto3", "landrail.localaws.gateway")):
                wrong.append((path.name, module))
            if module.startswith("landrail.localaws.store") and imported not in FROM_STORE:
                wrong.append((path.name, f"{module}.{imported}"))
            if imported in OF_CREDENTIALS and name not in IDENTITY:
                wrong.append((path.name, imported))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_service_opens_its_own_tables_alone(name: str) -> None:
    own = {name} | FAMILY.get(name, set())
    wrong = []
    for path, tree in _trees(name):
        for called, node in _calls(tree):
            if called != "table" or not ast.unparse(node.func).endswith("tables.table"):
                continue
            text = node.args[0]
            if isinstance(text, ast.JoinedStr):
                text = text.values[0]
            value = text.value if isinstance(text, ast.Constant) else None
            if not isinstance(value, str) or value.partition(".")[0] not in own:
                wrong.append((path.name, ast.unparse(node)))
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_what_a_service_hands_to_the_store_is_its_own(name: str) -> None:
    """`Platform.perform` is not authorized again: the call must be the one that was."""
    wrong = []
    for path, tree in _trees(name):
        for called, node in _calls(tree):
            turns = called == "replace" and any(k.arg == "service" for k in node.keywords)
            makes = called == "ApiCall" and not _of(name, node)
            if (turns or makes) and not _is_known(name, path.name, ast.unparse(node)):
                wrong.append((path.name, ast.unparse(node)))
    assert wrong == []


# S3 Control asks S3 for the owner and region of a bucket; STS reads the role that is entered and
# its session policies, as a part of IAM that it is on AWS; Identity Center reads its own records,
# by the names of its two APIs.
_READS = {
    ("s3", "access_points.py"): {"service='s3'"},
    ("sts", "roles.py"): {"service='iam'"},
    ("sso", "directory.py"): {"service"},
}


def _is_known(name: str, file: str, text: str) -> bool:
    return any(known in text for known in _READS.get((name, file), ()))


def _of(name: str, made: ast.Call) -> bool:
    given = [*made.args, *(k.value for k in made.keywords)]
    texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    return name in texts or name.replace("_", "-") in texts
