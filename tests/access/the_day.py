"""The assessor's day in the world of the access tests: official texts, questions, recordings."""

from epa.conduct.rules import QuestionFields
from epa.conduct.services import attach_recording, write_question
from epa.lifecycle.definitions import latest
from epa.wording.services import load_pack


def official_texts(builder):
    """A pack of the EPAO's, so that every sheet names it."""
    word = builder._token("wording")
    content = f"code,method,grade,text\nK1,presentation,pass,Official {word}\n".encode()
    pack = load_pack(
        builder.epao,
        latest("st0663"),
        content,
        name=f"Pack {word}",
        actor=builder.staff.administrator,
        at=builder.at,
    )
    builder.world.objects[f"pack@{builder.tag}"] = pack.id


def keep_day(builder, attempt, actor, name):
    """What happened on the day: a question with its answer, and a recording of it."""
    method = attempt.method_code
    asked, answered = (builder._token("asked_question", name, method) for _ in range(2))
    fields = QuestionFields(1, f"Why {asked}?", f"So {answered}.")
    write_question(attempt, fields, actor=actor, at=builder.at)
    token = builder._token("recording", name, method)
    file = builder.make.stored_file(actor, name=f"{token}.mp3", content=b"ID3 sound")
    attach_recording(attempt, file, actor=actor, at=builder.at)
