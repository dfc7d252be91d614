"""What a production variant and the data capture of an endpoint configuration may say.

What would change the result and is not there, is refused by name; what only says on which machine,
is kept and has no effect.
"""

from __future__ import annotations

from collections.abc import Iterator

from landrail.localaws.services.sagemaker.objects import NoData, Uri
from landrail.localaws.services.sagemaker.records import Document

MOST_INSTANCES = 8
_VARIANT = frozenset(
    {
        *("VariantName", "ModelName", "InitialInstanceCount", "InstanceType"),
        *("InitialVariantWeight", "VolumeSizeInGB", "ModelDataDownloadTimeoutInSeconds"),
        *("ContainerStartupHealthCheckTimeoutInSeconds", "EnableSSMAccess", "RoutingConfig"),
        *("VariantInstanceProvisionTimeoutInSeconds", "InferenceAmiVersion"),
    }
)
_STRATEGIES = ("RANDOM", "LEAST_OUTSTANDING_REQUESTS")
_FREQUENCIES = (10, 30, 60, 120, 180, 240, 300)


def variant_problems(variant: Document) -> Iterator[str]:
    """Yield what is wrong with a production variant; fills in what AWS fills in."""
    unknown = sorted(set(variant) - _VARIANT)
    if unknown:
        yield f"The local AWS does not support {', '.join(unknown)} of a production variant."
        return
    strategy = (variant.get("RoutingConfig") or {}).get("RoutingStrategy", "RANDOM")
    if strategy not in _STRATEGIES:
        yield f"The local AWS does not support the RoutingStrategy {strategy}."
    variant.setdefault("InitialInstanceCount", 1)
    variant.setdefault("InitialVariantWeight", 1.0)
    if not 1 <= variant["InitialInstanceCount"] <= MOST_INSTANCES:
        yield f"The local AWS starts 1 to {MOST_INSTANCES} processes for a production variant."


def capture_problems(capture: Document | None) -> Iterator[str]:
    """Yield what is wrong with a DataCaptureConfig."""
    if capture is None:
        return
    try:
        Uri.parse(capture["DestinationS3Uri"])
    except NoData:
        yield f"DestinationS3Uri {capture['DestinationS3Uri']} is not an S3 URI."
    treated = capture.get("CaptureContentTypeHeader") or {}
    both = set(treated.get("CsvContentTypes") or ()) & set(treated.get("JsonContentTypes") or ())
    if both:
        yield f"CaptureContentTypeHeader names {', '.join(sorted(both))} as CSV and as JSON."


def metrics_problems(metrics: Document | None) -> Iterator[str]:
    """Yield what is wrong with a MetricsConfig."""
    for name in ("EnableEnhancedMetrics", "EnableDetailedObservability"):
        if (metrics or {}).get(name):
            yield f"The local AWS does not support {name} of MetricsConfig."
    frequency = (metrics or {}).get("MetricPublishFrequencyInSeconds", 60)
    if frequency not in _FREQUENCIES:
        listed = ", ".join(map(str, _FREQUENCIES))
        yield f"MetricPublishFrequencyInSeconds must be one of {listed}, not {frequency}."
