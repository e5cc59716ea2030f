import pytest

from codes.epcis.checking import faults_of
from tests.factories.epcis_examples import NAMES, example


@pytest.mark.parametrize("name", NAMES)
def test_every_example_of_gs1_is_accepted(name):
    assert faults_of(example(name)) == []
