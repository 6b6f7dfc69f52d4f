"""What a web server loads: the application with the settings of its environment."""

from __future__ import annotations

import config
from epa.app import create_app

app = create_app(config.from_environment())
