"""How a refusal sounds over HTTP: one mapping from its code to a status, for pages and API alike."""

from __future__ import annotations

from luodi.kernel.problem import Refused

# By the whole code.
STATUS = {
    "permission.refused": 403,
    "ledger.store.busy": 503,
    "ledger.store.disk_full": 507,
    "ledger.store.read_only": 503,
    "ledger.store.unreachable": 503,
    "upload.too_large": 413,
}
# By its last part: somebody was quicker, or there is no such thing. Anything else is a matter of content.
CLASHES = frozenset({"changed", "changed_meanwhile", "judged_meanwhile", "already_submitted", "exists", "busy"})
ABSENT = frozenset(
    {
        "unknown",
        "not_there",
        "no_form",
        "not_found",
        "not_owed",
        "unknown_unit",
        "unknown_list",
        "unknown_indicator",
        "unknown_reference",
    }
)
STATUSES = frozenset({400, 401, 403, 404, 409, 413, 422, 503, 507})


def status_of(refusal: Refused) -> int:
    """Give the HTTP status of a refusal: 403 not allowed, 404 not there, 409 somebody was quicker, 503 the store, else 422."""
    code = refusal.problems[0].code if refusal.problems else refusal.code
    if code in STATUS:
        return STATUS[code]
    end = code.rsplit(".", 1)[-1]
    return 409 if end in CLASHES else 404 if end in ABSENT else 422
