"""CloudTrail: its resources by name, and trails of the organization.

A trail has no policy of its own. Who names one of another account, as accounts do with the trail of
their organization, is judged by their own policies; whether they may see it, CloudTrail says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from landrail.localaws.gateway.requests.general import general
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup

_ON_TRAILS = (
    *("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
    *("GetTrail", "GetTrailStatus", "GetEventSelectors", "PutEventSelectors"),
    *("GetInsightSelectors", "PutInsightSelectors"),
)
_RULES = Rules(
    "cloudtrail",
    names={
        "TrailName": ("Name", "TrailName"),
        "DashboardName": ("DashboardId", "Name"),
        "EventDataStoreId": ("EventDataStore",),
        "ChannelId": ("Channel",),
    },
    stand_ins={"EventDataStoreId": "*", "ChannelId": "*"},
    gaps=frozenset({"ListInsightsMetricData"}),
    passed_to="cloudtrail.amazonaws.com",
)


def _of_caller(call: Call, lookup: Lookup) -> Sequence[Authorization]:
    del lookup
    return [replace(each, account=call.account) for each in general(call, _RULES)]


CLOUDTRAIL = replace(_RULES, custom=dict.fromkeys(_ON_TRAILS, _of_caller))
