"""Commands of codes: the classification."""

import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.sdopen.commands import catalog
from ckanext.sdopen.sheets.charsets import Undecodable, decoded


@catalog.command("classification")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--region", default="", help="Region whose tree it is (the portal's).")
def load_classification(file: Path, region: str) -> None:
    """Replace a region's tree 类, 项, 目, 细目 by a file; the first wrong line is named."""
    chosen = region or str(tk.config["ckanext.sdopen.portal.region"])
    try:
        table = decoded(file.read_bytes())
        site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
        context = {"user": site["name"], "ignore_auth": True}
        done = tk.get_action("sdopen_classification_update")(
            context, {"region": chosen, "table": table}
        )
    except Undecodable:
        click.echo(f"{file}: 不是 UTF-8 或 GB18030 文本 · is neither UTF-8 nor GB18030", err=True)
        sys.exit(1)
    except tk.ValidationError as error:
        model.Session.rollback()
        click.echo(
            f"{file}: {'；'.join(t for ts in error.error_dict.values() for t in ts)}", err=True
        )
        sys.exit(1)
    click.echo(f"{done['nodes']} 个节点 nodes")
