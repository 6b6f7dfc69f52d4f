"""A list of clients in the world of the access tests, kept by a provider's quality lead."""

from epa.client_data.services import draw_sample


def keep_clients(builder):
    """The lead's list, with a client who counts nowhere and a sample that the EPAO drew."""
    code = builder._token("client_reference", organisation=f"support@{builder.tag}")
    kept = builder.make.client_list(
        builder.contacts.lead,
        provider=builder.support,
        epao=builder.epao,
        rows=(f"{code},,,,,woman,", *(f"C-{n},2025-01-06,,,,man," for n in range(9))),
    )
    draw_sample(kept, 10, actor=builder.staff.iqa, at=builder.at)
    builder.world.objects[f"records support@{builder.tag}"] = kept.id
