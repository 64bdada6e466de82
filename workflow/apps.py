from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from workflow.triggers import restore_triggers


class WorkflowConfig(AppConfig):
    name = "workflow"

    def ready(self) -> None:
        autodiscover_modules("chains")
        post_migrate.connect(restore_triggers, sender=self)
