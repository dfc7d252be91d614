"""What a request asks of an endpoint that is there: whether it may be changed, and how."""

from __future__ import annotations

from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document
from landrail.localaws.services.sagemaker.validation import invalid
from landrail.localaws.services.sagemaker.variants import MOST_INSTANCES

BUSY = ("Creating", "Updating", "RollingBack", "Deleting", "SystemUpdating")


def must_rest(place: Place, endpoint: Document) -> None:
    """Raise ApiError for an endpoint that is being changed, or has failed."""
    status = endpoint["EndpointStatus"]
    if status in BUSY:
        raise invalid(f'Cannot update in-progress endpoint "{place.arn}": it is {status}.')
    if status == "Failed":
        raise invalid(f'Cannot update failed endpoint "{place.arn}": it can only be deleted.')


def deployment(params: Document, endpoint: Document) -> Document | None:
    """Return the deployment configuration that an update is to follow."""
    given: Document | None = params.get("DeploymentConfig")
    if not params.get("RetainDeploymentConfig"):
        return given
    if given is not None:
        raise invalid("Give either DeploymentConfig or RetainDeploymentConfig.")
    last: Document | None = endpoint.get("LastDeploymentConfig")
    return last


def same_variants(new: Document, old: Document) -> None:
    """The Developer Guide, "Exclusions": deployments by a policy are between the same variants."""
    came, went = set(new["counts"]), set(old["counts"])
    if came != went:
        raise invalid(
            "The new endpoint configuration must have the same variant names as the old one for a "
            f"deployment by a DeploymentConfig: {', '.join(sorted(came))} instead of "
            f"{', '.join(sorted(went))}."
        )


def desired(
    place: Place, serving: Document, wanted: list[Document]
) -> tuple[dict[str, float], dict[str, int]]:
    """Return the weights that are asked for, and the numbers of instances that are others."""
    weights: dict[str, float] = {}
    counts: dict[str, int] = {}
    for item in wanted:
        name = item["VariantName"]
        if name not in serving["counts"]:
            raise invalid(f"There is no variant {name} in {place.arn}.")
        if "ServerlessUpdateConfig" in item:
            raise invalid("The local AWS has no serverless variants to update.")
        if "DesiredWeight" in item:
            weights[name] = float(item["DesiredWeight"])
        count = item.get("DesiredInstanceCount", serving["counts"][name])
        if not 1 <= count <= MOST_INSTANCES:
            raise invalid(
                f"The local AWS runs 1 to {MOST_INSTANCES} processes for a production variant."
            )
        if count != serving["counts"][name]:
            counts[name] = count
    return weights, counts
