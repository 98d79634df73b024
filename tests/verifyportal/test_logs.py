import json
import logging
import logging.config

import structlog

from verifyportal import logs

TOKEN = "q8Zb1yXk3mN5pR7tV9wA2cE4gI6kM8oQ"


def test_fields_that_name_a_person_are_dropped() -> None:
    event = logs.without_personal_data(None, "info", {"event": "decided", "first_name": "Nino", "session_id": 7})
    assert event == {"event": "decided", "session_id": 7}


def test_the_token_of_a_link_never_reaches_the_log() -> None:
    event = logs.without_personal_data(None, "info", {"event": f"Not Found: /v/{TOKEN}/front", "path": f"/phone/{TOKEN}"})
    assert TOKEN not in json.dumps(event)
    assert event["event"].endswith("/front")


def test_the_lines_of_libraries_are_json_too_and_as_clean() -> None:
    formatter = logging.config.DictConfigurator(logs.configuration(as_json=True, level="INFO")).configure_formatter(
        logs.configuration(as_json=True, level="INFO")["formatters"]["lines"]
    )
    assert isinstance(formatter, structlog.stdlib.ProcessorFormatter)
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "Not Found: %s", (f"/v/{TOKEN}/",), None)
    line = json.loads(formatter.format(record))
    assert (line["event"], line["level"], line["logger"]) == ("Not Found: /v/…/", "warning", "django.request")
