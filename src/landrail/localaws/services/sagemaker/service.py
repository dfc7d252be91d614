"""The SageMaker service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.sagemaker import absent
from landrail.localaws.services.sagemaker.configs import Configs
from landrail.localaws.services.sagemaker.domains import Domains
from landrail.localaws.services.sagemaker.endpoints import Endpoints
from landrail.localaws.services.sagemaker.groups import Groups
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.notebooks import Notebooks
from landrail.localaws.services.sagemaker.packages import Packages
from landrail.localaws.services.sagemaker.processing import Processing
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.training import Training
from landrail.localaws.services.sagemaker.transform import Transform
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables


class SageMaker(Answering):
    """Jobs, models, endpoints, the model registry, domains."""

    name = "sagemaker"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        """Build every part."""
        tags = Tags(tables)
        models = Models(platform, tables, tags)
        configs = Configs(tables, models, tags)
        self._groups = Groups(tables, tags)
        self._training = Training(platform, tables, blobs, tags)
        self._processing = Processing(platform, tables, blobs, tags)
        self._transform = Transform(platform, tables, blobs, models, tags)
        self._endpoints = Endpoints(platform, tables, blobs, models, configs, tags)
        parts = (
            *(tags, models, configs, self._groups, self._endpoints),
            *(self._training, self._processing, self._transform),
            *(Packages(platform, tables, self._groups, tags), Domains(tables, tags)),
            Notebooks(tables, tags),
        )
        self.operations: Mapping[str, Operation] = {
            **absent.operations(),
            **{name: operation for part in parts for name, operation in part.operations().items()},
        }

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the policy on a model package group, which is also that of its packages."""
        return self._groups.policy(account, region, arn)

    def start(self) -> None:
        """Take up endpoints; say of the jobs that ran that they did not end."""
        for jobs in (self._training, self._processing, self._transform):
            jobs.start()
        self._endpoints.start()

    def stop(self) -> None:
        """End every process."""
        for jobs in (self._training, self._processing, self._transform):
            jobs.close()
        self._endpoints.close()
