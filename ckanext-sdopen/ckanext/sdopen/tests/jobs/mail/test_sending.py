"""Mail waits in the database until a server takes it."""

import io
import math

import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib import mailer
from ckan.tests import factories
from ckan.tests.helpers import CKANCliRunner, call_action
from sqlalchemy import text

from ckanext.sdopen.jobs.mail import letters, queue, send_job, sending
from ckanext.sdopen.jobs.mail.letters import Letter
from ckanext.sdopen.jobs.mail.server import Refused, Silent, hand_over
from ckanext.sdopen.tests.corpus.examples import department
from ckanext.sdopen.tests.jobs.mail.corpus.server import mail_server

pytestmark = pytest.mark.usefixtures("clean_portal")


@pytest.fixture(autouse=True)
def empty_queue(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@sdopen.example")
    model.Session.execute(text("DELETE FROM sdopen_mail"))
    model.Session.commit()


@pytest.fixture
def dead(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")


@pytest.fixture
def server(ckan_config, monkeypatch):
    with mail_server() as found:
        monkeypatch.setitem(ckan_config, "smtp.server", found.address)
        yield found


def rows(*columns):
    asked = f"SELECT {', '.join(columns)} FROM sdopen_mail ORDER BY id"
    return [tuple(row) for row in model.Session.execute(text(asked))]


def later(minutes):
    moved = "UPDATE sdopen_mail SET {0} = {0} - make_interval(mins => :minutes)"
    for column in ("due", "queued"):
        model.Session.execute(text(moved.format(column)), {"minutes": minutes})
    model.Session.commit()


def queued(*names):
    for name in names:
        queue.enqueue(f"{name}@example.com", f"给 {name}", f"你好，{name}。")
    model.Session.commit()


def test_a_letter_arrives_whole_and_leaves_the_queue(server):
    queue.enqueue("li@example.com", "新\n密码", "第一行\n第二行", "李四")
    model.Session.commit()
    assert sending.send_due() == 1
    (message,) = server.messages
    assert server.recipients == ["li@example.com"]
    assert message["Subject"] == "新 密码"
    assert message["To"].addresses[0].display_name == "李四"
    assert message["From"].addresses[0].addr_spec == "portal@sdopen.example"
    assert message.get_content().splitlines() == ["第一行", "第二行"]
    assert rows("id") == []


def test_a_letter_goes_with_the_change_that_it_tells_of(server):
    queue.enqueue("li@example.com", "x", "x")
    model.Session.rollback()
    assert sending.send_due() == 0
    assert server.messages == []


def test_a_dead_server_loses_nothing_and_is_not_pressed(dead, ckan_config, monkeypatch):
    queued("a", "b", "c")
    assert sending.send_due() == 0
    assert [tries for (tries,) in rows("tries")] == [1, 0, 0]
    assert "ConnectionRefusedError" in rows("error")[0][0]
    with mail_server() as server:
        monkeypatch.setitem(ckan_config, "smtp.server", server.address)
        assert sending.send_due() == 2
        later(2)
        assert sending.send_due() == 1
        assert sorted(server.recipients) == [f"{name}@example.com" for name in "abc"]


@pytest.mark.parametrize("absent", ["", "smtp://", "host:port"])
def test_an_absent_server_is_said_and_loses_nothing(absent, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "smtp.server", absent)
    queued("a")
    assert sending.send_due() == 0
    assert rows("error") == [("no mail server is configured: set smtp.server",)]


def test_the_waits_double_up_to_an_hour(dead):
    queued("a")
    waits = []
    for _ in range(9):
        sending.send_due()
        ((wait,),) = rows("extract(epoch FROM due - timezone('utc', now()))")
        waits.append(math.ceil(float(wait) / 60))
        later(61)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_refused_recipient_does_not_hold_up_the_others(server):
    server.refused.add("b@example.com")
    queued("a", "b", "c")
    assert sending.send_due() == 2
    assert rows("recipient", "tries") == [("b@example.com", 1)]
    assert "SMTPRecipientsRefused" in rows("error")[0][0]


def test_what_nobody_writes_does_not_hold_up_the_others(server):
    queue.enqueue_about("a kind that is gone", {})
    queued("a")
    assert sending.send_due() == 1


def test_a_letter_whose_sender_was_killed_is_sent_again(server, monkeypatch):
    queued("a")
    with monkeypatch.context() as killed:
        killed.setattr(sending, "hand_over", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sending.send_due()
    model.Session.rollback()
    # not by another sender in the meantime
    assert sending.send_due() == 0
    later(11)
    assert sending.send_due() == 1


def test_what_could_not_be_sent_for_a_week_is_given_up(dead):
    queued("a")
    later(7 * 24 * 60 - 60)
    queued("b")
    sending.send_due()
    assert len(rows("id")) == 2
    later(120)
    sending.send_due()
    assert rows("recipient") == [("b@example.com",)]


def test_letters_are_written_when_they_are_sent(server, monkeypatch):
    wanted = [Letter(f"{name}@example.com", "x", name) for name in ("a", "b")]
    monkeypatch.setitem(letters.WRITERS, "test", lambda about: wanted[: about["count"]])
    queue.enqueue_about("test", {"count": 2})
    queue.enqueue_about("test", {"count": 0})
    model.Session.commit()
    assert rows("recipient", "message") == [(None, None)] * 2
    assert sending.send_due() == 2
    assert rows("id") == []


def test_ckans_own_letters_wait_in_the_queue(dead):
    user = model.User.get(factories.User()["id"])
    attachment = ("清单.csv", io.BytesIO("药店,地址".encode()), "text/csv")
    mailer.mail_user(user, "题目", "正文", "<p>正文</p>", {"X-Kind": "a\nb"}, [attachment])
    ((to, message),) = rows("recipient", "message")
    assert to == user.email
    assert b"X-Kind: a b" in bytes(message)
    assert b"multipart/mixed" in bytes(message)


def test_an_invitation_makes_a_whole_account_without_a_mail_server(
    dead, server, ckan_config, monkeypatch, with_request_context
):
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    organization = department("某局")
    made = call_action(
        "user_invite", email="new@example.com", group_id=organization["id"], role="editor"
    )
    user = model.User.get(made["id"])
    assert user.is_pending()
    assert user.is_in_group(organization["id"])
    assert sending.send_due() == 0
    monkeypatch.setitem(ckan_config, "smtp.server", server.address)
    later(2)
    assert sending.send_due() == 1
    assert user.reset_key in server.bodies_to("new@example.com")[0]


def test_a_server_without_encryption_is_refused_where_it_is_asked_for(
    server, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "smtp.starttls", True)
    with pytest.raises(Silent, match="SMTPNotSupportedError"):
        hand_over("a@example.com", b"x")
    assert server.messages == []


def test_neither_error_nor_table_tells_the_password_of_the_mail_server(
    server, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "smtp.user", "portal")
    monkeypatch.setitem(ckan_config, "smtp.password", "s3cret-of-mail")
    queued("a")
    assert sending.send_due() == 0
    assert "s3cret" not in str(rows("error"))
    assert "SMTP" in str(rows("error"))


def test_a_refusal_is_told_by_its_kind(server):
    server.refused.add("a@example.com")
    with pytest.raises(Refused, match="SMTPRecipientsRefused"):
        hand_over("a@example.com", b"x")


def test_the_command_sends_what_is_due(server):
    queued("a", "b")
    server.refused.add("b@example.com")
    answer = CKANCliRunner().invoke(ckan, ["sdopen", "mail", "send"])
    assert answer.output.splitlines()[-1] == "sent 1, waiting 1"
    assert server.recipients == ["a@example.com"]


def test_the_background_work_sends_what_is_due(server):
    queued("a")
    assert send_job.MAIL_SEND.work() == "1 letters sent"
    assert server.recipients == ["a@example.com"]
