"""Visits of a served portal: by login as browsers, by token as programs."""

import re

import requests
from ckan import model

PASSWORD = "Meadow-stone-7412"
_TOKEN = re.compile(r'<meta name="_csrf_token" content="([^"]*)"')


def logged_in(url: str, name: str) -> requests.Session:
    """A session of an account that logged in with its password, as a browser keeps it."""
    model.User.get(name).password = PASSWORD
    model.Session.commit()
    session = requests.Session()
    answer = session.post(
        f"{url}/user/login", data={"login": name, "password": PASSWORD}, timeout=120
    )
    assert answer.status_code == 200, answer.text
    assert csrf_token(session, url)
    return session


def csrf_token(session: requests.Session, url: str) -> str:
    """The CSRF token that a page of the portal gives to this session; "" without an account."""
    found = _TOKEN.search(session.get(f"{url}/about", timeout=120).text)
    assert found, "the page has no place for the token"
    return found[1]
