"""The manifest of a landing zone: what a customer wrote, checked and read by its version.

Up to 3.3 the organization's structure, logging and Config belong to it always; from 4.0 each
integration has a switch of its own and the manifest may be left out. Source: AWS Control Tower
User Guide, "Landing zone schemas", "Key changes" of landing zone 4.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError

VERSIONS = ("3.1", "3.2", "3.3", "4.0")
LATEST = VERSIONS[-1]
_OLD = {
    "accessManagement",
    "backup",
    "centralizedLogging",
    "governedRegions",
    "organizationStructure",
    "securityRoles",
}
_NEW = {"accessManagement", "backup", "centralizedLogging", "config", "governedRegions"} | {
    "securityRoles"
}
_RETENTION = {"loggingBucket": 365, "accessLoggingBucket": 3650}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a landing zone shall have. `security` and `sandbox` are names of OUs (3.x); accounts are
    empty where their integration is off."""

    version: str
    regions: tuple[str, ...]
    security: str = ""
    sandbox: str = ""
    log_account: str = ""
    audit_account: str = ""
    config_account: str = ""
    access: bool = False
    retention: tuple[tuple[str, int], ...] = ()
    key: str = ""
    """The key of trail and buckets, AWS's own where it is empty."""

    @property
    def modern(self) -> bool:
        """Whether integrations are optional."""
        return is_modern(self.version)

    @property
    def logging(self) -> bool:
        """Whether there is a trail of the organization."""
        return bool(self.log_account)

    @property
    def config(self) -> bool:
        """Whether accounts are recorded."""
        return bool(self.config_account)

    @property
    def shared(self) -> tuple[str, ...]:
        """The accounts of the integrations, once each."""
        named = (self.log_account, self.audit_account, self.config_account)
        return tuple(dict.fromkeys(account for account in named if account))


def is_modern(version: str) -> bool:
    """Say whether integrations are optional in a version."""
    return int(version.partition(".")[0]) >= 4


def read_manifest(version: str, document: Any, home: str) -> Manifest:
    """Return what a manifest says; raises ApiError in the service's manner."""
    if version not in VERSIONS:
        raise _invalid(f"Landing zone version {version} is not supported.")
    if document is None and is_modern(version):
        document = {}
    if not isinstance(document, Mapping):
        raise _invalid("The manifest is required and has to be a JSON object.")
    unknown = sorted(set(document) - (_NEW if is_modern(version) else _OLD))
    if unknown:
        raise _invalid(f"extraneous key [{unknown[0]}] is not permitted in the manifest.")
    regions = tuple(document.get("governedRegions") or (home,))
    if home not in regions:
        raise _invalid(f"governedRegions has to contain the home Region {home}.")
    found = _modern if is_modern(version) else _classic
    manifest = found(version, document, regions)
    if manifest.log_account and manifest.log_account == manifest.audit_account:
        raise _invalid("The log archive account and the audit account have to be different.")
    return manifest


def _classic(version: str, document: Mapping[str, Any], regions: tuple[str, ...]) -> Manifest:
    for key in ("centralizedLogging", "organizationStructure", "securityRoles"):
        if key not in document:
            raise _invalid(f"required key [{key}] not found in the manifest.")
    structure = _section(document, "organizationStructure")
    logs, roles = _section(document, "centralizedLogging"), _section(document, "securityRoles")
    audit = _account(roles, "securityRoles")
    log = _account(logs, "centralizedLogging")
    if logs.get("enabled", True) is not True:
        raise _invalid("centralizedLogging cannot be switched off before landing zone 4.0 here.")
    return Manifest(
        version,
        regions,
        security=_unit(structure, "security") or "Security",
        sandbox=_unit(structure, "sandbox"),
        log_account=log,
        audit_account=audit,
        config_account=audit,
        access=bool(_section(document, "accessManagement").get("enabled", True)),
        retention=_retention(logs),
        key=_key(logs),
    )


def _modern(version: str, document: Mapping[str, Any], regions: tuple[str, ...]) -> Manifest:
    on: dict[str, str] = {}
    for key in ("centralizedLogging", "config", "securityRoles"):
        section = _switched(document, key)
        on[key] = _account(section, key) if section.get("enabled") else ""
    if _switched(document, "backup").get("enabled"):
        raise _invalid("The integration of AWS Backup is not offered by the local AWS.")
    if on["config"] and not on["securityRoles"]:
        raise _invalid("config needs securityRoles to be enabled.")
    return Manifest(
        version,
        regions,
        log_account=on["centralizedLogging"],
        audit_account=on["securityRoles"],
        config_account=on["config"],
        access=bool(_switched(document, "accessManagement").get("enabled")),
        retention=_retention(_section(document, "centralizedLogging")),
        key=_key(_section(document, "centralizedLogging")),
    )


def _switched(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = _section(document, key)
    if key in document and not isinstance(section.get("enabled"), bool):
        raise _invalid(f"required key [enabled] not found in {key}.")
    return section


def _section(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = document.get(key) or {}
    if not isinstance(section, Mapping):
        raise _invalid(f"{key} has to be a JSON object.")
    return section


def _account(section: Mapping[str, Any], key: str) -> str:
    account = str(section.get("accountId") or "")
    if not (len(account) == 12 and account.isdigit()):
        raise _invalid(f"required key [accountId] not found in {key}, or it is no account id.")
    return account


def _unit(structure: Mapping[str, Any], key: str) -> str:
    return str(_section(structure, key).get("name") or "")


def _retention(section: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    said = _section(section, "configurations")
    return tuple(
        (name, int(_section(said, name).get("retentionDays", days)))
        for name, days in _RETENTION.items()
    )


def _key(section: Mapping[str, Any]) -> str:
    return str(_section(section, "configurations").get("kmsKeyArn") or "")


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message, 400)
