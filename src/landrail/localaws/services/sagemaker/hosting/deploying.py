"""Deployments from begin to end: the first fleet of an endpoint, the next one, and the way back.

What an endpoint serves is written with it (`_live`) the moment that this is decided, before
processes of the other fleet are ended.
"""

from __future__ import annotations

from landrail.localaws.services.sagemaker.fleet import CannotServe
from landrail.localaws.services.sagemaker.hosting import blue_green, rolling, views
from landrail.localaws.services.sagemaker.hosting.alarms import Tripped
from landrail.localaws.services.sagemaker.hosting.deployment import Deployment, Halted, Stage
from landrail.localaws.services.sagemaker.hosting.live import DRAIN, Fleet, Live, Part
from landrail.localaws.services.sagemaker.hosting.strategy import Rolling
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document

_LONGEST = 1024


def bring_up(stage: Stage, place: Place, live: Live, fleet: Fleet) -> None:
    """Start a whole fleet and send it everything; raises CannotServe, and nothing of it is left."""
    try:
        fleet.prepare(stage.host, place)
        for name, count in fleet.content["counts"].items():
            fleet.grow(name, count, stage.halted.is_set)
    except BaseException:
        fleet.stop()
        raise
    live.route(Part(fleet))


def create(stage: Stage, place: Place, live: Live, task: Document) -> Fleet | None:
    """Start an endpoint's first fleet; returns it, or None where the endpoint has failed."""
    fleet = Fleet(task["content"])
    told = views.pending(fleet, task["began"], views.status("Creating", "Launching instance(s)."))
    stage.teller.set(place, PendingDeploymentSummary=told)
    try:
        bring_up(stage, place, live, fleet)
    except CannotServe as error:
        failed(stage, place, str(error))
        return None
    settled(stage, place, fleet)
    return fleet


def update(stage: Stage, place: Place, live: Live, old: Fleet, task: Document) -> Fleet:
    """Go from one fleet to the next, or back; returns the one that serves. Raises Halted."""
    deployment = Deployment(stage, place, live, old, task)
    if task.get("back"):
        return _back(deployment, task["back"])
    try:
        deployment.look()
        if isinstance(deployment.strategy, Rolling):
            rolling.walk(deployment, deployment.strategy)
        else:
            blue_green.walk(deployment, deployment.strategy)
    except (CannotServe, Tripped) as error:
        return _back(deployment, str(error))
    except Halted:
        deployment.new.stop()
        raise
    return _over(deployment)


def settled(stage: Stage, place: Place, fleet: Fleet, reason: str | None = None) -> None:
    """Write that an endpoint is in service with this fleet."""
    stage.teller.set(
        place,
        EndpointStatus="InService",
        FailureReason=reason[:_LONGEST] if reason else None,
        EndpointConfigName=fleet.config,
        ProductionVariants=views.variants(fleet),
        DataCaptureConfig=views.capture(fleet.content),
        MetricsConfig=fleet.content["config"].get("MetricsConfig"),
        PendingDeploymentSummary=None,
        _live=fleet.content,
        _next=None,
    )


def failed(stage: Stage, place: Place, reason: str, status: str = "Failed") -> None:
    """Write that an endpoint has failed."""
    if not stage.halted.is_set():
        stage.teller.set(
            place,
            EndpointStatus=status,
            FailureReason=reason[:_LONGEST],
            PendingDeploymentSummary=None,
            _next=None,
        )


def _over(deployment: Deployment) -> Fleet:
    """The new fleet serves alone: end the old one."""
    new, old = deployment.new, deployment.old
    deployment.live.route(Part(new))
    deployment.change(
        _live=new.content,
        _next=None,
        EndpointConfigName=new.config,
        ProductionVariants=views.variants(new, _deleting(old)),
        PendingDeploymentSummary=None,
    )
    old.stop(DRAIN)
    settled(deployment.stage, deployment.place, new)
    return new


def _back(deployment: Deployment, reason: str) -> Fleet:
    """Send everything to the old fleet again, and end the new one."""
    if deployment.halted():
        deployment.new.stop()
        raise Halted
    stage, place, old = deployment.stage, deployment.place, deployment.old

    def going_back(document: Document) -> None:
        if "_next" in document:
            document["_next"]["back"] = reason

    try:
        if isinstance(deployment.strategy, Rolling):
            stage.records.change(*place.key, going_back)
            rolling.back(deployment, deployment.strategy)
        else:
            # Traffic first: whatever is written can wait.
            deployment.live.route(Part(old))
            stage.records.change(*place.key, going_back)
    except CannotServe as error:
        deployment.live.route(Part(old))
        deployment.new.stop(DRAIN)
        deployment.change(ProductionVariants=views.variants(old))
        failed(stage, place, f"{reason} The rollback failed: {error}", "UpdateRollbackFailed")
        return old
    except Halted:
        deployment.new.stop()
        raise
    deployment.tell("Deleting", _deleting(deployment.new)[0]["StatusMessage"])
    deployment.new.stop(DRAIN)
    settled(stage, place, old, reason)
    return old


def _deleting(fleet: Fleet) -> list[Document]:
    count = sum(len(variant.lines) for variant in fleet.variants.values())
    return views.status("Deleting", f"Terminating {count} instance(s).")
