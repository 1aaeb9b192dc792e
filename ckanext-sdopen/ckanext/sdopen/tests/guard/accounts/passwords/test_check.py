"""Weak, old and former passwords are refused wherever an account gets a password."""

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import CKANCliRunner, call_action
from sqlalchemy import text

from ckanext.sdopen.guard.accounts.passwords import check
from ckanext.sdopen.sample.loading import accounts as demo
from ckanext.sdopen.tests.guard.accounts.corpus.people import OTHER, PASSWORD, logged_in, person
from ckanext.sdopen.tests.guard.accounts.corpus.weak import WEAK

pytestmark = pytest.mark.usefixtures("clean_portal")

# one of each fault; that all weak ones are refused is the rule's own test
BAD = ("Kx7-mPq2w", "kx7mpq2wzt", "Shandong@2024", "")


def refused(action, user, **values):
    """What an action says of a password that it refuses."""
    with pytest.raises(tk.ValidationError) as caught:
        call_action(action, {"user": user, "ignore_auth": False}, **values)
    return caught.value.error_dict["password"]


def test_the_api_refuses_them_for_new_accounts():
    admin = factories.Sysadmin()["name"]
    values = {"name": "newcomer", "email": "newcomer@example.com"}
    for password in BAD:
        assert refused("user_create", admin, **values, password=password)
    assert refused("user_create", admin, **values, password="Xk9-newcomer-pQ")
    assert model.User.get("newcomer") is None
    call_action("user_create", {"user": admin}, **values, password=PASSWORD)


def test_the_api_refuses_them_for_accounts_that_exist():
    user = person()
    for password in BAD[:-1]:
        values = {"id": user["id"], "email": user["email"], "password": password}
        assert refused("user_update", user["name"], **values)
        assert refused("user_patch", user["name"], id=user["id"], password=password)
    assert model.User.get(user["id"]).validate_password(PASSWORD)


def test_the_form_refuses_them_and_says_why(portal_app):
    user = person()
    browser = logged_in(portal_app, user)
    form = {"name": user["name"], "email": user["email"], "old_password": PASSWORD, "save": "1"}
    said = {
        "Kx7-mPq2w": "密码至少 10 个字符",
        "kx7mpq2wzt": "3 类",
        "Shandong@2024": "容易被猜中",
        PASSWORD: "最近 5 次",
    }
    for password, words in said.items():
        more = {"password1": password, "password2": password}
        answer = browser.post(f"/user/edit/{user['name']}", {**form, **more})
        assert words in answer.body
    assert model.User.get(user["id"]).validate_password(PASSWORD)


def run(*arguments, **more):
    return CKANCliRunner().invoke(ckan, arguments, **more)


def test_the_command_line_refuses_them():
    email = "email=commanded@example.com"
    for password in BAD[:-1]:
        answer = run("user", "add", "commanded", email, f"password={password}")
        assert answer.exit_code
    assert model.User.get("commanded") is None
    assert run("user", "add", "commanded", email, f"password={PASSWORD}").exit_code == 0
    for password in BAD[:-1]:
        answer = run("user", "setpass", "commanded", "-p", password)
        assert answer.exit_code
        assert "Error" in answer.output
    assert run("user", "setpass", "commanded", "-p", OTHER).exit_code == 0
    model.Session.expire_all()
    assert model.User.get("commanded").validate_password(OTHER)
    answer = run("user", "setpass", "nobody-bears-this", "-p", OTHER)
    assert answer.exit_code


def test_the_last_five_passwords_do_not_come_again():
    user = person()
    chosen = [PASSWORD, *(f"kestrel-{number}-Harrier-{number}Q" for number in range(6))]
    row = model.User.get(user["id"])
    for number, password in enumerate(chosen[1:], 1):
        for former in chosen[max(0, number - 5) : number]:
            assert check.complaints(former, user["name"], row)
        assert not check.complaints(password, user["name"], row)
        row.password = password
        model.Session.commit()
    # the sixth before the present one may come again
    assert not check.complaints(chosen[1], user["name"], row)
    assert check.complaints(chosen[2], user["name"], row)


def test_former_passwords_are_kept_as_hashes_only():
    user = person()
    row = model.User.get(user["id"])
    row.password = OTHER
    model.Session.commit()
    asked = "SELECT former_passwords FROM sdopen_account WHERE user_id = :id"
    kept = model.Session.scalar(text(asked), {"id": user["id"]})
    assert len(kept) == 1
    assert kept[0].startswith("$pbkdf2-sha512$")
    assert PASSWORD not in kept[0]


def test_demo_accounts_have_good_passwords_also_where_the_file_holds_weak_ones(
    tmp_path, monkeypatch
):
    path = tmp_path / "accounts.json"
    # the departments of the others are not loaded here
    monkeypatch.setattr(demo, "ROLES", tuple(role for role in demo.ROLES if not role.key))
    path.write_text('[{"name": "citizen", "password": "Sd@2024"}]', encoding="utf-8")
    context = {"user": factories.Sysadmin()["name"], "ignore_auth": True}
    made = demo.make(path, context)
    found = {one["name"]: one["password"] for one in made}
    assert not [n for n, password in found.items() if check.complaints(password, n, None)]
    again = {one["name"]: one["password"] for one in demo.make(path, context)}
    assert again == found


def test_the_corpus_of_weak_passwords_is_refused_by_the_sentence_of_its_fault(with_request_context):
    for password in WEAK[::9]:
        assert check.complaints(password, "zhangwei", None)
