"""Our own services, by name and by door."""

from __future__ import annotations

from collections.abc import Iterable

from landrail.localaws.api import Door, Service


class Registry:
    """The services of one local AWS, in the order in which they were built."""

    def __init__(self) -> None:
        self._services: dict[str, Service] = {}

    def add(self, service: Service) -> None:
        """Take a service in; raises ValueError for a second one of its name."""
        if service.name in self._services:
            raise ValueError(f"two services are called `{service.name}`")
        self._services[service.name] = service

    def get(self, name: str) -> Service | None:
        """Return the service that botocore calls `name`, if it is one of ours."""
        return self._services.get(name)

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the resource policy on an ARN, where one of our services has it."""
        for service in self._services.values():
            found = service.resource_policy(account, region, arn)
            if found is not None:
                return found
        return None

    def all(self) -> Iterable[Service]:
        """Return every service."""
        return tuple(self._services.values())

    def door(self, path: str) -> Door | None:
        """Return the door with the longest prefix of a path."""
        found = [
            (len(prefix), door)
            for service in self._services.values()
            for prefix, door in service.doors.items()
            if path.startswith(prefix)
        ]
        return max(found, key=lambda item: item[0])[1] if found else None
