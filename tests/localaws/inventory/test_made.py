"""Each table sees what is really there: of two resources, one good and one bad, its rules find the
bad one, by what a reader may read who has the table's actions and no others."""

from __future__ import annotations

import pytest
from inventory_place import each_name, unique
from made_code import MADE as OF_CODE
from made_data import MADE as OF_DATA
from made_ec2 import MADE as OF_EC2
from made_iam import MADE as OF_IAM
from made_s3 import MADE as OF_S3
from made_sagemaker import MADE as OF_SAGEMAKER

MADE = (*OF_S3, *OF_SAGEMAKER, *OF_IAM, *OF_EC2, *OF_CODE, *OF_DATA)


@pytest.mark.parametrize("made", MADE, ids=list(each_name(MADE)))
def test_the_bad_one_is_found(place, made):
    bad = made.wrong(place, unique("bad"))
    good = made.right(place, unique("good"))
    only = (bad, good) if made.alone else ()
    found, seen = place.found(made.rules, made.parameters, only)
    assert {bad, good} <= seen
    for rule, names in found.items():
        assert bad in names, rule
        assert good not in names, rule
