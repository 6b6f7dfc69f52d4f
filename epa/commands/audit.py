"""plumbline audit verify: walk the chain and name the first broken row."""

from __future__ import annotations

import argparse
import json
import re

from epa.audit.queries import verified
from epa.commands.application import CommandRefused, application, refuse


def main(argv: list[str], program: str) -> int:
    """Run ``plumbline audit``: exit status 0 when the chain is intact, 2 when it is broken."""
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="walk the chain and name the first broken row")
    verify.add_argument("--anchor", metavar="HASH", help="a head exported earlier")
    verify.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(argv)
    if options.anchor is not None and not re.fullmatch(r"[0-9a-f]{64}", options.anchor):
        return refuse(program, "--anchor: 64 hexadecimal figures were expected, as in a head.")
    try:
        with application() as app:
            verdict = verified(app.config["AUDIT_KEY"], options.anchor)
    except CommandRefused as fault:
        return refuse(program, str(fault))
    if options.json:
        print(
            json.dumps(
                {
                    "rows": verdict.rows,
                    "head": verdict.head,
                    "intact": verdict.intact,
                    "first_broken": verdict.first_broken,
                }
            )
        )
    elif verdict.intact:
        print(f"The audit log is intact: {verdict.rows:,} rows, head {verdict.head}.")
    if verdict.intact:
        return 0
    return refuse(program, f"the audit log is broken at row {verdict.first_broken}")
