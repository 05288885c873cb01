"""Forms of the moment, and the list of the moment."""

from django.urls import path

from luodi.web.views import moment, moment_list, moment_new, moment_return

RETURN = "moment/<int:row>/<code:unit>/"

urlpatterns = [
    path("moment/", moment.moments, name="moment_forms"),
    path("moment/new/", moment_new.new, name="moment_new"),
    path("moment/list/", moment_list.adhoc, name="adhoc_list"),
    path("moment/<int:row>/", moment.moment, name="moment"),
    path("moment/<int:row>/table.xlsx", moment.export, name="moment_export"),
    path(RETURN, moment_return.fill, name="moment_return"),
    path(f"{RETURN}draft/", moment_return.draft, name="moment_draft"),
    path(f"{RETURN}book/", moment_return.book, name="moment_book"),
    path(f"{RETURN}split/", moment_return.split, name="moment_split"),
    path(f"{RETURN}parts/", moment_return.merge, name="moment_parts"),
    path(f"{RETURN}parts/<int:part>/", moment_return.marked, name="moment_part_marked"),
]
