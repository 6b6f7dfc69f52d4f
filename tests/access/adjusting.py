"""Adjustments in the world of the access tests: asked for by the apprentice, granted per method."""

from epa.adjustments import services
from epa.adjustments.rules import Asked, Ruling
from epa.allowances.rules import AdjustmentKind, Granted


def adjust(builder, case, name):
    """A request with a reason and a file, decided for each method with a reason."""
    staff, apprentice = builder.staff, case.apprenticeship.person
    help_wanted, need = (builder._token("adjustment_need", name) for _ in range(2))
    file = builder._file(apprentice, builder._token("adjustment_need", name))
    methods = tuple(one.method_code for one in case.attempts)
    asked = services.ask(
        case,
        Asked(methods, f"It would help {help_wanted}", f"Because {need}"),
        actor=apprentice,
        at=builder.at,
        file=file,
    )
    for method in methods:
        details = {AdjustmentKind.OTHER: builder._token("adjustment_granted", name, method)}
        reason = f"Since {builder._token('adjustment_reason', name)}"
        ruling = Ruling((method,), Granted(details=details), is_granted=True, reason=reason)
        services.decide(asked, ruling, actor=staff.iqa, at=builder.at)
    builder.world.objects[f"asked {name}@{builder.tag}"] = asked.id
    builder.world.objects[f"evidence {name}@{builder.tag}"] = asked.evidence[0].id
