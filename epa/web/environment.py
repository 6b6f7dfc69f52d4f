"""Where templates come from, set up so that a page with many macros costs little."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PlumblineEnvironment(Environment):
    """Jinja's environment with what is known everywhere as a plain dictionary.

    Jinja keeps it as a chain of two, to let it change after templates are loaded. Ours does not
    change once the application is made, and every page walks it for every file of macros.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What a template knows without being given it."""
        return {**self.globals, **(d or {})}
