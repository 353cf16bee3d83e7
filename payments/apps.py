from functools import partial

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class PaymentsConfig(AppConfig):
    name = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cooperatives import walls  # models are loaded only now
        from payments.evidence_walls import EVIDENCE

        # Kept on the class: a signal holds its receivers weakly.
        self.before = partial(walls.before_migrate, walls=EVIDENCE)
        self.after = partial(walls.after_migrate, walls=EVIDENCE)
        self.check = partial(walls.check_walls, walls=EVIDENCE)
        pre_migrate.connect(self.before, sender=self, dispatch_uid="evidence-walls")
        post_migrate.connect(self.after, sender=self, dispatch_uid="evidence-walls")
        register(self.check, Tags.database)
