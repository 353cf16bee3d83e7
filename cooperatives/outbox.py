"""Writing down what has to be said, and that it has been said."""

from datetime import datetime

from cooperatives.models import Message, Organization, User


def tell(
    *, organization: Organization, kind: Message.Kind, name: str, phone: str, text: str, about: str, at: datetime
) -> Message:
    """One row in the outbox, inside the caller's transaction: told only if the thing really happened."""
    return Message.objects.create(
        organization=organization, kind=kind, to_name=name, to_phone=phone, text=text, about=about, created_at=at
    )


def mark_said(*, message: Message, actor: User | None, through: str, at: datetime) -> Message:
    """Said by a person or an adapter. Repeating it changes nothing."""
    Message.objects.filter(pk=message.pk, state=Message.State.WAITING).update(
        state=Message.State.SAID, said_at=at, said_by=actor, said_through=through
    )
    message.refresh_from_db()
    return message
