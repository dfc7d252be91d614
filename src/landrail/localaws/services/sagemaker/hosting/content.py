"""What an endpoint is to serve: a configuration and its models, as they are when it is deployed.

Kept with the endpoint: a configuration or model that is deleted afterwards serves on, also after
the local AWS was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from landrail.localaws.services.sagemaker.records import Document

COUNT, WEIGHT, CAPTURE = "DesiredInstanceCount", "DesiredWeight", "DataCaptureConfig"


def content(config: Document, model: Callable[[str], Document | None]) -> Document:
    """Return what a configuration serves; models that are gone are missing in it."""
    variants = config["ProductionVariants"]
    models = {v["ModelName"]: model(v["ModelName"]) for v in variants}
    return {
        "config": {k: v for k, v in config.items() if k != "DataCaptureConfig"},
        "models": {name: found for name, found in models.items() if found is not None},
        "weights": {v["VariantName"]: float(v["InitialVariantWeight"]) for v in variants},
        "counts": {v["VariantName"]: v["InitialInstanceCount"] for v in variants},
        "capture": config.get("DataCaptureConfig"),
    }


def retained(new: Document, old: Document, excluded: Sequence[str]) -> Document:
    """Return new content with the weights, numbers of instances and data capture of the old one,
    for variants of the same name, except those that are `excluded`."""
    kept = dict(new)
    if WEIGHT not in excluded:
        kept["weights"] = _over(new["weights"], old["weights"])
    if COUNT not in excluded:
        kept["counts"] = _over(new["counts"], old["counts"])
    if CAPTURE not in excluded:
        kept["capture"] = old["capture"]
    return kept


def variant_of(content: Document, name: str) -> Document:
    """Return the settings of a variant."""
    found: Document = next(
        v for v in content["config"]["ProductionVariants"] if v["VariantName"] == name
    )
    return found


def model_of(content: Document, name: str) -> Document | None:
    """Return the model of a variant with what the configuration says of its network, or None where
    the model is gone."""
    config = content["config"]
    model: Document | None = content["models"].get(variant_of(content, name)["ModelName"])
    if model is None:
        return None
    if config.get("EnableNetworkIsolation"):
        model = {**model, "EnableNetworkIsolation": True}
    if config.get("VpcConfig"):
        model = {**model, "VpcConfig": config["VpcConfig"]}
    return model


def _over(new: Mapping[str, float], old: Mapping[str, float]) -> dict[str, float]:
    return {name: old.get(name, value) for name, value in new.items()}
