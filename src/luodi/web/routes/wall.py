"""The wall chart: the year's rows, one project's sheet, a county's deck."""

from django.urls import path

from luodi.web.views import wall, wall_sheet

urlpatterns = [
    path("wall/", wall.wall, name="wall"),
    path("wall/deck/", wall_sheet.deck, name="wall_deck"),
    path("wall/sheets/<path:code>/", wall_sheet.sheet, name="wall_sheet"),
]
