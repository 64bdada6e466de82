"""The addresses of the portal, and the peers of its queue page."""

from django.urls import path

from benchmarks import queue_peers
from portal.urls import handler500, urlpatterns

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    path("floor/queue/<slug:case_type>/<slug:stage>/", queue_peers.floor),
    path("offset/queue/<slug:case_type>/<slug:stage>/", queue_peers.offset),
    path("peer-admin/", queue_peers.site.urls),
    *urlpatterns,
]
