"""Errors told to a Sentry of the operator's own choice (`SENTRY_DSN`): what broke and where, never for whom."""

from semaine.logs import request_id, without_people

# What an event may hold; whatever a later version of the library adds stays here until it is looked at.
KEPT = {
    "contexts", "environment", "event_id", "exception", "level", "logentry", "logger", "platform", "release", "sdk",
    "tags", "timestamp", "transaction", "transaction_info", "type",
}  # fmt: skip
CONTEXTS = {"runtime", "trace"}


def start(dsn: str, *, environment: str, release: str) -> None:
    """Report errors to `dsn` from now on, in this process. A process that reports none does not load the library."""
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        before_send=impersonal,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        auto_session_tracking=False,
        integrations=[LoggingIntegration(level=None)],
    )


def impersonal(event: dict, hint: dict) -> dict:
    """Return the event without the request, the person, the machine, and addresses in its sentences."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    kept["contexts"] = {name: value for name, value in event.get("contexts", {}).items() if name in CONTEXTS}
    kept["tags"] = event.get("tags", {}) | ({"request": request_id.get()} if request_id.get() else {})
    for each in event.get("exception", {}).get("values", []):
        each["value"] = without_people(each.get("value") or "")
    if said := event.get("logentry"):
        sentence = said.get("formatted") or said.get("message", "")
        kept["logentry"] = {"message": without_people(sentence)}
    return kept
