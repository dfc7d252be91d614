"""A buildspec of version 0.2 from its text, with every mistake at its line and column.

What AWS has and the local AWS does not run is refused by name.
"""

from __future__ import annotations

import re
import sys

import yaml

from landrail.localaws.services.codebuild.buildspec.kept import artifacts, cache, reports
from landrail.localaws.services.codebuild.buildspec.nodes import Mapping, Reader
from landrail.localaws.services.codebuild.buildspec.values import (
    PHASES,
    Buildspec,
    OnFailure,
    Phase,
)

_TOP = ("version", "env", "phases", "reports", "artifacts", "cache", "run-as", "proxy", "batch")
_ENV = (
    *("shell", "variables", "parameter-store", "secrets-manager", "exported-variables"),
    "git-credential-helper",
)
_PHASE = ("run-as", "on-failure", "runtime-versions", "commands", "finally")
_SHELLS = {"bash": "bash", "/bin/bash": "bash", "sh": "/bin/sh", "/bin/sh": "/bin/sh"}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_RETRY = re.compile(r"RETRY(?:-(?P<count>\d+))?(?:-(?P<pattern>.+))?\Z", re.DOTALL)
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def parse(text: str, name: str = "buildspec") -> Buildspec:
    """Read a buildspec; raises BuildspecError with everything wrong in it. `name` is what the
    mistakes call it."""
    reader = Reader(name)
    root = reader.compose(text)
    top = reader.mapping(root, "buildspec", _TOP)
    _version(reader, root, top)
    _refused(reader, top)
    env = reader.mapping(top.get("env"), "env", _ENV)
    phases = _phases(reader, root, top)
    found = Buildspec(
        phases=phases,
        shell=_shell(reader, env),
        variables=_variables(reader, env, "variables"),
        parameters=_variables(reader, env, "parameter-store"),
        secrets=_secrets(reader, env),
        exported=_exported(reader, env),
        git_credentials=reader.yes(env.get("git-credential-helper"), "env/git-credential-helper"),
        **artifacts(reader, top.get("artifacts")),
        reports=reports(reader, top.get("reports")),
        cache=cache(reader, top.get("cache")),
    )
    reader.finish()
    return found


def _version(reader: Reader, root: yaml.Node, top: Mapping) -> None:
    if not isinstance(root, yaml.MappingNode):
        return
    version = top.get("version")
    if version is None:
        reader.say(root, "`version` is missing: `version: 0.2`")
    elif (given := reader.text(version, "version")) != "0.2":
        reader.say(version, f"version {given} is not supported by the local AWS: 0.2")


def _refused(reader: Reader, top: Mapping) -> None:
    for name in ("run-as", "batch"):
        if name in top:
            reader.say(top[name], f"`{name}` is not supported by the local AWS")
    proxy = reader.mapping(top.get("proxy"), "proxy", ("upload-artifacts", "logs"))
    for name, node in proxy.items():
        if reader.yes(node, f"proxy/{name}"):
            reader.say(node, f"`proxy/{name}` is not supported by the local AWS")


def _shell(reader: Reader, env: Mapping) -> str:
    given = reader.text(env.get("shell"), "env/shell") or "/bin/sh"
    if given not in _SHELLS:
        reader.say(env["shell"], f"env/shell: {given} is not supported by the local AWS: bash, sh")
    return _SHELLS.get(given, "/bin/sh")


def _variables(reader: Reader, env: Mapping, section: str) -> dict[str, str]:
    where = f"env/{section}"
    for name, node in reader.mapping(env.get(section), where).items():
        if not _VARIABLE.match(name):
            reader.say(node, f"{where}: `{name}` is not a name of a variable")
        elif name.startswith("CODEBUILD_"):
            reader.say(node, f"{where}: `{name}`: names that begin with CODEBUILD_ are reserved")
    return reader.by_name(env.get(section), where)


def _secrets(reader: Reader, env: Mapping) -> dict[str, str]:
    found = _variables(reader, env, "secrets-manager")
    for name, node in reader.mapping(env.get("secrets-manager"), "env/secrets-manager").items():
        place = found.get(name, "")
        if not place or place.removeprefix("arn:").count(":") > (8 if place[:4] == "arn:" else 3):
            form = "SECRET-ID:JSON-KEY:VERSION-STAGE:VERSION-ID"
            reader.say(node, f"env/secrets-manager/{name}: `{place}` is not {form}")
    return found


def _exported(reader: Reader, env: Mapping) -> tuple[str, ...]:
    node = env.get("exported-variables")
    found = reader.texts(node, "env/exported-variables")
    for name in found:
        if node is not None and not _VARIABLE.match(name):
            reader.say(node, f"env/exported-variables: `{name}` is not a name of a variable")
    return found


def _phases(reader: Reader, root: yaml.Node, top: Mapping) -> dict[str, Phase]:
    if isinstance(root, yaml.MappingNode) and "phases" not in top:
        reader.say(root, "`phases` is missing")
    given = reader.mapping(top.get("phases"), "phases", PHASES)
    return {name: _phase(reader, name, given[name]) for name in PHASES if name in given}


def _phase(reader: Reader, name: str, node: yaml.Node) -> Phase:
    where = f"phases/{name}"
    section = reader.mapping(node, where, _PHASE)
    if "run-as" in section:
        reader.say(section["run-as"], f"{where}: `run-as` is not supported by the local AWS")
    if "runtime-versions" in section:
        if name != "install":
            reader.say(node, f"{where}: `runtime-versions` belongs to the phase install")
        _runtimes(reader, section["runtime-versions"], where)
    if "finally" in section and "commands" not in section:
        reader.say(node, f"{where}: `commands` is missing")
    return Phase(
        commands=reader.texts(section.get("commands"), f"{where}/commands"),
        last=reader.texts(section.get("finally"), f"{where}/finally"),
        on_failure=_on_failure(reader, section.get("on-failure"), where),
    )


def _runtimes(reader: Reader, node: yaml.Node, where: str) -> None:
    for name, version in reader.by_name(node, f"{where}/runtime-versions").items():
        if name != "python":
            reader.say(node, f"Unknown runtime named '{name}'. This build image has: python")
        elif version not in (_PYTHON, "latest", f"{sys.version_info.major}.x"):
            message = (
                f"Unknown runtime version named '{version}' of python. This build image has the "
                f"following versions: {_PYTHON}"
            )
            reader.say(node, message)


def _on_failure(reader: Reader, node: yaml.Node | None, where: str) -> OnFailure | None:
    given = reader.text(node, f"{where}/on-failure")
    if node is None or given is None:
        return None
    if given == "ABORT":
        return OnFailure("ABORT")
    if given == "CONTINUE":
        return OnFailure("CONTINUE")
    match = _RETRY.match(given)
    if match is None:
        words = "ABORT, CONTINUE, RETRY, RETRY-count, RETRY-regex, RETRY-count-regex"
        reader.say(node, f"{where}: on-failure `{given}` is none of {words}")
        return None
    count, pattern = int(match["count"] or 3), match["pattern"] or ".*"
    if count > 100:
        reader.say(node, f"{where}: on-failure `{given}`: the count is 0 to 100")
    try:
        re.compile(pattern)
    except re.error as error:
        reader.say(node, f"{where}: on-failure `{given}`: not a regular expression: {error}")
    return OnFailure("RETRY", count, pattern)
