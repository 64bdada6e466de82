from django.urls import path

from talent import views

app_name = "talent"
urlpatterns = [
    path("education/", views.educations, name="educations"),
    path("education/add/", views.education_add, name="education_add"),
    path("education/<int:pk>/", views.education_change, name="education_change"),
    path("education/<int:pk>/remove/", views.education_remove, name="education_remove"),
    path("work/", views.works, name="works"),
    path("work/add/", views.work_add, name="work_add"),
    path("work/<int:pk>/", views.work_change, name="work_change"),
    path("work/<int:pk>/remove/", views.work_remove, name="work_remove"),
]
