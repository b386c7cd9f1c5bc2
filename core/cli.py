"""The command line: `python -m core COMMAND`. The only module that prints.

A command returns an `Outcome`; this module shows it, as text or as one JSON object, and turns every
`SpanbridgeError` into a message on standard error and its class's exit code:
0 done, 1 other errors, 2 a choice that cannot work, 3 unreadable data, 4 a missing package, model
or solver, 5 the store.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from core import __version__
from core.commands import COMMANDS, Command, Outcome, load_command
from core.commands.progress import ProgressBars
from core.errors import SpanbridgeError


def build_parser(command: str | None = None) -> argparse.ArgumentParser:
    """Make the argument parser.

    Args:
        command: the command that will run; only its options are loaded, so that `--help` is quick.
    """
    parser = argparse.ArgumentParser(
        prog="python -m core",
        description="Spanbridge: project annotations across languages and explain every decision.",
    )
    parser.add_argument("--version", action="version", version=f"spanbridge {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        subparser.add_argument("--json", action="store_true", help="print one JSON object")
        subparser.add_argument("--quiet", action="store_true", help="show no progress bars")
        if name == command:
            load_command(name).add_arguments(subparser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: what follows `python -m core`; None takes them from the process.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = next((word for word in words if word in COMMANDS), None)
    options = build_parser(name).parse_args(words)
    command: Command = load_command(options.command)
    try:
        with ProgressBars(quiet=options.quiet or options.json) as bars:
            outcome = _run(command, options, bars)
    except SpanbridgeError as error:
        return _fail(error, as_json=options.json)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    try:
        _show(outcome, as_json=options.json)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        sys.stderr.close()
    return outcome.exit_code


def _run(command: Command, options: argparse.Namespace, bars: ProgressBars) -> Outcome:
    """Run a command; as that of a run it says how far it is, and its result is kept."""
    from core.jobs import JobContext

    job = JobContext.current()
    if job is None:
        return command.run(options, bars)
    if getattr(command, "TENDS_ITS_RUN", False):
        outcome = command.run(options, bars)
    else:
        with job:
            outcome = command.run(options, _Told(job.progress, job.should_stop))
    if outcome.exit_code == 0:
        job.result(outcome.data)
    return outcome


class _Told(ProgressBars):
    """Progress that a run's heartbeat tells; ends the command when the run is to stop."""

    def __init__(
        self, tell: Callable[[str, int, int], None], should_stop: Callable[[], bool]
    ) -> None:
        super().__init__(quiet=True)
        self._tell = tell
        self._should_stop = should_stop

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell how far a stage is.

        Raises:
            KeyboardInterrupt: the run is to stop.
        """
        if self._should_stop():
            raise KeyboardInterrupt
        self._tell(stage, done, total)


def _show(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(outcome.data, ensure_ascii=False))
    else:
        print(outcome.text)
    sys.stdout.flush()


def _fail(error: SpanbridgeError, *, as_json: bool) -> int:
    if as_json:
        failure = {"error": error.code, "message": error.message, "hint": error.hint}
        print(json.dumps(failure, ensure_ascii=False))
    print(f"error [{error.code}]: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  hint: {error.hint}", file=sys.stderr)
    return error.exit_code
