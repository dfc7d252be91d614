"""The policies in force for a call, collected from where they are kept, and the engine asked.

Nothing is decided here: `Layers` gathers, `landrail.policy.authorize` decides.
"""

from landrail.localaws.layers.access_points import blocked_at_point, out_of_reach
from landrail.localaws.layers.acl import refuse_list
from landrail.localaws.layers.circumstances import Circumstances
from landrail.localaws.layers.collect import Layers
from landrail.localaws.layers.documents import Unreadable
from landrail.localaws.layers.endpoint_names import door_service, endpoint_service
from landrail.localaws.layers.own_keys import refuse_own_key
from landrail.localaws.layers.public_access import blocked_as_public, public_reason
from landrail.localaws.layers.resource import Finder
from landrail.localaws.layers.sources import Sources
from landrail.localaws.layers.ways import NoWay, Way, way_of

__all__ = [
    "Circumstances",
    "Finder",
    "Layers",
    "NoWay",
    "Sources",
    "Unreadable",
    "Way",
    "blocked_as_public",
    "blocked_at_point",
    "door_service",
    "endpoint_service",
    "out_of_reach",
    "public_reason",
    "refuse_list",
    "refuse_own_key",
    "way_of",
]
