"""Every page's address, gathered from the families in `web/routes`. English words of the field; filters stay in the query."""

from importlib import import_module
from pkgutil import iter_modules

from luodi.web import routes

urlpatterns = [
    pattern
    for family in sorted(one.name for one in iter_modules(routes.__path__))
    for pattern in import_module(f"luodi.web.routes.{family}").urlpatterns
]
