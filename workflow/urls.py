"""The addresses of the floor: queues, cases, materials, notices, objections, tasks."""

from django.urls import path

from workflow.views import act, case, duty, exports, jobs, materials, notices, objections, progress, queue

app_name = "workflow"
urlpatterns = [
    path("queue/<slug:case_type>/<slug:stage>/", queue.queue, name="queue"),
    path("queue/<slug:case_type>/<slug:stage>/matching/", queue.queue_matching, name="queue_matching"),
    path("queue/<slug:case_type>/<slug:stage>/select/", queue.select, name="select"),
    path("queue/<slug:case_type>/<slug:stage>/export/", exports.export_queue, name="export_queue"),
    path("selections/<uuid:token>/<slug:action>/", act.confirm, name="confirm"),
    path("acts/<uuid:token>/", act.act, name="act"),
    path("cases/<int:pk>/", case.case, name="case"),
    path("cases/<int:pk>/documents/<slug:key>/", case.case_document, name="case_document"),
    path("cases/<int:pk>/materials/", materials.material_list, name="materials"),
    path("cases/<int:pk>/materials/add/", materials.material_add, name="material_add"),
    path("cases/<int:pk>/<slug:action>/", case.decide, name="decide"),
    path("materials/<uuid:token>/preview/", materials.material_preview, name="material_preview"),
    path("materials/<uuid:token>/preview/<int:page>/", materials.material_page, name="material_page"),
    path("materials/<uuid:token>/download/", materials.material_download, name="material_download"),
    path("materials/<uuid:token>/remove/", materials.material_remove, name="material_remove"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/list.xlsx", notices.notice_sheet, name="notice_sheet"),
    path("notices/<int:pk>/object/<int:member>/", notices.object_to, name="object"),
    path("notices/objections/<uuid:token>/", notices.objection_received, name="objection_received"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<int:pk>/", objections.objection, name="objection"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:token>/", jobs.job, name="job"),
    path("jobs/<uuid:token>/progress/", jobs.job_progress, name="job_progress"),
    path("jobs/<uuid:token>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<uuid:token>/result/", jobs.job_result, name="job_result"),
    path("duty/", duty.switch_duty, name="switch_duty"),
    path("progress/", progress.progress, name="progress"),
]
