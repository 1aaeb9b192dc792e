"""Registration and new passwords by letters: nobody learns who has an account."""

import re

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import event, text

from ckanext.sdopen.guard.accounts.letters import links
from ckanext.sdopen.jobs.mail import sending
from ckanext.sdopen.tests.corpus.examples import as_site, department
from ckanext.sdopen.tests.guard.accounts.corpus.people import (
    OTHER,
    PASSWORD,
    Browser,
    logged_in,
    person,
)
from ckanext.sdopen.tests.jobs.mail.corpus.server import mail_server

pytestmark = pytest.mark.usefixtures("nothing_counted")


@pytest.fixture(autouse=True)
def nothing_waits(clean_portal):
    model.Session.execute(text("DELETE FROM sdopen_mail"))
    model.Session.commit()


@pytest.fixture
def post(ckan_config, monkeypatch):
    """The mail server of the letters."""
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@sdopen.example")
    with mail_server() as server:
        monkeypatch.setitem(ckan_config, "smtp.server", server.address)
        yield server


def asked(app, page, **form):
    return Browser(app).post(f"/user/{page}", form)


def plain(body, typed):
    """A page without what was typed and without what is different each time."""
    main = body[body.index("<main") : body.index("</main>")] if "<main" in body else body
    return re.sub(r"[A-Za-z0-9_.-]{40,}", "", main.replace(typed, "TYPED"))


def link_in(server, to, page):
    (body,) = server.bodies_to(to)[-1:]
    return re.search(rf"http://\S+/{page}\S*", body).group().split(".example", 1)[1]


def statements(action):
    """The SQL of something, without values."""
    seen = []

    def note(connection, cursor, statement, parameters, context, many):
        seen.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        action()
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    return seen


@pytest.mark.parametrize(
    ("page", "field"), [("register", "email"), ("reset", "user")], ids=["register", "reset"]
)
def test_the_answer_and_its_cost_are_the_same_for_everybody(portal_app, page, field, post):
    known, pages, costs = person(), [], []
    # the first try of an address sweeps old rows
    asked(portal_app, page, **{field: "first@example.com"})
    for typed in (known["email"], "nobody@example.com"):
        costs.append(
            statements(
                lambda typed=typed: pages.append(
                    plain(asked(portal_app, page, **{field: typed}).body, typed)
                )
            )
        )
    assert "TYPED" in pages[0]
    assert pages[0] == pages[1]
    assert costs[0] == costs[1]


def test_a_new_password_reaches_whoever_forgot_the_old_one(portal_app, post):
    user = person()
    for typed in (user["name"], user["email"].upper()):
        asked(portal_app, "reset", user=typed)
    assert sending.send_due() == 2
    browser, elsewhere = Browser(portal_app), logged_in(portal_app, user)
    link = link_in(post, user["email"], "user/reset")
    assert browser.get(link).status_code == 200
    weak = browser.post(link, {"password1": "Shandong@2024", "password2": "Shandong@2024"})
    assert "容易被猜中" in weak.body
    browser.post(link, {"password1": OTHER, "password2": OTHER})
    assert not elsewhere.is_in()
    assert Browser(portal_app).login(user["name"], OTHER).status_code == 302
    # used once
    assert Browser(portal_app).get(link).status_code == 403


def test_a_new_password_unlocks_the_account(portal_app, post):
    user = person()
    for number in range(5):
        said = {"X-Forwarded-For": f"198.51.100.{number}"}
        Browser(portal_app).login(user["name"], "wrong", headers=said)
    asked(portal_app, "reset", user=user["name"])
    sending.send_due()
    link = link_in(post, user["email"], "user/reset")
    Browser(portal_app).post(link, {"password1": OTHER, "password2": OTHER})
    browser = Browser(portal_app)
    browser.login(user["name"], OTHER)
    assert browser.is_in()


def test_links_of_strangers_accounts_and_unknown_ones_are_refused_alike(portal_app):
    user = person()
    for key in ("", "?key=x", "?key=x.1"):
        pages = set()
        for name in (user["name"], user["id"], "nobody-bears-this"):
            answer = Browser(portal_app).get(f"/user/reset/{name}{key}")
            assert answer.status_code == 403
            pages.add(plain(answer.body, name))
        assert len(pages) == 1


def test_a_link_for_a_new_password_ends_after_a_day(portal_app, post):
    user = person()
    asked(portal_app, "reset", user=user["name"])
    sending.send_due()
    link = link_in(post, user["email"], "user/reset")
    row = model.User.get(user["id"])
    key, _, made = row.reset_key.partition(".")
    assert Browser(portal_app).get(link).status_code == 200
    old = f"{key}.{int(made) - 25 * 3600}"
    row.reset_key = old
    model.Session.commit()
    assert Browser(portal_app).get(f"/user/reset/{user['id']}?key={old}").status_code == 403


def test_who_is_disabled_gets_no_letter(portal_app, post):
    user = person()
    call_action("user_delete", as_site(), id=user["id"])
    asked(portal_app, "reset", user=user["name"])
    asked(portal_app, "reset", user=user["email"])
    assert sending.send_due() == 0


def test_an_invitation_is_accepted_with_a_name_of_ones_own(portal_app, post):
    invited = {"email": "inv@example.com", "group_id": department("某局")["id"], "role": "editor"}
    with portal_app.flask_app.test_request_context():
        call_action("user_invite", **invited)
    assert sending.send_due() == 1
    link = link_in(post, "inv@example.com", "user/reset")
    form = {"name": "invited", "password1": PASSWORD, "password2": PASSWORD}
    Browser(portal_app).post(link, form)
    assert logged_in(portal_app, {"name": "invited"}).is_in()


def test_registration_begins_with_a_mail_address_and_ends_with_a_name(portal_app, post):
    email = "zhang.san@example.com"
    assert 'name="name"' not in Browser(portal_app).get("/user/register").body
    asked(portal_app, "register", email=email)
    assert not model.Session.query(model.User).filter_by(email=email).count()
    assert sending.send_due() == 1
    link = link_in(post, email, "user/register/confirm")
    browser = Browser(portal_app)
    assert email in browser.get(link).body
    form = {"name": "zhangsan", "fullname": "张三", "password1": PASSWORD, "password2": PASSWORD}
    weak = {**form, "password1": "Shandong@2024", "password2": "Shandong@2024"}
    assert "容易被猜中" in browser.post(link, weak).body
    # who has a link for one address makes no account of another, nor an administrator
    browser.post(link, {**form, "email": "other@example.com", "sysadmin": "true", "state": "x"})
    made = model.User.get("zhangsan")
    assert (made.email, made.fullname, made.sysadmin, made.state) == (
        email,
        "张三",
        False,
        "active",
    )
    assert browser.is_in()
    assert Browser(portal_app).get(link).status_code == 403


def test_a_link_makes_one_account_even_when_that_is_gone(portal_app):
    link = f"/user/register/confirm?link={links.confirmation('once@example.com')}"
    form = {"name": "once", "password1": PASSWORD, "password2": PASSWORD}
    Browser(portal_app).post(link, form)
    call_action("user_delete", as_site(), id="once")
    assert Browser(portal_app).post(link, {**form, "name": "twice"}).status_code == 403
    assert model.User.get("twice") is None


@pytest.mark.parametrize("change", ["x", ""])
def test_links_of_our_own_making_only(portal_app, change):
    link = links.confirmation("forged@example.com")
    changed = link[:-2] + change
    assert links.confirmed(link) == "forged@example.com"
    assert links.confirmed(changed) is None
    assert Browser(portal_app).get(f"/user/register/confirm?link={changed}").status_code == 403


def test_a_registration_link_ends(ckan_config, monkeypatch):
    link = links.confirmation("late@example.com")
    monkeypatch.setitem(ckan_config, "ckanext.sdopen.guard.link_hours", -1)
    assert links.confirmed(link) is None


def test_who_has_an_account_is_told_so_by_letter_only(portal_app, post):
    user = person()
    asked(portal_app, "register", email=user["email"].upper())
    assert sending.send_due() == 1
    (body,) = [message.get_content() for message in post.messages]
    assert "已有账号" in body
    assert "confirm" not in body


def test_letters_are_in_the_language_of_who_asked(portal_app, post):
    Browser(portal_app).post("/en/user/register", {"email": "reader@example.com"})
    sending.send_due()
    (body,) = post.bodies_to("reader@example.com")
    assert "Choose a name and a password here" in body
    assert "/en/user/register/confirm" in body


@pytest.mark.parametrize("email", ["", "no address", "x" * 300 + "@example.com"])
def test_what_is_no_mail_address_is_refused(portal_app, email):
    answer = asked(portal_app, "register", email=email)
    assert answer.status_code == 200
    assert "请查收邮件" not in answer.body
    assert model.Session.scalar(text("SELECT count(*) FROM sdopen_mail")) == 0


def test_an_address_that_nothing_can_store_is_refused_before_the_form_reads_it(portal_app):
    answer = asked(portal_app, "register", email="a\0@example.com")
    assert answer.status_code == 400
    assert "请查收邮件" not in answer.body
    assert model.Session.scalar(text("SELECT count(*) FROM sdopen_mail")) == 0


def test_nobodys_mailbox_is_filled_and_nobody_asks_for_hundreds(portal_app, post, ckan_config):
    most = ckan_config["ckanext.sdopen.guard.letters"]
    for number in range(most + 3):
        said = {"X-Forwarded-For": f"198.51.100.{number}"}
        form = {"user": person()["name"] if number == 0 else "victim@example.com"}
        answer = Browser(portal_app).post("/user/reset", form, headers=said)
        assert "请查收邮件" in answer.body
    assert model.Session.scalar(text("SELECT count(*) FROM sdopen_mail")) == most + 1
    answers = [asked(portal_app, "reset", user=f"{n}@example.com").body for n in range(most + 1)]
    assert ["次数过多" in body for body in answers] == [False] * most + [True]


def test_registration_can_be_switched_off(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.auth.create_user_via_web", False)
    link = f"/user/register/confirm?link={links.confirmation('off@example.com')}"
    for page in ("/user/register", link):
        assert Browser(portal_app).get(page).status_code == 403
        form = {"email": "off@example.com", "name": "off"}
        assert Browser(portal_app).post(page, form).status_code == 403
    assert "/user/register" not in Browser(portal_app).get("/user/login").body
    assert model.Session.scalar(text("SELECT count(*) FROM sdopen_mail")) == 0


def test_the_api_makes_no_accounts_for_strangers(portal_app):
    values = {"name": "stranger", "email": "stranger@example.com", "password": PASSWORD}
    answer = Browser(portal_app).client.post("/api/3/action/user_create", json=values)
    assert answer.status_code == 403
    assert model.User.get("stranger") is None


def test_administrators_make_accounts_of_others(portal_app):
    admin = factories.Sysadmin(password=PASSWORD)
    browser = logged_in(portal_app, admin)
    form = {"name": "made", "email": "made@example.com", "password1": PASSWORD}
    browser.post("/user/register", {**form, "password2": PASSWORD, "save": ""})
    assert model.User.get("made").email == "made@example.com"


def test_a_dead_mail_server_is_no_error_of_the_page(portal_app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    user = person()
    for page, form in (("reset", {"user": user["name"]}), ("register", {"email": "d@example.com"})):
        assert "请查收邮件" in asked(portal_app, page, **form).body
    assert sending.send_due() == 0
    with mail_server() as server:
        monkeypatch.setitem(ckan_config, "smtp.server", server.address)
        model.Session.execute(text("UPDATE sdopen_mail SET due = queued"))
        model.Session.commit()
        assert sending.send_due() == 2
