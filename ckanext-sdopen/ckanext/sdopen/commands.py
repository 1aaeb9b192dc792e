"""The group `ckan sdopen`, to which each capability's `cli` adds its own group."""

from typing import Any

import click

from ckanext.sdopen.errors import SdopenError


class _Sentences(click.Group):
    """Commands whose errors that a user can act on are one sentence, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SdopenError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Sentences)
def sdopen() -> None:
    """Commands of the sdopen portal."""


# groups that more than one capability adds commands to
@sdopen.group("catalog")
def catalog() -> None:
    """The directory of catalogs and interfaces."""


@sdopen.group("search")
def search() -> None:
    """Index and synonyms."""
