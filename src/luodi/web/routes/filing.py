"""Filing: what my units owe, one form's grid and workbook, the sheet to print."""

from django.urls import path

from luodi.web.views import filing, filing_evidence, filing_parts

FORM = "filing/<str:form>/<str:period>/<code:unit>/"

urlpatterns = [
    path("filing/", filing.owed, name="filing"),
    path(FORM, filing.form, name="form"),
    path(f"{FORM}draft/", filing.draft, name="form_draft"),
    path(f"{FORM}evidence/", filing_evidence.attached, name="form_evidence"),
    path(f"{FORM}book/", filing_parts.book, name="form_book"),
    path(f"{FORM}split/", filing_parts.split, name="form_split"),
    path(f"{FORM}parts/", filing_parts.merge, name="form_parts"),
    path(f"{FORM}parts/<int:row>/", filing_parts.marked, name="form_part_marked"),
    path(f"{FORM}send/", filing.send, name="form_send"),
    path(f"{FORM}sheet/", filing.sheet, name="form_sheet"),
]
