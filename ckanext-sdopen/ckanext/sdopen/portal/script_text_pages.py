"""The texts of CKAN's scripts in Chinese, at the address where its scripts look for them."""

from ckan.types import Response
from ckan.views.api import i18n_js_translations
from flask import Blueprint

blueprint = Blueprint("sdopen_script_texts", __name__)


@blueprint.route("/api/i18n/zh_Hans-CN")
def chinese() -> Response | str:
    """Answer for `zh_Hans_CN`.

    The page's language is `zh-Hans-CN`; CKAN 2.12's client.js puts an underscore for the first
    hyphen only, and no script module of a page starts until its texts have come.
    """
    return i18n_js_translations("zh_Hans_CN")
