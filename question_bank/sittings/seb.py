"""Safe Exam Browser: the settings we give it, the file they travel in, and the Config Key they have.

Source: Safe Exam Browser's developer pages on the file format, the Config Key and integration. A file
is gzip of four letters and what follows; `plnd` is plain settings, themselves in gzip, as a property
list. The Config Key is SHA-256 of the settings as JSON of one form, so that a server can work out
what the browser will say. It proves with which settings a browser runs, and not who sits there.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import plistlib
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urldefrag, urlsplit
from xml.parsers.expat import ExpatError

HEADER: Final = "X-SafeExamBrowser-ConfigKeyHash"
MEDIA_TYPE: Final = "application/seb"
MOST_BYTES: Final = 4 * 1024 * 1024
_PLAIN: Final = b"plnd"
_SEALED: Final = frozenset({b"pkhs", b"phsk", b"pswd", b"pwcc"})
_PACKED: Final = b"\x1f\x8b"
_DEEPEST: Final = 50
# What tells who wrote a file is no setting.
_LEFT_OUT: Final = "originatorVersion"
_AS_GZIP: Final = 16 + zlib.MAX_WBITS


class SebFault(ValueError):
    """A file that holds no settings that we can read; the text says why."""


def settings_for(start_url: str) -> dict[str, Any]:
    """The settings for a test: this server alone, nothing beside it, and the Config Key sent along.

    Args:
        start_url: where the browser begins.
    """
    return {
        "allowBrowsingBackForward": False,
        "allowPreferencesWindow": False,
        "allowQuit": True,
        "allowSpellCheck": False,
        "allowSwitchToApplications": False,
        "browserViewMode": 1,
        "browserWindowAllowReload": True,
        "enablePrivateClipboard": True,
        "newBrowserWindowByLinkPolicy": 1,
        "originatorVersion": "Plumbline",
        "sebConfigPurpose": 0,
        "sendBrowserExamKey": True,
        "showReloadButton": True,
        "startURL": start_url,
        "URLFilterEnable": True,
        "URLFilterRules": [
            {"action": 1, "active": True, "expression": urlsplit(start_url).netloc, "regex": False}
        ],
    }


def packed(settings: Mapping[str, Any]) -> bytes:
    """Settings as a `.seb` file; the same settings are the same file to the letter."""
    inner = gzip.compress(plistlib.dumps(dict(settings)), mtime=0)
    return gzip.compress(_PLAIN + inner, mtime=0)


def unpacked(content: bytes) -> dict[str, Any]:
    """The settings in a `.seb` file, be it packed or the bare property list.

    Raises:
        SebFault: it is encrypted, too large, or holds no property list.
    """
    if len(content) > MOST_BYTES:
        raise SebFault(f"it holds more than {MOST_BYTES:,} bytes")
    data = _opened(content) if content.startswith(_PACKED) else content
    if data[:4] in _SEALED:
        raise SebFault("the settings are encrypted: only a file with plain ones can be read")
    if data[:4] == _PLAIN:
        data = _opened(data[4:])
    try:
        settings = plistlib.loads(data, fmt=plistlib.FMT_XML)
    except (ExpatError, ValueError, plistlib.InvalidFileException, AttributeError) as fault:
        raise SebFault("this is no property list with settings") from fault
    except (IndexError, KeyError, TypeError, OverflowError) as fault:
        raise SebFault("this property list is malformed") from fault
    if not isinstance(settings, dict):
        raise SebFault("the property list holds no settings")
    return settings


def config_key(settings: Mapping[str, Any]) -> str:
    """The Config Key of settings: SHA-256 of their one form, in lower-case hex.

    Raises:
        SebFault: a value is nested deeper than settings are.
    """
    counted = {name: value for name, value in settings.items() if name != _LEFT_OUT}
    return hashlib.sha256(as_json(counted).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=8)
def key_for(start_url: str) -> str:
    """The Config Key of the settings that we give for a start address."""
    return config_key(settings_for(start_url))


def key_hash(url: str, key: str) -> str:
    """What a browser with these settings says of an address: SHA-256 of both, in lower-case hex.

    Args:
        url: absolute, as the browser sees it; what stands after a # is left out.
        key: the Config Key.
    """
    return hashlib.sha256((urldefrag(url).url + key).encode()).hexdigest()


def as_json(value: Any, depth: int = 0) -> str:
    """A value in the one form: names sorted, no white space, nothing escaped.

    Raises:
        SebFault: it is nested deeper than settings are, or of a kind that a property list has not.
    """
    if depth > _DEEPEST:
        raise SebFault("the settings are nested too deeply")
    if isinstance(value, Mapping):
        kept = [one for one in value.items() if not (isinstance(one[1], Mapping) and not one[1])]
        pairs = sorted(kept, key=lambda one: _place(str(one[0])))
        return "{" + ",".join(f'"{name}":{as_json(one, depth + 1)}' for name, one in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(as_json(one, depth + 1) for one in value) + "]"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, bytes):
        return f'"{base64.b64encode(value).decode()}"'
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f'"{at.astimezone(UTC).isoformat(timespec="seconds")}"'
    if isinstance(value, str):
        return f'"{value}"'
    raise SebFault("a value is of a kind that settings have not")


def _place(name: str) -> tuple[str, tuple[bool, ...]]:
    """Without regard to case; where two differ in nothing else, the lower-case letter comes first."""
    return name.casefold(), tuple(letter.isupper() for letter in name)


def _opened(content: bytes) -> bytes:
    reader = zlib.decompressobj(_AS_GZIP)
    try:
        data = reader.decompress(content, MOST_BYTES)
    except zlib.error as fault:
        raise SebFault("this is no gzip file") from fault
    if reader.unconsumed_tail:
        raise SebFault(f"it holds more than {MOST_BYTES:,} bytes")
    if not reader.eof:
        raise SebFault("the gzip file is cut off")
    return data
