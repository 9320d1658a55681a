"""Options that several commands take, said once."""

from pathlib import Path

import click

CONFIG_HELP = "Settings file. [default: $STILLFRAME_CONFIG, else ./stillframe.toml]"
config_option = click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help=CONFIG_HELP
)
host_option = click.option("--host", default="127.0.0.1", show_default=True, help="Listen here.")
port_option = click.option(
    "--port", default=8501, show_default=True, type=click.IntRange(0, 65535), help="Listen there."
)
log_format_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines of the log, on standard error.",
)
no_browser_option = click.option("--no-browser", is_flag=True, help="Do not open the browser.")
