"""Endpoints: created, updated blue/green, taken up after a restart, and deleted.

A new fleet is started beside the old one and takes over only when it is healthy; if it does not
become so, the old one goes on serving and the endpoint says why.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.services.sagemaker.configs import Configs
from landrail.localaws.services.sagemaker.fleet import CannotServe, Host, Variant, record
from landrail.localaws.services.sagemaker.listing import page
from landrail.localaws.services.sagemaker.models import Models
from landrail.localaws.services.sagemaker.names import Place, here
from landrail.localaws.services.sagemaker.records import (
    Document,
    Records,
    now,
    to_document,
    to_result,
)
from landrail.localaws.services.sagemaker.tags import Tags
from landrail.localaws.services.sagemaker.validation import check, invalid
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

KIND = "endpoint"
_BUSY = ("Creating", "Updating", "RollingBack", "Deleting", "SystemUpdating")


class Endpoints:
    """The operations on endpoints, and the fleets behind them."""

    def __init__(
        self,
        platform: Platform,
        tables: Tables,
        blobs: Blobs,
        models: Models,
        configs: Configs,
        tags: Tags,
    ) -> None:
        """Keep records in `tables`, start fleets through `platform`."""
        self._records = Records(tables, KIND)
        self._places = tables.table("sagemaker.fleet")
        self._models = models
        self._configs = configs
        self._tags = tags
        self._host = Host(platform, blobs, models)
        self._fleets: dict[Place, list[Variant]] = {}
        self._lock = threading.Lock()
        self._halted = threading.Event()
        self._threads: list[threading.Thread] = []

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        return {
            "CreateEndpoint": self._create,
            "DescribeEndpoint": self._describe,
            "ListEndpoints": self._list,
            "UpdateEndpoint": self._update,
            "UpdateEndpointWeightsAndCapacities": self._weights,
            "DeleteEndpoint": self._delete,
        }

    def start(self) -> None:
        """Bring the endpoints back up that stood when the server was stopped."""
        for account, region, name, endpoint in self._records.everywhere():
            place = Place(account, region, KIND, name)
            self._places.delete(account, region, name)
            if endpoint["EndpointStatus"] == "Deleting":
                self._forget(place)
            elif endpoint["EndpointStatus"] != "Failed":
                # What an update left half done is not taken up: the last good one serves.
                config = endpoint.get("_serving") or endpoint["EndpointConfigName"]
                creating = endpoint.get("_serving") is None
                self._begin(place, config, "Creating" if creating else "SystemUpdating")

    def close(self) -> None:
        """End every server process."""
        self._halted.set()
        for thread in self._threads:
            thread.join(timeout=15)
        with self._lock:
            fleets, self._fleets = self._fleets, {}
        for place, fleet in fleets.items():
            self._places.delete(*place.key)
            for variant in fleet:
                variant.stop()

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, ("EndpointName", "EndpointConfigName", "DeploymentConfig"))
        params = to_document(call.params)
        place = here(call, KIND, params["EndpointName"])
        self._config(call, params["EndpointConfigName"])
        began = now()
        document: Document = {
            "EndpointName": place.name,
            "EndpointArn": place.arn,
            "EndpointConfigName": params["EndpointConfigName"],
            "EndpointStatus": "Creating",
            "CreationTime": began,
            "LastModifiedTime": began,
        }
        if "DeploymentConfig" in params:
            document["LastDeploymentConfig"] = params["DeploymentConfig"]
        if not self._records.add(*place.key, document):
            raise invalid(f'Cannot create already existing endpoint "{place.arn}".')
        self._tags.put(place.arn, params.get("Tags", []))
        self._begin(place, params["EndpointConfigName"], "Creating")
        return {"EndpointArn": place.arn}

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        supported = ("EndpointName", "EndpointConfigName", "DeploymentConfig")
        check(call, (*supported, "RetainDeploymentConfig", "RetainAllVariantProperties"))
        params = to_document(call.params)
        place = here(call, KIND, params["EndpointName"])
        endpoint = self._find(call)
        self._config(call, params["EndpointConfigName"])
        _must_rest(place, endpoint)
        if params.get("RetainAllVariantProperties"):
            raise invalid("The local AWS does not support RetainAllVariantProperties.")

        def change(document: Document) -> None:
            _must_rest(place, document)
            document["EndpointStatus"] = "Updating"
            document["LastModifiedTime"] = now()
            document["EndpointConfigName"] = params["EndpointConfigName"]
            if "DeploymentConfig" in params:
                document["LastDeploymentConfig"] = params["DeploymentConfig"]

        self._records.change(*place.key, change)
        self._begin(place, params["EndpointConfigName"], "Updating")
        return {"EndpointArn": place.arn}

    def _weights(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        place = here(call, KIND, call.params["EndpointName"])
        endpoint = self._find(call)
        _must_rest(place, endpoint)
        wanted = to_document(call.params["DesiredWeightsAndCapacities"])
        variants = {v["VariantName"]: v for v in endpoint.get("ProductionVariants", [])}
        for item in wanted:
            variant = variants.get(item["VariantName"])
            if variant is None:
                raise invalid(f"There is no variant {item['VariantName']} in {place.arn}.")
            if (
                item.get("DesiredInstanceCount", variant["CurrentInstanceCount"])
                != (variant["CurrentInstanceCount"])
            ):
                raise invalid("The local AWS changes weights here, not DesiredInstanceCount.")
            if "DesiredWeight" in item:
                variant["CurrentWeight"] = variant["DesiredWeight"] = item["DesiredWeight"]
        listed = list(variants.values())
        self._records.change(
            *place.key,
            lambda d: d.update(ProductionVariants=listed, LastModifiedTime=now()),
        )
        weights = {name: variant["CurrentWeight"] for name, variant in variants.items()}
        with self._lock:
            self._places.put(*place.key, value=record(self._fleets.get(place, []), weights))
        return {"EndpointArn": place.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        return to_result("DescribeEndpoint", self._find(call))

    def _list(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        found = page(
            self._records.all(call.account, call.region),
            call.params,
            name="EndpointName",
            status="EndpointStatus",
            answer="Endpoints",
        )
        return to_result("ListEndpoints", found)

    def _delete(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        endpoint = self._find(call)
        place = here(call, KIND, endpoint["EndpointName"])
        if endpoint["EndpointStatus"] in ("Creating", "Updating", "SystemUpdating"):
            raise invalid(
                f'Cannot delete endpoint "{place.arn}" while it is in status '
                f"{endpoint['EndpointStatus']}."
            )
        self._records.change(*place.key, lambda d: d.update(EndpointStatus="Deleting"))
        self._places.delete(*place.key)
        self._thread(lambda: self._end(place))
        return {}

    def _end(self, place: Place) -> None:
        with self._lock:
            fleet = self._fleets.pop(place, [])
        for variant in fleet:
            variant.stop()
        self._forget(place)

    def _forget(self, place: Place) -> None:
        self._records.delete(*place.key)
        self._tags.forget(place.arn)

    def _find(self, call: ApiCall) -> Document:
        name = call.params["EndpointName"]
        found = self._records.get(call.account, call.region, name)
        if found is None:
            raise invalid(f'Could not find endpoint "{here(call, KIND, name).arn}".')
        return found

    def _config(self, call: ApiCall, name: str) -> Document:
        found = self._configs.get(call.account, call.region, name)
        if found is None:
            arn = here(call, "endpoint-config", name).arn
            raise invalid(f'Could not find endpoint configuration "{arn}".')
        return found

    def _begin(self, place: Place, config: str, status: str) -> None:
        self._records.change(*place.key, lambda d: d.update(EndpointStatus=status))
        self._thread(lambda: self._deploy(place, config))

    def _thread(self, run: Any) -> None:
        thread = threading.Thread(target=run, daemon=True)
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def _deploy(self, place: Place, name: str) -> None:
        """Start the fleet of a configuration; put it in the old one's place when it is healthy."""
        started: list[Variant] = []
        try:
            config = self._configs.get(place.account, place.region, name)
            if config is None:
                raise CannotServe(f"The endpoint configuration {name} is gone.")
            for variant in config["ProductionVariants"]:
                started.append(self._variant(place, config, variant))
        except CannotServe as error:
            for variant_ in started:
                variant_.stop()
            self._failed(place, str(error))
            return
        self._switch(place, config, started)

    def _variant(self, place: Place, config: Document, variant: Document) -> Variant:
        model = self._models.get(place.account, place.region, variant["ModelName"])
        if model is None:
            raise CannotServe(f"The model {variant['ModelName']} is gone.")
        if config.get("EnableNetworkIsolation"):
            model = {**model, "EnableNetworkIsolation": True}
        if config.get("VpcConfig"):
            model = {**model, "VpcConfig": config["VpcConfig"]}
        within = variant.get("ContainerStartupHealthCheckTimeoutInSeconds")
        return self._host.start(
            place,
            variant["VariantName"],
            model,
            count=variant["InitialInstanceCount"],
            group=f"/aws/sagemaker/Endpoints/{place.name}",
            halted=self._halted.is_set,
            **({"seconds": within} if within else {}),
        )

    def _switch(self, place: Place, config: Document, started: list[Variant]) -> None:
        weights = {
            v["VariantName"]: float(v["InitialVariantWeight"]) for v in config["ProductionVariants"]
        }
        with self._lock:
            if self._halted.is_set():
                old = started
            else:
                old = self._fleets.get(place, [])
                self._fleets[place] = started
                self._places.put(*place.key, value=record(started, weights))
                self._records.change(*place.key, lambda d: _in_service(d, config, started))
        for variant in old:
            variant.stop()

    def _failed(self, place: Place, reason: str) -> None:
        if self._halted.is_set():
            return

        def change(document: Document) -> None:
            serving = document.get("_serving")
            rolled_back = serving is not None and place in self._fleets
            document["EndpointStatus"] = "InService" if rolled_back else "Failed"
            document["FailureReason"] = reason[:1024]
            document["LastModifiedTime"] = now()
            if rolled_back:
                document["EndpointConfigName"] = serving

        self._records.change(*place.key, change)


def _must_rest(place: Place, endpoint: Document) -> None:
    if endpoint["EndpointStatus"] in _BUSY:
        raise invalid(
            f'Cannot update in-progress endpoint "{place.arn}": it is {endpoint["EndpointStatus"]}.'
        )


def _in_service(document: Document, config: Document, started: list[Variant]) -> None:
    time = now()
    document.pop("FailureReason", None)
    document.update(
        EndpointStatus="InService",
        EndpointConfigName=config["EndpointConfigName"],
        LastModifiedTime=time,
        _serving=config["EndpointConfigName"],
        ProductionVariants=[
            _described(variant, running, time)
            for variant, running in zip(config["ProductionVariants"], started, strict=True)
        ],
    )


def _described(variant: Document, running: Variant, time: float) -> Document:
    weight, count = variant["InitialVariantWeight"], variant["InitialInstanceCount"]
    image = {
        "SpecifiedImage": running.found.uri,
        "ResolvedImage": running.found.resolved,
        "ResolutionTime": time,
    }
    return {
        "VariantName": variant["VariantName"],
        "DeployedImages": [image],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
    }
