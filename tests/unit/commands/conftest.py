"""What the tests of the commands share."""

from functools import partial

import pytest

from tests.support import command


@pytest.fixture
def run(capsys):
    """Runs a command; its status, standard output and standard error."""
    return partial(command.run, capsys)
