"""The page of the doctor, for system administrators."""

import ckan.plugins.toolkit as tk
import flask

from ckanext.sdopen.guard.doctor import report, texts
from ckanext.sdopen.guard.doctor.rules.findings import Severity, worst
from ckanext.sdopen.language import language

blueprint = flask.Blueprint("sdopen_doctor", __name__)


@blueprint.route("/sdopen/doctor", methods=["GET"])
def show() -> flask.Response:
    """What is out of order and what to do, then what is in order."""
    try:
        tk.check_access("sdopen_doctor_show", {"user": tk.current_user.name}, {})
    except tk.NotAuthorized as error:
        tk.abort(403, str(error))
    found = report.findings()
    told = [texts.say(one, language()) for one in found]
    shown = {
        "worst": worst(found).value,
        "wrong": [one for one in told if one.severity != Severity.OK],
        "fine": [one for one in told if one.severity == Severity.OK],
    }
    answer = flask.make_response(tk.render("sdopen/guard/doctor.html", shown))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
