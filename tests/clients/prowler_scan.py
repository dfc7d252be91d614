"""Run Prowler's checks of some AWS services over one account, and print what they say as JSON.

It is started with the Python of Prowler's environment, as whoever the environment says. Prowler's
own program imports the SDKs of a dozen other clouds before it looks at AWS; its engine and its
checks, which are called here as its program calls them, need none of these.

Prowler takes what it cannot read for nothing, and says so in its log alone: the log's errors are
part of what is printed.
"""

from __future__ import annotations

import json
import logging
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import prowler.providers.aws.services as services
from prowler.lib.check.check import execute
from prowler.lib.logger import logger
from prowler.providers.aws.aws_provider import AwsProvider
from prowler.providers.common.models import Audit_Metadata
from prowler.providers.common.provider import Provider

# Looks addresses up in somebody's service on the internet, with an SDK of its own.
ELSEWHERE = ("ec2_elastic_ip_shodan",)


class Errors(logging.Handler):
    """Keeps what Prowler's log says has failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{Path(record.pathname).stem}: {record.getMessage()}")


def checks_of(service: str) -> list[str]:
    """Names of the checks of a service."""
    folder = Path(next(iter(services.__path__))) / service
    found = {file.parent.name for file in folder.glob("*/*.metadata.json")}
    return sorted(found - set(ELSEWHERE))


def scanned(region: str, asked: list[str]) -> dict[str, Any]:
    """What Prowler says of an account in a region."""
    errors = Errors()
    logger.handlers = [errors]
    logger.setLevel(logging.ERROR)
    provider = AwsProvider(regions={region}, config_content={}, scan_unused_services=True)
    Provider.set_global_provider(provider)
    checks = [check for service in asked for check in checks_of(service)]
    provider.audit_metadata = Audit_Metadata(
        services_scanned=0, expected_checks=checks, completed_checks=0, audit_progress=0
    )
    findings = []
    for check in checks:
        service = check.split("_")[0]
        module = import_module(f"prowler.providers.aws.services.{service}.{check}.{check}")
        for found in execute(getattr(module, check)(), provider, None):
            findings.append(
                {
                    "check": check,
                    "status": found.status,
                    "region": found.region,
                    "id": found.resource_id,
                    "arn": found.resource_arn,
                    "says": found.status_extended,
                }
            )
    account = provider.identity.account
    return {"account": account, "checks": checks, "findings": findings, "errors": errors.said}


if __name__ == "__main__":
    json.dump(scanned(sys.argv[1], sys.argv[2:]), sys.stdout)
