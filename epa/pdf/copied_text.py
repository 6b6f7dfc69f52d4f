"""Let text that is copied or searched in a PDF of the old engine be the text that was written.

The engine notes for each glyph the first character that its font draws with it. A font draws the
radical "dragon" and the name Long with one glyph, so that Li Xiaolong, printed right, would be
copied and searched wrong; and every space would be a tab.
"""

import re
import unicodedata

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, StreamObject

RADICALS = dict(
    zip(
        "⺂⺃⺅⺉⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺟⺠⺡⺣⺤⺦⺨⺫⺭⺯⺰⺱⺲⺹⺺⺾⺿⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "乛乚亻刂兀尣尢巳幺彑彐忄扌攵旡歺母民氵灬爫丬犭罒礻糹纟罓罒耂肀艹艹虎衤覀西见角讠贝车辶辶辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
KANGXI = (0x2F00, 0x2FD5)
LIST = re.compile(r"\[[^\]]*\]")
CODE = re.compile(r"<([0-9A-Fa-f]{4})>")


def mend_copied_text(writer: PdfWriter) -> None:
    """Rewrite which characters the glyphs of every font stand for."""
    for page in writer.pages:
        resources = page["/Resources"].get_object()
        fonts = resources.get("/Font") if isinstance(resources, DictionaryObject) else None
        for font in (fonts or {}).values():
            characters = font.get_object().get("/ToUnicode")
            stream = characters.get_object() if characters is not None else None
            if isinstance(stream, StreamObject):
                listed = stream.get_data().decode("latin-1")
                stream.set_data(LIST.sub(_mended_list, listed).encode("latin-1"))


def mended(character: str) -> str:
    """The character that people write where the engine noted this one."""
    if character == "\t":
        return " "
    if KANGXI[0] <= ord(character) <= KANGXI[1]:
        return unicodedata.normalize("NFKC", character)
    return RADICALS.get(character, character)


def _mended_list(found: re.Match[str]) -> str:
    return CODE.sub(lambda code: f"<{ord(mended(chr(int(code[1], 16)))):04X}>", found.group())
