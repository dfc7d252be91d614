"""The Config service: its own rules; recorders, channels and aggregators stay with the store."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from landrail.localaws.api import Answering, Completed, Door, Operation, Platform
from landrail.localaws.services.config.compliance import Compliance
from landrail.localaws.services.config.definitions import Definitions
from landrail.localaws.services.config.evaluator import Asked, Evaluator
from landrail.localaws.services.config.results import Results
from landrail.localaws.services.config.tags import Tags
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_RECORDING = ("StartConfigurationRecorder", "PutConfigurationRecorder")
_OBJECTS = ("Object", "Part", "MultipartUpload", "SelectObjectContent")


class Config(Answering):
    """Rules and what they found."""

    name = "config"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        """Build every part."""
        del blobs
        results = Results(tables)
        self._evaluator = Evaluator(platform, results)
        definitions = Definitions(results, self._evaluator)
        self.operations: Mapping[str, Operation] = {
            **definitions.operations(),
            **Tags(platform, results).operations(),
            **Compliance(platform, results, definitions).operations(),
        }

    def completed(self, event: Completed) -> None:
        """Have a bucket evaluated that was changed, or all of them when that matters."""
        call = event.call
        place = (call.account, call.region)
        if call.service == "s3" and not any(word in call.operation for word in _OBJECTS):
            bucket = call.params.get("Bucket")
            if bucket:
                self._evaluator.ask(Asked(*place, bucket=str(bucket)))
        elif (call.service == "s3control" and "PublicAccessBlock" in call.operation) or (
            call.service == "config" and call.operation in _RECORDING
        ):
            self._evaluator.ask(Asked(*place))

    def start(self) -> None:
        """Begin to evaluate."""
        self._evaluator.start()

    def stop(self) -> None:
        """Finish what is queued."""
        self._evaluator.stop()
