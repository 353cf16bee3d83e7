from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class CooperativesConfig(AppConfig):
    name = "cooperatives"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cooperatives import walls  # models are loaded only now

        # Django remakes SQLite tables and drops their triggers without a word: put them up again.
        pre_migrate.connect(walls.before_migrate, sender=self, dispatch_uid="ledger-walls")
        post_migrate.connect(walls.after_migrate, sender=self, dispatch_uid="ledger-walls")
        register(walls.check_walls, Tags.database)
