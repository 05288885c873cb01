"""Answers as a document: what `luodi match --format json` prints and the HTTP API gives."""

from __future__ import annotations

from collections.abc import Iterable

from luodi.directory.names.values import Answer


def document(answers: Iterable[Answer], language: str) -> dict[str, object]:
    """Give the verdict on each name, with the reason in words."""
    return {
        "matches": [
            {
                "name": answer.asked.name,
                "verdict": answer.verdict.value,
                "code": answer.code,
                "candidates": list(answer.candidates),
                "reason": answer.reason.message(language),
            }
            for answer in answers
        ]
    }
