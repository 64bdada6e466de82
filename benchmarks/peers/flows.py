"""A chain of two reviews in viewflow: the seat that decides, and the one that gets the case next."""

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.lock import SelectForUpdateLock
from viewflow.workflow.models import Process


class ReviewFlow(flow.Flow):
    process_class = Process
    # What its documentation recommends with PostgreSQL; the default locks nothing.
    lock_impl = SelectForUpdateLock()

    start = flow.StartHandle().Next(this.county)
    county = flow.View(UpdateProcessView.as_view(fields=[])).Next(this.publish)
    publish = flow.View(UpdateProcessView.as_view(fields=[])).Next(this.end)
    end = flow.End()
