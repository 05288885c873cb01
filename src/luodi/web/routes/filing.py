"""Filing: what my units owe, one form's grid, the sheet to print."""

from django.urls import path

from luodi.web.views import filing

urlpatterns = [
    path("filing/", filing.owed, name="filing"),
    path("filing/<str:form>/<str:period>/<str:unit>/", filing.form, name="form"),
    path("filing/<str:form>/<str:period>/<str:unit>/draft/", filing.draft, name="form_draft"),
    path("filing/<str:form>/<str:period>/<str:unit>/send/", filing.send, name="form_send"),
    path("filing/<str:form>/<str:period>/<str:unit>/sheet/", filing.sheet, name="form_sheet"),
]
