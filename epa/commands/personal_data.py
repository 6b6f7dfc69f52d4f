"""plumbline personal-data check: say where notes look as if they held personal data."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from epa.personal_data import findings


def main(argv: list[str], program: str) -> int:
    """Run ``plumbline personal-data``: what was found is no fault, an unreadable file is."""
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="one note per line; the matched text is never shown")
    check.add_argument("file", metavar="FILE", type=Path, help="plain text in UTF-8")
    check.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args(argv)
    try:
        text = options.file.read_text(encoding="utf-8-sig")
    except OSError as fault:
        print(f"{program}: {options.file}: {fault.strerror or 'cannot be read'}.", file=sys.stderr)
        return 2
    except UnicodeDecodeError:
        print(f"{program}: {options.file}: plain text in UTF-8 was expected.", file=sys.stderr)
        return 2
    found = findings(text)
    if options.json:
        told = [{"line": one.line, "kind": one.kind.value} for one in found]
        print(json.dumps({"findings": told}))
        return 0
    for one in found:
        print(f"line {one.line}: {one.kind.value.replace('_', ' ')}")
    lines = len({one.line for one in found})
    print(f"{lines:,} of {len(text.splitlines()):,} lines look as if they held personal data.")
    return 0
