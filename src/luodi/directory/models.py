"""
Table of enterprises. Projection rows: ids and known times as in ledger.models.ProjectionRow. Texts may be None after 撤除.

Confidential before signing, as an investor's name is; may leave in an export for those who may see it.
"""

from __future__ import annotations

from django.db import models

from luodi.ledger.models import ProjectionRow


class Enterprise(ProjectionRow):
    """Enterprise `code` as the register has it; a later row of the code replaces it. Several names are divided by `;`."""

    code = models.CharField(max_length=80, db_index=True)
    name = models.TextField(null=True)
    uscc = models.CharField(max_length=18, blank=True, db_index=True)
    aliases = models.TextField(null=True)
    former = models.TextField(null=True)

    def __str__(self) -> str:
        return self.code


class ProjectAlias(ProjectionRow):
    """What a file called a project: name, host and investor (folded), settled by a person to be this project."""

    project = models.CharField(max_length=80, db_index=True)
    alias = models.CharField(max_length=64, db_index=True)  # digest of the folded name, host and investor

    def __str__(self) -> str:
        return f"{self.alias[:8]} {self.project}"
