"""The command `plumbline frameworks`: list, show, check, score and seqf-kpis, without Flask."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:  # pydantic waits until a command needs it, so that --help is quick
    from frameworks.checking import Finding
    from frameworks.faults import Fault
    from frameworks.loading import Available
    from frameworks.schema import Framework

BAD_INPUT = 2
SEQF = "seqf"


def main(argv: list[str], program: str = "plumbline frameworks") -> int:
    """Run one command and return its exit status: 0, or 2 on bad input.

    Args:
        argv: the words after `plumbline frameworks`.
        program: what messages call the command.
    """
    try:
        arguments = _parser(program).parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    try:
        return _run(arguments)
    except BrokenPipeError:  # whoever read the output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: argparse.Namespace) -> int:
    from frameworks.faults import Faults

    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except Faults as error:
        document = {"faults": [fault.as_json() for fault in error.faults]}
        return _report(arguments, error.faults, document)


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="The standards and quality frameworks Plumbline knows, and their scoring.",
        allow_abbrev=False,
    )
    parser.set_defaults(program=program)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], help_: str) -> Any:
        one = commands.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        one.add_argument("--json", action="store_true", help="print one JSON document")
        one.add_argument(
            "--definitions",
            metavar="DIR",
            action="append",
            default=[],
            help="also use the definitions DIR/CODE/VERSION.toml; may be repeated."
            " $PLUMBLINE_DATA/frameworks is always used when it exists",
        )
        one.set_defaults(run=run)
        return one

    version = {"metavar": "V", "help": "the version to use; the newest when left out"}
    command("list", _list, "List every framework and version.")
    show = command("show", _show, "Show a whole definition.")
    show.add_argument("code", metavar="CODE")
    show.add_argument("--version", **version)
    check = command("check", _check, "Check definitions, and report contradictions in the source.")
    check.add_argument("target", metavar="CODE|FILE", nargs="?", help="all when left out")
    check.add_argument("--version", **version)
    score = command("score", _score, "Score a file of ratings.")
    score.add_argument("code", metavar="CODE")
    score.add_argument("file", metavar="FILE", help="ratings, as JSON")
    score.add_argument("--version", **version)
    kpis = command("seqf-kpis", _seqf_kpis, "Work out SEQF's indicators from a list of clients.")
    kpis.add_argument("--version", **version)
    _add_client_options(kpis)
    return parser


def _add_client_options(kpis: argparse.ArgumentParser) -> None:
    kpis.add_argument("clients", metavar="CLIENTS.csv", help="one row a client")
    kpis.add_argument("--assessed-on", metavar="YYYY-MM-DD", required=True)
    kpis.add_argument("--satisfaction", metavar="FILE.csv", help="questionnaire answers")
    kpis.add_argument("--seed", metavar="N", help="of the sample; drawn and told when left out")
    kpis.add_argument("--sample-size", metavar="N", help="how many clients to draw")


def _list(arguments: argparse.Namespace) -> int:
    from frameworks import showing
    from frameworks.faults import DefinitionFaults
    from frameworks.loading import available_frameworks, load_framework

    directories = _directories(arguments)
    loaded: list[Framework] = []
    faults: list[Fault] = []
    for one in available_frameworks(directories):
        try:
            loaded.append(load_framework(one.code, one.version, directories))
        except DefinitionFaults as error:
            faults.extend(error.faults)
    document = [
        {
            "code": one.code,
            "version": one.version,
            "title": one.title,
            "scheme": one.scheme,
            "criteria": len(one.criteria),
        }
        for one in loaded
    ]
    _print(arguments, document, showing.framework_list(loaded))
    return _report(arguments, faults)


def _show(arguments: argparse.Namespace) -> int:
    from frameworks import showing
    from frameworks.loading import load_framework

    framework = load_framework(arguments.code, arguments.version, _directories(arguments))
    _print(arguments, framework.as_json(), showing.whole_framework(framework))
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from frameworks import showing
    from frameworks.faults import DefinitionFaults, Fault

    try:
        targets = _targets(arguments)
    except DefinitionFaults as error:
        name = arguments.target or "all"
        checked = [("", finding) for finding in _as_findings(name, error.faults)]
    else:
        checked = [(str(path), finding) for path, one in targets for finding in _found(path, one)]
    found = [finding for _, finding in checked]
    _print(arguments, [finding.as_json() for finding in found], showing.findings(found))
    return _report(
        arguments,
        [Fault(file, one.where, one.problem) for file, one in checked if one.kind == "error"],
    )


def _targets(arguments: argparse.Namespace) -> list[tuple[Path, "Available | None"]]:
    """Return the files to check, each with its place among the definitions if it has one."""
    from frameworks.faults import DefinitionFaults, Fault
    from frameworks.loading import available_frameworks, find_framework, unknown_framework

    directories = _directories(arguments)
    available = available_frameworks(directories)
    target = arguments.target
    if target in {one.code for one in available}:
        one = find_framework(target, arguments.version, directories)
        return [(one.path, one)]
    if arguments.version is not None:
        problem = "a version can only be picked for the code of a framework"
        raise DefinitionFaults([Fault("", "--version", problem)])
    if target is None:
        return [(one.path, one) for one in available]
    if target.endswith(".toml") or Path(target).exists():
        return [(Path(target), None)]
    raise DefinitionFaults([unknown_framework(target, available)])


def _found(path: Path, available: "Available | None") -> "Iterator[Finding]":
    """Check one file, whether or not it can be loaded."""
    from frameworks.checking import check
    from frameworks.faults import DefinitionFaults
    from frameworks.loading import place_faults, read_file

    name = available.code if available else str(path)
    try:
        framework = read_file(path)
    except DefinitionFaults as error:
        yield from _as_findings(name, error.faults)
        return
    if available:
        yield from _as_findings(name, place_faults(available, framework))
    yield from check(framework)


def _as_findings(name: str, faults: "Iterable[Fault]") -> "Iterator[Finding]":
    from frameworks.checking import Finding

    for fault in faults:
        yield Finding(name, fault.where or "file", fault.problem, "error")


def _score(arguments: argparse.Namespace) -> int:
    from frameworks import showing
    from frameworks.faults import Faults, RatingFaults
    from frameworks.loading import load_framework
    from frameworks.ratings_file import read_ratings
    from frameworks.scoring import score

    faults: list[Fault] = []
    framework = ratings = outcome = None
    try:
        framework = load_framework(arguments.code, arguments.version, _directories(arguments))
    except Faults as error:
        faults.extend(error.faults)
    try:
        ratings, doubled = read_ratings(arguments.file)
        faults.extend(doubled)
        if framework is not None:
            outcome = score(framework, ratings)
    except RatingFaults as error:
        faults.extend(fault.in_file(arguments.file) for fault in error.faults)
    if faults or outcome is None:
        raise Faults(faults)
    _print(arguments, outcome.as_json(), showing.outcome(outcome))
    return 0


def _seqf_kpis(arguments: argparse.Namespace) -> int:
    from frameworks.kpis.command import Wanted, report_for
    from frameworks.kpis.report import lines_of
    from frameworks.loading import load_framework

    framework = load_framework(SEQF, arguments.version, _directories(arguments))
    wanted = Wanted(
        clients=arguments.clients,
        satisfaction=arguments.satisfaction,
        assessed_on=arguments.assessed_on,
        seed=arguments.seed,
        sample_size=arguments.sample_size,
    )
    report = report_for(framework, wanted)
    _print(arguments, report.as_json(), lines_of(report))
    return 0


def _directories(arguments: argparse.Namespace) -> list[Path]:
    """Return the further folders of definitions: those named, and the EPAO's own."""
    from frameworks.faults import DefinitionFaults, Fault

    named = [Path(directory) for directory in arguments.definitions]
    missing = [
        Fault(str(directory), "--definitions", "a folder was expected")
        for directory in named
        if not directory.is_dir()
    ]
    if missing:
        raise DefinitionFaults(missing)
    own = Path(os.environ.get("PLUMBLINE_DATA") or "var") / "frameworks"
    return [*named, own] if own.is_dir() else named


def _report(
    arguments: argparse.Namespace, faults: "Iterable[Fault]", document: object = None
) -> int:
    """Say each fault on standard error, and return the exit status that follows."""
    faults = tuple(faults)
    for fault in faults:
        _write(sys.stderr, f"{arguments.program}: {_on_one_line(str(fault))}")
    if arguments.json and document is not None:
        _print(arguments, document, ())
    return BAD_INPUT if faults else 0


def _print(arguments: argparse.Namespace, document: object, lines: Iterable[str]) -> None:
    """Print one JSON document where it was asked for, and lines for people otherwise."""
    if arguments.json:
        _write(sys.stdout, json.dumps(document, indent=2))
    else:
        for line in lines:
            _write(sys.stdout, _on_one_line(line))
    sys.stdout.flush()


def _on_one_line(text: str) -> str:
    """Write out what would break the line, or command the terminal: it came from a file."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _write(stream: TextIO, line: str) -> None:
    """Write a line; a character the terminal does not know never stops the command."""
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
