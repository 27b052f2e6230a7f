"""The front door: every command, thin. Work is done elsewhere; here words are read and answers printed.

Exit codes: 0 good, 1 failed, 2 usage, 3 bad settings or policy, 4 refused, 5 damaged data. Each file beside this
one holds one group of commands and imports what it needs when it is called, so that every command starts fast.
"""

import logging
from typing import Any

import click

from kiosk.cli import (
    backup,
    content,
    demo,
    enrol,
    export,
    journal,
    manager,
    policy,
    province,
    province_backup,
    province_baseline,
    province_board,
    province_clock,
    province_guides,
    province_key,
    province_lake,
    province_publish,
    province_quarantine,
    province_report,
    province_serve,
    province_sites,
    province_sites_files,
    province_stations,
    province_task,
    province_units,
    publish,
    report,
    session,
    starter,
    station,
    trust,
    update,
)
from kiosk.cli.speaking import speak
from kiosk.errors import KioskError


class Sentences(click.Group):
    """A group whose errors are sentences on stderr with the exit code of their kind; never a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Read the command line and run the command."""
        speak(self)
        # What is told to a person is a sentence in their language; the log is the service's.
        logging.getLogger("kiosk").addHandler(logging.NullHandler())
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KioskError as error:
            click.echo(str(error), err=True)
            ctx.exit(error.exit_code)


def _say_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from kiosk.export.run import software_version

        click.echo(f"kiosk {software_version()}")
        context.exit()


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_say_version,
              help="Show the version and exit.")  # fmt: skip
def main() -> None:
    """Public-access PCs: sign in without a name, fair time, nothing left behind.

    \b
    Example:
      kiosk run
    """


for command in (station.run, station.stop, station.status, station.check, report.report, demo.demo):
    main.add_command(command)
for command in (backup.backup, backup.restore, enrol.enrol):
    main.add_command(command)
for command in (update.update, trust.trust, update.rollback, starter.starter, publish.publish, publish.keys):
    content.content.add_command(command)
for group in (content.content, policy.policy, manager.manager, export.export, session.session, journal.journal):
    main.add_command(group)
for command in (province_backup.backup, province_backup.restore, province_backup.verify):
    province.province.add_command(command)
for command in (province_lake.rebuild, province_lake.load):
    province.province.add_command(command)
province.province.add_command(province_board.board)
province.province.add_command(province_report.report)
province.province.add_command(province_publish.publish)
for command in (province_sites_files.taken, province_sites_files.exported, province_units.freeze, province_units.merge,
                province_units.rename):  # fmt: skip
    province_sites.sites.add_command(command)
province.province.add_command(province_sites.sites)
province.province.add_command(province_quarantine.quarantine)
for command in (province_serve.serve, province_stations.station, province_key.key, province_clock.clock):
    province.province.add_command(command)
province.province.add_command(province_task.task)
province.province.add_command(province_guides.guides)
province.province.add_command(province_baseline.baseline)
main.add_command(province.province)
