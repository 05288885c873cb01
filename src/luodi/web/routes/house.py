"""The house itself: the city's rules as pages, units over time, system health, the log of who looked at what."""

from django.urls import path

from luodi.web.views import house, house_audit, house_units, profile_pages, units_pages

urlpatterns = [
    path("profile/", profile_pages.profile, name="profile"),
    path("profile/<str:section>/", profile_pages.section, name="profile_section"),
    path("units/", units_pages.units, name="units"),
    path("units/change/", house_units.units_change, name="units_change"),
    path("health/", house.health, name="health"),
    path("audit/", house_audit.audit, name="audit"),
]
