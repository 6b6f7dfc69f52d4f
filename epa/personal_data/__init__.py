"""Finding what looks like a person's data in a note: which kind, and where; nothing is kept.

Standard library only, so that the command that uses it starts at once. Found are National Insurance
and NHS numbers, telephone numbers, e-mail addresses, postcodes, addresses, dates of birth and
names; references such as SU-1, organisations, theorists and dates of visits are not.
"""

from epa.personal_data.finding import Finding, findings
from epa.personal_data.kinds import Kind

__all__ = ["Finding", "Kind", "findings"]
