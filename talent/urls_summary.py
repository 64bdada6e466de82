"""汇总表 and 单位端申报信息查询."""

from django.urls import path

from talent.views import summary, unit_applications

urlpatterns = [
    path("applications/", unit_applications.unit_applications, name="unit_applications"),
    path("applications/export/", unit_applications.export_applications, name="export_applications"),
    path("summaries/", summary.summaries, name="summaries"),
    path("summaries/export/", summary.summary_export, name="summary_export"),
    path("summaries/upload/", summary.summary_upload, name="summary_upload"),
    path("summaries/<int:pk>/", summary.summary, name="summary"),
    path("summaries/<int:pk>/scan/", summary.summary_scan, name="summary_scan"),
    path("summaries/<int:pk>/return/", summary.summary_return, name="summary_return"),
]
