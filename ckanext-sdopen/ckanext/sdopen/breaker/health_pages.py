"""`/health`: whether the portal can serve, and which part is away, from what is known already."""

from flask import Blueprint, Response, jsonify

from ckanext.sdopen.breaker import noted, watch

blueprint = Blueprint("sdopen_health", __name__)
# needs no data, see `breaker.hooks`
ENDPOINT = "sdopen_health.health"


@blueprint.route("/health")
def health() -> tuple[Response, int]:
    """200 while pages can be served, 503 while PostgreSQL is away; no versions, no addresses."""
    known = watch.state()
    served = known[noted.POSTGRES]
    status = "ok" if all(known.values()) else "degraded" if served else "unavailable"
    parts = {part: "up" if is_up else "down" for part, is_up in known.items()}
    answer = jsonify(status=status, parts=parts)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if served else 503
