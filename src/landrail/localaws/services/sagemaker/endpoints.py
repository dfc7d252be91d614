"""Endpoints: their operations, and one thread for each that is being changed.

A new fleet is started beside the old one and takes over as the deployment configuration says; if
it does not become healthy, or an alarm says otherwise, the old one goes on serving. How that is
done is in `hosting`.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation, Platform
from landrail.localaws.services.sagemaker.configs import Configs
from landrail.localaws.services.sagemaker.fleet import CannotServe, Host
from landrail.localaws.services.sagemaker.hosting import deploying, scaling, strategy, views
from landrail.localaws.services.sagemaker.hosting.content import content, retained
from landrail.localaws.services.sagemaker.hosting.deployment import Halted, Stage
from landrail.localaws.services.sagemaker.hosting.keeping import Keeper
from landrail.localaws.services.sagemaker.hosting.live import Fleet, Live
from landrail.localaws.services.sagemaker.hosting.telling import Teller
from landrail.localaws.services.sagemaker.hosting.usage import Usage
from landrail.localaws.services.sagemaker.hosting.wishes import (
    BUSY,
    deployment,
    desired,
    must_rest,
    same_variants,
)
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
_CREATE = ("EndpointName", "EndpointConfigName", "DeploymentConfig")
_UPDATE = (
    *(*_CREATE, "RetainDeploymentConfig", "RetainAllVariantProperties"),
    "ExcludeRetainedVariantProperties",
)
_log = logging.getLogger(__name__)


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
        self._routes = tables.table("sagemaker.fleet")
        self._captures = tables.table("sagemaker.capture")
        self._models = models
        self._configs = configs
        self._tags = tags
        self._halted = threading.Event()
        self._teller = Teller(platform, self._records)
        host = Host(platform, blobs, models)
        self._stage = Stage(platform, host, self._records, self._teller, self._halted)
        self._lives: dict[Place, Live] = {}
        self._lock = threading.Lock()
        self._keeper = Keeper(lambda: list(self._lives.values()), self._halted)
        self._usage = Usage(platform, lambda: list(self._lives.items()), self._halted)
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
        """Bring the endpoints back up that stood when the server was stopped, and go on with the
        deployments that were under way."""
        shutil.rmtree(self._stage.host.folder, ignore_errors=True)
        for account, region, name, endpoint in self._records.everywhere():
            place = Place(account, region, KIND, name)
            self._routes.delete(*place.key)
            if endpoint["EndpointStatus"] == "Deleting":
                self._forget(place)
            elif endpoint["EndpointStatus"] != "Failed":
                self._again(place, endpoint)
        self._keeper.start()
        self._usage.start()

    def close(self) -> None:
        """End every server process."""
        self._halted.set()
        for thread in self._threads:
            thread.join(timeout=15)
        self._keeper.join()
        self._usage.join()
        with self._lock:
            lives, self._lives = self._lives, {}
        for live in lives.values():
            fleets = live.fleets
            live.route()
            for fleet in fleets:
                fleet.stop()

    def _create(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _CREATE)
        params = to_document(call.params)
        place = here(call, KIND, params["EndpointName"])
        new = self._content(call, params["EndpointConfigName"])
        strategy.check(params.get("DeploymentConfig"), new["counts"])
        began = now()
        document: Document = {
            "EndpointName": place.name,
            "EndpointArn": place.arn,
            "EndpointConfigName": params["EndpointConfigName"],
            "EndpointStatus": "Creating",
            "CreationTime": began,
            "LastModifiedTime": began,
            "_next": {"content": new, "deployment": None, "step": 0, "began": began},
        }
        if "DeploymentConfig" in params:
            document["LastDeploymentConfig"] = params["DeploymentConfig"]
        if not self._records.add(*place.key, document):
            raise invalid(f'Cannot create already existing endpoint "{place.arn}".')
        self._tags.put(place.arn, params.get("Tags", []))
        self._teller.made(place, document)
        self._work(place, lambda live: self._first(place, live))
        return {"EndpointArn": place.arn}

    def _update(self, call: ApiCall) -> Mapping[str, Any]:
        check(call, _UPDATE)
        params = to_document(call.params)
        place = here(call, KIND, params["EndpointName"])
        endpoint = self._find(call)
        new = self._content(call, params["EndpointConfigName"])
        must_rest(place, endpoint)
        if params.get("RetainAllVariantProperties"):
            excluded = params.get("ExcludeRetainedVariantProperties") or []
            kinds = [item["VariantPropertyType"] for item in excluded]
            new = retained(new, endpoint["_live"], kinds)
        config = deployment(params, endpoint)
        strategy.check(config, new["counts"])
        if config is not None:
            same_variants(new, endpoint["_live"])
        task = {"content": new, "deployment": config, "step": 0, "began": now()}

        def change(document: Document) -> None:
            must_rest(place, document)
            document["EndpointStatus"] = "Updating"
            document["_next"] = task
            document.pop("FailureReason", None)
            if "DeploymentConfig" in params:
                document["LastDeploymentConfig"] = params["DeploymentConfig"]

        self._teller.change(place, change)
        self._work(place, lambda live: self._next(place, live))
        return {"EndpointArn": place.arn}

    def _weights(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        place = here(call, KIND, call.params["EndpointName"])
        endpoint = self._find(call)
        must_rest(place, endpoint)
        live, fleet = self._serving(place)
        wanted = to_document(call.params["DesiredWeightsAndCapacities"])
        weights, counts = desired(place, fleet.content, wanted)
        before = dict(fleet.content["counts"])
        scaling.weigh(fleet, live, weights)
        if not counts:
            deploying.settled(self._stage, place, fleet)
            return {"EndpointArn": place.arn}
        fleet.content["counts"].update(counts)
        told = ", ".join(str(count) for count in counts.values())
        statuses = views.status("Updating", f"Scaling desired instance count to {told}.")

        def change(document: Document) -> None:
            must_rest(place, document)
            document["EndpointStatus"] = "Updating"
            document["ProductionVariants"] = views.variants(fleet, statuses)
            document["_live"] = fleet.content

        self._teller.change(place, change)
        self._work(place, lambda live: self._scale(place, live, fleet, before))
        return {"EndpointArn": place.arn}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        check(call)
        endpoint = self._find(call)
        name = call.params["EndpointName"]
        live = self._lives.get(here(call, KIND, name))
        if live is not None and endpoint["EndpointStatus"] in ("InService", "UpdateRollbackFailed"):
            views.count(endpoint["ProductionVariants"], live.fleets)
        if "DataCaptureConfig" in endpoint:
            trouble = self._captures.get(call.account, call.region, name)
            if trouble:
                endpoint["DataCaptureConfig"]["CaptureStatus"] = "Stopped"
        return to_result("DescribeEndpoint", endpoint)

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

        def change(document: Document) -> None:
            if document["EndpointStatus"] in BUSY:
                raise invalid(
                    f'Cannot delete endpoint "{place.arn}" while it is in status '
                    f"{document['EndpointStatus']}."
                )
            document["EndpointStatus"] = "Deleting"

        self._teller.change(place, change)
        self._routes.delete(*place.key)
        self._work(place, lambda live: self._end(place, live))
        return {}

    def _first(self, place: Place, live: Live) -> None:
        endpoint = self._records.get(*place.key)
        if endpoint is not None and "_next" in endpoint:
            deploying.create(self._stage, place, live, endpoint["_next"])

    def _next(self, place: Place, live: Live) -> None:
        endpoint = self._records.get(*place.key)
        if endpoint is not None:
            deploying.update(self._stage, place, live, live.fleets[0], endpoint["_next"])

    def _scale(self, place: Place, live: Live, fleet: Fleet, before: Mapping[str, int]) -> None:
        reason = None
        try:
            scaling.scale(fleet, live, fleet.content["counts"], self._halted.is_set)
        except CannotServe as error:
            if self._halted.is_set():
                return
            reason = str(error)
            fleet.content["counts"].update(before)
            self._teller.set(place, EndpointStatus="RollingBack")
            try:
                scaling.scale(fleet, live, before, self._halted.is_set)
            except CannotServe as again:
                # The rest is brought up by and by, as after any process that has ended.
                reason = f"{reason} The rollback failed: {again}"
        deploying.settled(self._stage, place, fleet, reason)

    def _end(self, place: Place, live: Live) -> None:
        fleets = live.fleets
        live.route()
        for fleet in fleets:
            fleet.stop()
        with self._lock:
            self._lives.pop(place, None)
        self._forget(place)

    def _again(self, place: Place, endpoint: Document) -> None:
        """Take an endpoint up after a restart."""
        now_live = endpoint.get("_live")
        if now_live is None and "_next" not in endpoint:
            now_live = self._written_before(place, endpoint)
        if now_live is None:
            self._work(place, lambda live: self._first(place, live))
            return
        status = "Updating" if endpoint["EndpointStatus"] == "Updating" else "SystemUpdating"

        def begin(document: Document) -> None:
            document["EndpointStatus"] = status
            # What it says of a fleet that came is not so any more.
            document.pop("PendingDeploymentSummary", None)

        self._teller.change(place, begin)

        def bring_up(live: Live) -> None:
            fleet = Fleet(now_live)
            try:
                deploying.bring_up(self._stage, place, live, fleet)
            except CannotServe as error:
                deploying.failed(self._stage, place, str(error))
                return
            if endpoint.get("_next"):
                deploying.update(self._stage, place, live, fleet, endpoint["_next"])
            else:
                deploying.settled(self._stage, place, fleet, endpoint.get("FailureReason"))

        self._work(place, bring_up)

    def _written_before(self, place: Place, endpoint: Document) -> Document | None:
        """Return what serves by a record of a version that kept no content with it."""
        name = endpoint.get("_serving") or endpoint["EndpointConfigName"]
        config = self._configs.get(place.account, place.region, name)
        if config is None:
            deploying.failed(self._stage, place, f"The endpoint configuration {name} is gone.")
            return None
        return content(config, lambda model: self._models.get(place.account, place.region, model))

    def _work(self, place: Place, run: Callable[[Live], None]) -> None:
        """Change what runs of an endpoint in a thread of its own, one after another."""
        with self._lock:
            live = self._lives.setdefault(place, Live(self._routes, place))
            live.wanted += 1

        def work() -> None:
            with live.busy:
                with self._lock:
                    live.wanted -= 1
                try:
                    run(live)
                except Halted:
                    _log.info("the deployment of %s goes on after a restart", place.arn)

        thread = threading.Thread(target=work, name=f"endpoint {place.name}", daemon=True)
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def _serving(self, place: Place) -> tuple[Live, Fleet]:
        live = self._lives.get(place)
        if live is None or not live.serves:
            raise invalid(f'Cannot update endpoint "{place.arn}": nothing is in service.')
        return live, live.fleets[0]

    def _forget(self, place: Place) -> None:
        self._records.delete(*place.key)
        self._captures.delete(*place.key)
        self._tags.forget(place.arn)

    def _find(self, call: ApiCall) -> Document:
        name = call.params["EndpointName"]
        found = self._records.get(call.account, call.region, name)
        if found is None:
            raise invalid(f'Could not find endpoint "{here(call, KIND, name).arn}".')
        return found

    def _content(self, call: ApiCall, name: str) -> Document:
        found = self._configs.get(call.account, call.region, name)
        if found is None:
            arn = here(call, "endpoint-config", name).arn
            raise invalid(f'Could not find endpoint configuration "{arn}".')
        return content(found, lambda model: self._models.get(call.account, call.region, model))
