"""What the hand-written tables come to for one reader, one address and one record."""

from tests.access import addresses
from tests.access import rules_table as table

SEES_NONE, NO_SUCH, ALLOWED = 403, 404, "allowed"


def expected(world, reader, endpoint, name):
    """403, 404 or allowed, for somebody who is signed in; ``name`` is the record's, if any."""
    if not _hats(reader, endpoint):
        return SEES_NONE
    if addresses.ENDPOINTS[endpoint][1] == "-":
        return ALLOWED
    reaching = reached(world, reader, endpoint, name)
    if not reaching:
        return NO_SUCH
    needed = _only_for(endpoint, name)
    if needed is not None and not needed & {hat.role for hat in reaching}:
        return SEES_NONE
    exists = addresses.EXISTS_FOR.get(endpoint)
    return ALLOWED if exists is None or name.partition("@")[0] + _rest(name) in exists else NO_SUCH


def reached(world, reader, endpoint, name):
    """The hats in which somebody reaches a record, whether or not it has what the address shows."""
    asks, kind = addresses.ENDPOINTS[endpoint]
    row = table.PERMISSIONS[asks]
    hats = [
        hat
        for hat in _hats(reader, endpoint)
        if _reaches(world, reader, hat, row[hat.role], kind, name)
    ]
    return hats if hats and _is_there(endpoint, kind, name) else []


def _hats(reader, endpoint):
    """The hats in which somebody has the permission that an address asks for."""
    row = table.PERMISSIONS[addresses.ENDPOINTS[endpoint][0]]
    return [hat for hat in reader.hats if row[hat.role] != "-"]


def _rest(name):
    """What follows the EPAO's tag: the method of an attempt."""
    return "".join(f" {word}" for word in name.partition("@")[2].split()[1:])


def _only_for(endpoint, name):
    if endpoint == "gateway.supply":
        return addresses.SUPPLIED_BY[name.split()[0]]
    return addresses.ONLY_FOR.get(endpoint)


def _is_there(endpoint, kind, name):
    wanted = addresses.METHOD_OF.get(endpoint.partition(".")[0])
    return kind != "attempt" or wanted is None or name.split()[1] == wanted


_OF_A_CASE = frozenset(
    {
        *("assessment", "attempt", "requirement", "piece", "version", "material", "note"),
        *("asked", "evidence", "resit", "action", "sitting"),
    }
)


def _reaches(world, reader, hat, word, kind, name):
    if name == "unknown":
        return False
    if kind in _OF_A_CASE:
        return _reaches_case(world, hat, word, kind, name)
    tag = name.partition("@")[2]
    if kind in {"slot", "upload", "assessor"} or word == "shift":
        return _reaches_dates(world, reader, hat, kind, name)
    if kind in {"answer", "marked"}:
        return hat.at == tag and _reaches_answer(reader, hat, kind)
    if kind in {"provider", "records"}:
        return _reaches_client_data(hat, word, name)
    own = f"support@{tag}" if word == "service" else tag
    return hat.at == own or _is_shared(kind, name)


def _reaches_answer(reader, hat, kind):
    """Ada's answer was marked by the marker; whoever assesses her has no part in it."""
    if kind == "marked" or reader.name == "marker":
        return kind == "marked" and reader.name == "marker"
    return all(method == "knowledge_test" for _case, method in hat.attempts)


def _is_shared(kind, name):
    """Clients and their contacts are shared between EPAOs; an EPAO and its people are its own."""
    if kind == "organisation":
        return not name.startswith("epao@")
    contacts = {"employer", "provider"}
    return kind in {"person", "role"} and name.split()[1].partition("@")[0] in contacts


def _reaches_client_data(hat, word, name):
    """The provider one leads with its lists, the lists kept for one's EPAO, and who may have one."""
    if word == "leads":
        return name.rpartition(" ")[2] == hat.at
    if name.startswith("records "):
        return name.endswith(f"@{hat.at}")
    if hat.role == "administrator":
        return name.startswith(("support@", "provider"))
    return name == f"support@{hat.at}"


def _reaches_dates(world, reader, hat, kind, name):
    """One's own hours and uploads and nobody else's, the sessions one is on shift in, those who assess."""
    tag = name.partition("@")[2]
    if kind in {"slot", "upload"}:
        return name == f"{kind} {reader.name}@{hat.at}"
    if kind == "assessor":
        return tag == hat.at and name.split()[1] not in world.cases
    return tag in hat.sessions


def _reaches_case(world, hat, word, kind, name):
    case = world.cases[next(part for part in name.split() if "@" in part)]
    if word == "epao":
        return hat.at == case.epao
    if word == "own":
        return hat.own == case.name
    if word in {"employer", "provider"}:
        return hat.at == getattr(case, word)
    if word == "case":
        return case.name in {one for one, _method in hat.attempts}
    if word == "attempt":
        return (case.name, name.split()[-1]) in hat.attempts
    assert word == "shared"
    shared = (case.name, "presentation") in hat.attempts
    return shared and (kind != "piece" or name.endswith("v2"))


def may_see(world, reader, token):
    """Whether the table of words lets a reader see what this one stands for."""
    if token.word == reader.own_name:
        return True
    if token.kind == "conflict" and token.owner == reader.name:
        return True
    return any(_hat_sees(world, hat, token) for hat in reader.hats)


def _hat_sees(world, hat, token):
    cell = table.WORDS[token.kind][hat.role]
    if cell in {"-", "all"}:
        return cell == "all"
    if token.case is not None:
        kind = "attempt" if cell == "attempt" else "assessment"
        return _reaches_case(world, hat, cell, kind, f"{token.case} {token.method or ''}".strip())
    return (token.organisation or f"epao@{token.tag}") in _organisations(world, hat, cell)


def _organisations(world, hat, cell):
    """The reader's own, and those that have a part in the cases they reach."""
    yield hat.at if "@" in hat.at else f"epao@{hat.at}"
    if hat.role == "provider_quality_lead":
        yield f"epao@{hat.at.partition('@')[2]}"  # which reviews them and keeps their lists
    if cell == "service":
        return
    if cell in {"epao", "review"} and "@" not in hat.at:
        yield f"support@{hat.at}"
    if cell == "review":
        return
    for case in world.cases.values():
        if _reaches_case(world, hat, cell, "assessment", case.name):
            yield from (f"epao@{case.epao}", case.employer, case.provider)
