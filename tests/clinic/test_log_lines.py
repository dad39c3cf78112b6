"""What goes into a log says where a fault was, never what was on the chart."""

import logging
import sys

from django.conf import settings
from django.utils.module_loading import import_string


def test_a_fault_is_logged_by_its_place_and_kind_and_not_by_its_message():
    seen = "PHQ-9 of 19"
    line = settings.LOGGING["formatters"]["line"]
    formatter: logging.Formatter = import_string(line["()"])(line["format"], style=line["style"])

    try:
        int(seen)
    except ValueError:
        logged = formatter.formatException(sys.exc_info())

    assert "test_log_lines.py" in logged
    assert "ValueError (message left out)" in logged
    assert seen not in logged


def test_every_line_of_the_log_goes_through_that_filter():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"line"}
