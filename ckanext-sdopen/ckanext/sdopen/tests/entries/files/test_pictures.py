"""Pictures of departments and accounts: PNG, GIF and JPEG by their content, nothing else."""

import base64
import io

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.tests.corpus.examples import as_site, authority, department

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>top.document.title=1</script></svg>'
PAGE = b"<html><script>top.document.title=1</script></html>"


@pytest.fixture(scope="module")
def owner(clean_portal):
    return department("山东省水利厅", "370000")


@pytest.fixture(scope="module")
def account(owner):
    return authority()


def picture(content, name, media):
    upload = FileStorage(io.BytesIO(content), name, content_type=media)
    return {"image_upload": upload, "image_url": "", "clear_upload": ""}


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (SVG, "logo.svg", "image/svg+xml"),
        (SVG, "logo.png", "image/png"),
        (PAGE, "logo.html", "text/html"),
        (PAGE, "logo.png", "image/png"),
        (PNG, "logo.html", "image/png"),
    ],
)
def test_a_picture_that_could_run_is_refused(owner, account, content, name, media):
    asked = picture(content, name, media)
    with pytest.raises(tk.ValidationError):
        call_action("organization_patch", as_site(), id=owner["id"], **asked)
    asked = picture(content, name, media)
    with pytest.raises(tk.ValidationError):
        call_action("user_patch", as_site(), id=account["id"], **asked)


def test_a_picture_is_taken(owner, account):
    asked = picture(PNG, "logo.png", "image/png")
    call_action("organization_patch", as_site(), id=owner["id"], **asked)
    shown = call_action("organization_show", id=owner["id"])
    assert shown["image_display_url"].endswith(".png")
    asked = picture(PNG, "logo.png", "image/png")
    changed = call_action("user_patch", as_site(), id=account["id"], **asked)
    assert changed["image_display_url"].endswith(".png")
