"""Whether a number is large: as little of a model as pipelines carry."""


def score(value: float, border: float) -> float:
    """Return 1 for a large number, 0 for a small one."""
    return float(value > border)
