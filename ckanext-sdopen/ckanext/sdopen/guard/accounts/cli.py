"""Commands for accounts; CKAN's `user setpass` asks for a good password, too."""

from typing import Any

import click
from ckan import model
from ckan.cli.user import set_password

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.guard.accounts import second_factor
from ckanext.sdopen.guard.accounts.login import lockout
from ckanext.sdopen.guard.accounts.passwords import check


@sdopen.group(name="account")
def account() -> None:
    """Accounts: unlock one, remove its second factor."""


def _user(name: str) -> model.User:
    found: model.User | None = model.User.get(name)
    if found is None:
        raise click.ClickException(f"There is no account {name}")
    return found


@account.command("unlock")
@click.argument("name")
def unlock(name: str) -> None:
    """Forget the failed logins of an account."""
    user = _user(name)
    lockout.unlock([lockout.account_key(user.id, name), f"code:{user.id}"])
    log.record_now([Event(Kind.UNLOCK, user.id, "user")])
    click.echo(f"{user.name}: unlocked")


@account.command("remove-second-factor")
@click.argument("name")
def remove_second_factor(name: str) -> None:
    """Let an account whose phone and recovery codes are lost log in with its password."""
    user = _user(name)
    second_factor.remove(user.id)
    click.echo(f"{user.name}: without second factor")


def _checked(username: str, password: str | None) -> Any:
    """Set the password of an account as CKAN does, unless it is a weak one."""
    asked = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    user = model.User.get(username)
    found = check.complaints(asked, username, user) if user else []
    if found:
        raise click.ClickException("; ".join(found))
    return _set(username, asked)


if set_password.callback is not _checked:
    _set: Any = set_password.callback
    set_password.callback = _checked
