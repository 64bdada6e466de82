from django.urls import path

from talent.urls_apply import urlpatterns as apply_urls
from talent.urls_card import urlpatterns as card_urls
from talent.urls_change import urlpatterns as change_urls
from talent.urls_space import urlpatterns as space_urls
from talent.urls_summary import urlpatterns as summary_urls
from talent.views import facts, proofs

app_name = "talent"
urlpatterns = [
    *space_urls,
    path("profile/photo/", proofs.photo_add, name="photo_add"),
    path("profile/photo/remove/", proofs.photo_remove, name="photo_remove"),
    path("education/", facts.educations, name="educations"),
    path("education/add/", facts.education_add, name="education_add"),
    path("education/<int:pk>/", facts.education_change, name="education_change"),
    path("education/<int:pk>/remove/", facts.education_remove, name="education_remove"),
    path("work/", facts.works, name="works"),
    path("work/add/", facts.work_add, name="work_add"),
    path("work/<int:pk>/", facts.work_change, name="work_change"),
    path("work/<int:pk>/remove/", facts.work_remove, name="work_remove"),
    path("work/<int:pk>/proofs/", proofs.work_proofs, name="work_proofs"),
    path("work/<int:pk>/proofs/add/", proofs.proof_add, name="proof_add"),
    path("work/proofs/<uuid:token>/remove/", proofs.proof_remove, name="proof_remove"),
    *apply_urls,
    *card_urls,
    *change_urls,
    *summary_urls,
]
