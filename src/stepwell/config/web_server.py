"""The web server's main process: it opens the port and restarts workers that die."""

import json
import sys

from granian import Granian
from granian.http import HTTP1Settings

from stepwell.config.parent import exit_with_supervisor

if __name__ == "__main__":
    exit_with_supervisor()
    options = json.loads(sys.argv[1])
    http1 = HTTP1Settings(**options.pop("http1_settings"))
    Granian("stepwell.config.rsgi:application", http1_settings=http1, **options).serve()
