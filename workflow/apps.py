from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from workflow.permits import know_permits
from workflow.triggers import restore_triggers, stand_aside


class WorkflowConfig(AppConfig):
    name = "workflow"
    verbose_name = _("Offices and cases")

    def ready(self) -> None:
        connection_created.connect(know_permits)
        autodiscover_modules("chains", "items")
        pre_migrate.connect(stand_aside, sender=self)
        post_migrate.connect(restore_triggers, sender=self)
