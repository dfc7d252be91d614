"""The demo's own area under the curve, held against scikit-learn's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from landrail.operations.demo.measure import auc

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=60)


@given(PAIRS)
def test_it_is_the_area_that_others_compute(pairs: list[tuple[bool, int]]) -> None:
    truth = [t for t, _ in pairs]
    scores = [float(s) for _, s in pairs]
    if all(truth) or not any(truth):
        with pytest.raises(ValueError, match="both kinds"):
            auc(truth, scores)
    else:
        assert auc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))


def test_the_network_is_watched() -> None:
    import socket

    with pytest.raises(OSError, match="leaves this machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
