"""What a command is asked to write to."""

import os
from pathlib import Path

import pytest

from sextant.cli.files import check_can_write
from sextant.cli.refused import Refused


def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(Refused, match="is a device or a pipe"):
        check_can_write(str(pipe))


def test_a_file_that_is_there_and_one_that_is_not_may_be_written(tmp_path: Path):
    (tmp_path / "old.json").write_text("{}")

    check_can_write(str(tmp_path / "old.json"))
    check_can_write(str(tmp_path / "new.json"))
