"""All data checks in the order a clerk would look. Add one: write it, list it here and in the profile, give it words and a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from luodi.codebook.values import Check
from luodi.statistics.checks import figures, records
from luodi.statistics.checks.dossier import CheckDossier
from luodi.statistics.checks.finding import fingerprint_of, key_of
from luodi.statistics.values.reporting import Finding

Runner = Callable[[CheckDossier, Check], Iterator[Finding]]

RUNNERS: dict[str, Runner] = {
    "missing_required": figures.missing_required,
    "negative_figure": figures.negative_figure,
    "slipped_unit": figures.slipped_unit,
    "falling_cumulative": figures.falling_cumulative,
    "part_above_whole": figures.part_above_whole,
    "figure_without_evidence": figures.figure_without_evidence,
    "investment_before_start": figures.investment_before_start,
    "funds_above_contract": figures.funds_above_contract,
    "investment_above_total": figures.investment_above_total,
    "figure_after_end": figures.figure_after_end,
    "jump": figures.jump,
    "same_as_last_period": figures.same_as_last_period,
    "stage_without_the_one_before": records.stage_without_the_one_before,
    "stage_dates_out_of_order": records.stage_dates_out_of_order,
    "stage_without_evidence": records.stage_without_evidence,
    "signed_without_amount": records.signed_without_amount,
    "total_investment_moved": records.total_investment_moved,
    "plan_does_not_add_up": records.plan_does_not_add_up,
    "attribution_differs": records.attribution_differs,
    "one_site_two_records": records.one_site_two_records,
    "hollow_start": records.hollow_start,
    "printed_rate_impossible": records.printed_rate_impossible,
    "bunching": records.bunching,
    "sameness": records.sameness,
    "round_numbers": records.round_numbers,
}

SEVERITIES = ("hard", "soft", "hint")


Noticed = Sequence[tuple[Finding, str, str]]  # with the key and the fingerprint it is known by
Explained = Mapping[tuple[str, str], str]  # (finding key, fingerprint) to the words of its explanation


def findings(dossier: CheckDossier, words: Explained | None = None) -> list[Finding]:
    """Run every check the profile turns on for this form, hard ones first; those explained by `words` marked."""
    return explained(noticed(dossier), words or {})


def noticed(dossier: CheckDossier) -> Noticed:
    """Run every check the profile turns on for this form, hard ones first."""
    found = [
        finding
        for check in dossier.profile.checks
        if applies(check, dossier)
        for finding in RUNNERS[check.id](dossier, check)
    ]
    found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return [(finding, key_of(finding), fingerprint_of(finding)) for finding in found]


def explained(found: Noticed, words: Explained) -> list[Finding]:
    """Mark the findings that were explained, and not moved since."""
    return [
        replace(finding, explained=words[key, fingerprint]) if (key, fingerprint) in words else finding
        for finding, key, fingerprint in found
    ]


def applies(check: Check, dossier: CheckDossier) -> bool:
    """Tell whether a check looks at this form in this period."""
    return (
        check.severity != "off"
        and check.holds_on(dossier.period.last)
        and (not check.forms or dossier.form.id in check.forms)
    )
