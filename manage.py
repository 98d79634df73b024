#!/usr/bin/env python
"""Django's command line. `./run manage …` calls it with the services running; what only measures needs none of them."""

import os
import sys

from django.core.management import execute_from_command_line

MEASURING = ("evaluate_", "calibrate_")

if __name__ == "__main__":
    measures = len(sys.argv) > 1 and sys.argv[1].startswith(MEASURING)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.measuring" if measures else "verifyportal.settings")
    execute_from_command_line(sys.argv)
