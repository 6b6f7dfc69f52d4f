from uuid import uuid4

import pytest
from flask import url_for

from epa.web.addresses import address_of, asset


@pytest.mark.parametrize("mounted_at", ["", "/epa"])
def test_it_writes_what_the_router_writes_wherever_plumbline_is_mounted(app, mounted_at):
    for _twice in range(2):
        one = uuid4()
        with app.test_request_context("/", base_url=f"http://localhost{mounted_at}"):
            assert address_of("home.show") == url_for("home.show")
            shown = address_of("record.show", assessment_id=one)
            assert shown == url_for("record.show", assessment_id=one)
            assert shown.startswith(f"{mounted_at}/apprentices/")
            assert asset("images/mark.svg") == url_for("static", filename="images/mark.svg")
