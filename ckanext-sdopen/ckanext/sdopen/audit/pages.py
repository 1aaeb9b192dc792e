"""What the log does at each answer; it has no page of its own."""

from flask import Blueprint

from ckanext.sdopen.audit.events import told_refusal

blueprint = Blueprint("sdopen_audit", __name__)
blueprint.after_app_request(told_refusal)
