"""What is due by the clock, and what waits over an end of the server."""

import pytest

from landrail.localaws.services.config.backlog import Backlog
from landrail.localaws.services.config.recorders import Recording
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Results
from landrail.localaws.services.config.schedule import Schedule
from landrail.localaws.store import Tables

PLACE = ("111122223333", "eu-west-1")
DAY = 86_400.0


class Recorders:
    """Recorders of one place, which record everything daily but topics."""

    def places(self):
        return [PLACE]

    def of(self, place):
        override = {"resourceTypes": ["AWS::SNS::Topic"], "recordingFrequency": "CONTINUOUS"}
        mode = {"recordingFrequency": "DAILY", "recordingModeOverrides": [override]}
        return Recording(True, {"allSupported": True}, mode)


@pytest.fixture
def tables(tmp_path):
    kept = Tables(tmp_path / "tables.db")
    yield kept
    kept.close()


def rule(name, identifier, **more):
    source = {"Owner": "AWS", "SourceIdentifier": identifier}
    return {"ConfigRuleName": name, "Source": source, "_activated": 0.0, **more}


def test_periodic_rules_are_due_by_their_frequency(tables):
    results, backlog = Results(tables), Backlog(tables)
    rotation = "CMK_BACKING_KEY_ROTATION_ENABLED"
    results.put_rule(*PLACE, rule("by-day", rotation))
    results.put_rule(*PLACE, rule("hourly", rotation, MaximumExecutionFrequency="One_Hour"))
    results.put_rule(*PLACE, rule("on-change", "SNS_ENCRYPTED_KMS"))
    schedule = Schedule(results, Records(tables), Recorders(), backlog)
    schedule.look(3599.0)
    assert backlog.take(PLACE) == {}
    schedule.look(3600.0)
    assert backlog.take(PLACE)["kms_keys"].rules == {"hourly"}
    results.note(*PLACE, "hourly", _invoked=3600.0)
    schedule.look(DAY - 1)
    assert backlog.take(PLACE)["kms_keys"].rules == {"hourly"}
    schedule.look(DAY)
    assert backlog.take(PLACE)["kms_keys"].rules == {"by-day", "hourly"}


def test_a_rule_that_could_not_be_evaluated_is_tried_again(tables):
    results, backlog = Results(tables), Backlog(tables)
    results.put_rule(*PLACE, rule("on-change", "SNS_ENCRYPTED_KMS"))
    results.note(*PLACE, "on-change", _invoked=100.0, _error=["AccessDenied", "no"])
    schedule = Schedule(results, Records(tables), Recorders(), backlog)
    schedule.look(699.0)
    assert backlog.take(PLACE) == {}
    schedule.look(700.0)
    assert backlog.take(PLACE)["sns_topics"].rules == {"on-change"}


def test_what_is_recorded_daily_is_read_by_day(tables):
    records, backlog = Records(tables), Backlog(tables)
    schedule = Schedule(Results(tables), records, Recorders(), backlog)
    for table in ("s3_buckets", "sns_topics"):
        records.was_read(PLACE, table, 100.0)
    schedule.look(DAY)
    assert backlog.take(PLACE) == {}
    schedule.look(DAY + 100)
    waiting = backlog.take(PLACE)
    assert list(waiting) == ["s3_buckets"]
    assert waiting["s3_buckets"].daily
    assert waiting["s3_buckets"].ids is None


def test_what_waits_is_taken_up_after_an_end(tables):
    first = Backlog(tables)
    first.changed(PLACE, "s3_buckets", "one")
    first.asked(PLACE, "kms_keys", "rotation")
    first.changed(PLACE, "sns_topics")
    first.take(PLACE)
    first.done(PLACE, "sns_topics")
    second = Backlog(tables)
    second.load()
    waiting = second.take(PLACE)
    assert waiting.keys() == {"s3_buckets", "kms_keys"}
    assert waiting["s3_buckets"].ids is None
    assert waiting["kms_keys"].rules == {"rotation"}


def test_a_burst_is_waited_for_but_not_for_ever(tables):
    now = [0.0]
    backlog = Backlog(tables, lambda: now[0])
    backlog.changed(PLACE, "s3_buckets", "one")
    backlog.changed(PLACE, "s3_buckets", "two")
    now[0] = 0.4
    assert list(backlog.wait(0)) == []
    now[0] = 1.0
    assert list(backlog.wait(0)) == [PLACE]
    assert backlog.take(PLACE)["s3_buckets"].ids == {"one", "two"}
    for second in range(2, 70):
        now[0] = second
        backlog.changed(PLACE, "s3_buckets", "one")
        if [backlog.take(place) for place in backlog.wait(0)]:
            break
    assert 55 < now[0] < 65
