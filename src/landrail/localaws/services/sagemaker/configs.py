"""Endpoint configurations: which models an endpoint serves, on how many instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.names import here
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.services.sagemaker.variants import (
    capture_problems,
    metrics_problems,
    variant_problems,
)
from landrail.localaws.store.tables import Tables

KIND = "endpoint-config"
_SUPPORTED = (
    *("EndpointConfigName", "ProductionVariants", "KmsKeyId", "EnableNetworkIsolation"),
    *("VpcConfig", "DataCaptureConfig", "MetricsConfig"),
)


class Configs:
    """The operations on endpoint configurations."""

    def __init__(self, tables: Tables, models: Models, tags: Tags) -> None:
        """Keep records in `tables`."""
        self._records = Records(tables, KIND)
        self._models = models
        self._tags = tags

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateEndpointConfig": self._create,
            "DescribeEndpointConfig": self._describe,
            "ListEndpointConfigs": self._list,
            "DeleteEndpointConfig": self._delete,
        }

    def get(self, account: str, region: str, name: str) -> Document | None:
        """Return a configuration's record."""
        return self._records.get(account, region, name)

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _SUPPORTED)
        params = to_document(call.params)
        place = here(call, KIND, params["EndpointConfigName"])
        names = [variant["VariantName"] for variant in params["ProductionVariants"]]
        if len(names) != len(set(names)):
            raise invalid("The names of production variants must be unique.")
        problems = [
            *(p for v in params["ProductionVariants"] for p in variant_problems(v)),
            *capture_problems(params.get("DataCaptureConfig")),
            *metrics_problems(params.get("MetricsConfig")),
        ]
        if problems:
            raise invalid(" ".join(problems))
        for variant in params["ProductionVariants"]:
            self._check_model(call, variant.get("ModelName", ""))
        document: Document = {
            **{k: v for k, v in params.items() if k != "Tags"},
            "EndpointConfigArn": place.arn,
            "CreationTime": now(),
        }
        if not self._records.add(*place.key, document):
            raise invalid(f'Cannot create already existing endpoint configuration "{place.arn}".')
        self._tags.put(place.arn, params.get("Tags", []))
        return {"EndpointConfigArn": place.arn}

    def _check_model(self, call: ApiCall, name: str) -> None:
        if self._models.get(call.account, call.region, name) is None:
            raise invalid(f'Could not find model "{here(call, "model", name).arn}".')

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeEndpointConfig", self._find(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._records.all(call.account, call.region),
            call.params,
            name="EndpointConfigName",
            answer="EndpointConfigs",
        )
        return to_result("ListEndpointConfigs", found)

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = self._find(call)
        self._records.delete(call.account, call.region, found["EndpointConfigName"])
        self._tags.forget(found["EndpointConfigArn"])
        return {}

    def _find(self, call: ApiCall) -> Document:
        name = call.params["EndpointConfigName"]
        found = self._records.get(call.account, call.region, name)
        if found is None:
            raise invalid(f'Could not find endpoint configuration "{here(call, KIND, name).arn}".')
        return found
