"""What may come in: a file's name, kind and content checked before anything is stored."""

from epa.uploads.checking import CheckedUpload, check_upload, name_fault, size_fault
from epa.uploads.kinds import KINDS, UploadRefused
from epa.uploads.names import display_name

__all__ = [
    "KINDS",
    "CheckedUpload",
    "UploadRefused",
    "check_upload",
    "display_name",
    "name_fault",
    "size_fault",
]
