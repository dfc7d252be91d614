"""Blue/green: the new fleet is started whole beside the old one, and traffic goes over in steps.

The old fleet stays as it is until the last step is over; the way back is to send it everything
again, at once.
"""

from __future__ import annotations

from landrail.localaws.services.sagemaker.hosting.deployment import Deployment
from landrail.localaws.services.sagemaker.hosting.live import Part
from landrail.localaws.services.sagemaker.hosting.strategy import BlueGreen, Step, spread


def walk(deployment: Deployment, strategy: BlueGreen) -> None:
    """Go all steps that are not yet over; raises CannotServe, Tripped or Halted."""
    steps = spread(strategy, deployment.counts)
    deployment.launch(deployment.counts)
    for number, step in enumerate(steps):
        if number < deployment.step:
            continue
        _shift(deployment, step)
        deployment.bake(step.wait, _baking(deployment, step))
        deployment.reached(number + 1)


def _shift(deployment: Deployment, step: Step) -> None:
    message = f"Activating traffic on {step.what} of {_instances(deployment, step)} instance(s)."
    deployment.tell("ActivatingTraffic", message)
    new = Part(deployment.new, step.share, step.active)
    if step.active is None:
        deployment.live.route(new)
    else:
        deployment.live.route(Part(deployment.old, 1.0 - step.share), new)


def _baking(deployment: Deployment, step: Step) -> str:
    return (
        f"Baking for {step.wait} seconds ({step.timer}) with traffic enabled on {step.what} of "
        f"{_instances(deployment, step)} instance(s)."
    )


def _instances(deployment: Deployment, step: Step) -> int:
    counts = deployment.counts.values()
    return sum(count if step.active is None else step.active.of(count) for count in counts)
