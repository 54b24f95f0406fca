"""What did a person type in a form that she did not save?

The texts of the fields are kept as they were typed, for her alone, until she saves the form
or starts again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import QueryDict

from terril.web.espace.models import Draft
from terril.web.espace.space import Space
from terril.web.people.refusal import Refusal, RefusedError

#: characters of a draft at the most, all fields together
LONGEST: Final = 400_000
_OURS: Final = frozenset({"csrfmiddlewaretoken", "version", "formulaire"})


def draft_key(register: str, number: int | None) -> str:
    """Return the key of a form: that of a row, or of a new one."""
    return f"{register}/{number}" if number is not None else f"{register}/nouveau"


def draft_of(space: Space, key: str) -> Draft | None:
    """Return the draft that the person has of a form."""
    return Draft.objects.filter(contract=space.contract, person=space.person, key=key).first()


def keep_draft(space: Space, key: str, sent: QueryDict, base: int) -> Draft:
    """Keep what was typed in a form; raises ``RefusedError`` when it is out of all size."""
    fields = {name: sent.getlist(name) for name in sent if name not in _OURS}
    if sum(len(text) for texts in fields.values() for text in texts) > LONGEST:
        raise RefusedError(Refusal("Ce brouillon est trop long pour être gardé.", 413))
    draft, _ = Draft.objects.update_or_create(
        contract=space.contract,
        person=space.person,
        key=key[:120],
        defaults={"fields": fields, "base": base},
    )
    return draft


def drop_draft(space: Space, key: str) -> None:
    """Forget the draft of a form."""
    Draft.objects.filter(contract=space.contract, person=space.person, key=key).delete()


def as_sent(fields: Mapping[str, list[str]]) -> QueryDict:
    """Return the fields of a draft as a form sends them."""
    sent = QueryDict(mutable=True)
    for name, texts in fields.items():
        sent.setlist(name, list(texts))
    return sent
