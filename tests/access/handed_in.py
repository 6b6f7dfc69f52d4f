"""What is handed in beside portfolio and presentation, and files on their way in."""

from epa.database import db
from epa.files import receiving
from epa.lifecycle.models import EndPointAssessment
from epa.material import services as material
from epa.material.models import MaterialDelivery
from epa.material.rules import Supplier
from epa.people.models import Person


def hand_in(builder):
    """Ada's was let in late and has a file, Ben's is asked for; two people are uploading."""
    office = builder.staff.administrator
    for name, asked_of in (("ada", Supplier.APPRENTICE), ("ben", Supplier.EMPLOYER)):
        case = db.session.get(EndPointAssessment, builder.world.objects[f"{name}@{builder.tag}"])
        title = f"Plan {builder._token('material', name)}"
        row = material.ask(case, title, asked_of, actor=office, at=builder.at)
        builder.world.objects[f"material {name}@{builder.tag}"] = row.id
        if name == "ada":
            _let_in(builder, row, office)
    for name in ("ada", "assessor"):
        owner = db.session.get(Person, builder.world.objects[f"person {name}@{builder.tag}"])
        said = f"{builder._token('never')}.pdf"
        upload = receiving.begin(said, 900, actor=owner, at=builder.at, most=1000)
        builder.world.objects[f"upload {name}@{builder.tag}"] = upload.id


def _let_in(builder, row, office):
    db.session.add(
        MaterialDelivery(
            material=row,
            version=1,
            file=builder._file(office, builder._token("material", "ada")),
            note=f"See {builder._token('material', 'ada')}",
            supplied_at=builder.at,
            supplied_by=office,
            allowed_late_by=office,
            late_reason=builder._token("late_reason", "ada"),
        )
    )
