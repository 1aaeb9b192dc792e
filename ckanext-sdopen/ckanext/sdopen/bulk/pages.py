"""The route that takes batches as gzip NDJSON: CKAN's action API takes one JSON object only."""

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan import model
from ckan.types import Context
from flask import Blueprint, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError

from ckanext.sdopen.bulk import intake

blueprint = Blueprint("sdopen_bulk", __name__)
_CHUNK = 1 << 16
# action → the name of its list
_LISTS = {"sdopen_entry_bulk_upsert": "records", "sdopen_entry_bulk_withdraw": "entries"}


def _chunks() -> Iterator[bytes]:
    while chunk := request.stream.read(_CHUNK):
        yield chunk


def _answered(body: dict[str, Any], status: int = 200, **headers: str) -> Response:
    answer = Response(orjson.dumps(body), status=status, mimetype="application/json")
    answer.headers.update({"Cache-Control": "private, no-store", **headers})
    return answer


def _refused(kind: str, message: Any, status: int, **headers: str) -> Response:
    error = {"__type": kind, **(message if isinstance(message, dict) else {"message": message})}
    return _answered({"success": False, "error": error}, status, **headers)


@blueprint.post("/api/3/bulk/<action>")
def write(action: str) -> Response:
    """Hand the lines of the body to the action; the answer is the action API's."""
    name = _LISTS.get(action)
    if name is None:
        return _refused("Not Found", tk._("There is no such bulk action"), 404)
    if not (request.headers.get("Authorization") and tk.g.user):
        # a browser's cookie is not enough: other sites could send it
        return _refused("Authorization Error", tk._("Send the token of an account"), 403)
    try:
        packed = request.headers.get("Content-Encoding", "").strip().lower() == "gzip"
        records = intake.lines(intake.unpacked(_chunks(), packed))
        data_dict = {
            name: records,
            "run": request.args.get("run"),
            "reason": request.args.get("reason"),
            "key": request.headers.get("Idempotency-Key"),
        }
        context = Context(user=tk.g.user, auth_user_obj=tk.g.userobj)
        return _answered({"success": True, "result": tk.get_action(action)(context, data_dict)})
    except intake.TooLarge as error:
        message = tk._("A batch is at most {most} bytes unpacked; send smaller ones")
        return _refused("Too Large", message.format(most=error.limit), 413)
    except intake.Unavailable as error:
        headers = {"Retry-After": str(error.seconds)}
        return _refused("Unavailable", error.error_dict, 503, **headers)
    except intake.KeyTaken as error:
        return _refused("Validation Error", error.error_dict, 409)
    except tk.ValidationError as error:
        return _refused("Validation Error", error.error_dict, 400)
    except tk.NotAuthorized as error:
        return _refused("Authorization Error", str(error), 403)
    except (OperationalError, InterfaceError):
        model.Session.rollback()
        message = tk._("The database does not answer; nothing was written, send the batch again")
        return _refused(
            "Unavailable", message, 503, **{"Retry-After": str(intake.setting("retry_seconds"))}
        )
