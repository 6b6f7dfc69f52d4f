"""What stands around a name, as patterns: titles, whose son, who said so, what makes it a place."""

from __future__ import annotations

import re
from typing import Final

WORD: Final = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
TITLE: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Mister|Dr|Prof|Professor|Rev|Reverend|Pastor|Imam|Auntie|Aunty|Uncle)"
    r"\.? (?=[^\W\d_a-z])([^\W\d_][\w'’-]+)"
)
LOW_TITLE: Final = re.compile(
    r"\b(?:(?:mr|mrs)\.? |(?:miss|ms) (?=[\w'’-]+ (?:is|was|has|said|says|told|wants|came)\b))"
    r"([a-z][a-z'’-]{2,})\b"
)
INITIAL: Final = re.compile(
    r"(?<![\w.&])[A-Z]\.? ?(?:[A-Z]\.? )?([A-Z][a-z'’]+(?:-[A-Z][a-z]+)?)\b"
)
RELATION: Final = (
    r"(?:mum|mam|mom|mother|dad|father|son|sons|daughter|daughters|brother|sister|wife|husband|ex(?:-\w+)?"
    r"|partner|boyfriend|girlfriend|fianc[eé]e?|child|children|baby|nephew|niece|aunt|auntie|uncle"
    r"|cousin|nan|nana|gran|grandma|grandad|grandfather|grandmother|granddaughter|grandson|friend"
    r"|best friend|neighbour|carer|landlord|landlady|key ?worker|social worker|support worker"
    r"|probation officer|GP|doctor|line manager|supervisor|manager|boss|colleague|work coach"
    r"|housemate|flatmate|step-?\w+|mate)"
)
WHOSE: Final = re.compile(
    rf"\b(?:[Hh]is|[Hh]er|[Tt]heir|[Mm]y|SU-?\d+['’]s)(?: \w+)? {RELATION},? \(?([A-Z][\w'’-]+)"
)
CALLED: Final = re.compile(
    r"\b(?:(?:is|was|son|daughter|someone|somebody|person|man|woman|colleague) named|(?:real |full |first |whole |client |client['’]s |service user )?name(?: is|:| was| =)"
    r"|known as|goes by|prefers to be called|likes to be called|(?:man|woman|lady|lad|girl|boy|client"
    r"|customer|participant|person|user|gentleman|guy|male|female) called|[Ii] am|initials?)"
    r" [\"“]?([A-Z][\w'’-]+)"
)
IN_BRACKETS: Final = re.compile(
    r"\bSU ?-?\d+(?:,| -| –|:| is| =)? ?\((?:i\.e\. |real name |name |aka |called )?([A-Z][\w'’-]+)"
)
EQUALS: Final = re.compile(r"\bSU ?-?\d+ ?(?:=|is called|is really|being|,? aka) ?([A-Z][\w'’-]+)")
# What a person does and a place of work does not.
DOES: Final = re.compile(
    r" (?:said|says|told (?:me|us)|felt|feels|attended|arrived|explained|mentioned|disclosed|wants"
    r"|wanted|lives|lived|cried|smiled|struggles|struggled|admitted|thinks|thought|seemed|seems"
    r"|hopes|came|turned up|looked|shared|worries|worried|enjoys|enjoyed|prefers|suffers|became"
    r"|is (?:keen|anxious|nervous|worried|happy|unsure|confident|now living|due)|was (?:keen|anxious"
    r"|nervous|worried|happy|late|tearful|upset|pleased|proud|quiet|reluctant|diagnosed)"
    r"|has (?:a|an|two|three|four|no|been|not|never|started|low|diabetes|epilepsy|depression|anxiety"
    r"|autism|ADHD)|asked|agreed|did not|didn['’]t|doesn['’]t|does not|left (?:school|home|her|his)"
    r"|needs|needed|and (?:I|his|her)|had (?:a|an|his|her|not|been)"
    r"|will (?:bring|attend|try|apply|look|come|need))\b"
)
SURELY_DOES: Final = re.compile(
    r" (?:felt|feels|cried|smiled|lives|lived|disclosed|struggles|struggled|worries|suffers|told me"
    r"|(?:said|says|explained|mentioned|thinks|felt) (?:that )?(?:he|she|his|her)"
    r"|was (?:nervous|anxious|tearful|upset|diagnosed)|is (?:anxious|nervous)"
    r"|has (?:two|three|four) (?:children|kids|sons|daughters))\b"
)
IS: Final = re.compile(
    r" (?:is|was|has|had|said|says|told|felt|feels|attended|arrived|explained|wants|lives|needs)\b"
)
OWNS: Final = re.compile(
    r"['’]s? (?:CV|confidence|anxiety|depression|diagnosis|medication|mum|dad|mother|father|wife"
    r"|husband|partner|son|daughter|children|kids|benefits|home|flat|GP|birthday|health|mental health"
    r"|visa|probation|conviction|disability|autism|ADHD|barriers|bank details|tenancy|housing"
    r"|childcare|job search|universal credit|universal jobmatch|debts?)\b",
    re.IGNORECASE,
)
SPOKE: Final = re.compile(
    r"\b(?:spoke (?:to|with)|met with|talked to|client|participant|customer"
    r"|(?:session|meeting|review|appointment|call|chat|sat|talked|work(?:ed|ing)) with) $",
    re.IGNORECASE,
)
TOLD: Final = re.compile(
    r"\b(?:met|saw|texted|emailed|helped|supported|encouraged|reassured|advised|asked|told"
    r"|interviewed|named|introduced) $",
    re.IGNORECASE,
)
SPOKE_OF: Final = re.compile(r",? (?:about|regarding|on) (?:his|her)\b|,? who (?:is|was|has|had)\b")
# What follows a name of somebody in the name of a place or an organisation.
PLACE_AFTER: Final = re.compile(
    r"(?:['’]s)?(?: [A-Z][\w'’]+){0,2}(?: (?:and|&) (?:[A-Z][\w'’]+|Sons|Daughters|Co))?[ -]"
    r"(?:Street|St|Road|Rd|Lane|Avenue|Close|Drive|Court|Crescent|Terrace|Gardens|Grove|Place"
    r"|Square|Row|Hill|Park|House|Hall|Hotel|Centre|Center|Hub|Library|School|College|Academy"
    r"|University|Primary|High|Hospital|Hospice|Infirmary|Clinic|Surgery|Church|Chapel|Cathedral"
    r"|Mosque|Temple|Trust|Foundation|Fund|Charity|Project|Programme|Society|Association"
    r"|Partnership|Group|Ltd|Limited|LLP|PLC|plc|Inc|Services?|Solutions|Recruitment|Agency"
    r"|Logistics|Foods?|Bakery|Bakers|Butchers|Caf[eé]|Restaurant|Kitchen|Bar|Arms|Inn|Pub|Stores?"
    r"|Shop|Supermarket|Motors|Garage|Construction|Homes?|Housing|Care|Cleaning|Security|Transport"
    r"|Warehouse|Stadium|Arena|Theatre|Museum|Gallery|Bridge|Station|Market|Quarter|Building|Tower"
    r"|Ward|Way|Wharf|Dock|Island|Town|City|United|Palace|Castle|Farm|Field|Fields|Award|Day|Report"
    r"|Review|Model|Scale|Test|Law|Act|Inventory|Cycle|Theory|Industrial|Estate|Business|Community"
    r"|Engineering|Manufacturing|Printers?|Laundry|Nursery|Salon|Barbers|Opticians|Solicitors"
    r"|Consulting|Associates|Training|Works|Mill|Mills|Yard|Depot)\b"
)
SONS_AFTER: Final = re.compile(
    r"(?:['’]s)? (?:[A-Z][\w'’]+ )?(?:and|&) (?:Sons?|Daughters|Co|Partners|Spencer)\b"
)
HOLY: Final = re.compile(
    r"\b(?:St|St\.|Saint|Sts|King|Queen|Prince|Princess|Duke|Dame|Sir|Lord|Lady|Baroness|Lake|Mount|Port|Fort|Ben|Loch|The|the) $"
)
# Organisations, brands, laws and theorists that carry somebody's name, and are nobody's data.
NOBODY: Final = re.compile(
    r"\b(?:John Lewis|Marks (?:and|&) Spencer|Arnold Clark|Henry Boot|Paddy Power|William Hill"
    r"|Fred Perry|Harvey Nichols|Laura Ashley|Ted Baker|Karen Millen|Hugo Boss|Paul Smith"
    r"|Tim Hortons|Frankie (?:and|&) Benny['’]s|Ben (?:and|&) Jerry['’]s|Dorothy Perkins|Jack Wills"
    r"|Mr Kipling|D(?:r|oc) Martens|Uncle Ben['’]s|Aunt Bessie['’]s|Dr Oetker|Mr Men|Ann Summers"
    r"|Christian Aid|Thomas Cook|Robert Dyas|Peter Jones|Eddie Stobart|Robert Walters|Michael Page"
    r"|Robert Half|Marie Curie|Sue Ryder|St\.? John Ambulance|Leonard Cheshire|Ronald McDonald"
    r"|Joseph Rowntree|Martin Luther King|Nelson Mandela|Rosa Parks|Anne Frank|Florence Nightingale"
    r"|Mary Seacole|Alan Turing|Stephen Lawrence|Harry Potter|Jo Cox|Oliver McGowan|Hugh Baird"
    r"|Barry Island|Ben Nevis|Jack(?:et)? (?:Straw|Russell)|Joe (?:and|&) the Juice|Papa John['’]s"
    r"|Jimmy Choo|Jamie['’]s Italian|Pizza Hut|Kelly Services|Adam Smith|Charles Tyrwhitt|Matalan|Sally Army"
    r"|Gordon Ramsay|Dyson|Alexander Dennis|James Hall|Bernard Matthews|Samuel Smith['’]?s?"
    r"|Daniel Thwaites|Joseph Holt|Thomas the Tank|Victoria Sponge|Dan Brown|Roald Dahl"
    r"|(?:Clare|Claire|Sarah|Martyn|Helen|Natasha|Harper|Awaab|Ruth)['’]s Law"
    r"|(?:[A-Z][a-z]+ )?(?:Maslow|Kolb|Krumboltz|Bandura|Prochaska|DiClemente|Belbin|Tuckman|Lewin"
    r"|Sch[oö]n|Dweck|Cialdini|Rickter|Myers[- ]Briggs|Johari|Bronfenbrenner|Vygotsky|Piaget"
    r"|Driscoll|Borton|Savickas|Hodkinson|Goleman|Mehrabian|Kirkpatrick|Rollnick|Whitmore"
    r"|Brookfield|Honey|Mumford|Bloom)"
    r"|(?:Carl Rogers|Gerard Egan|John Holland|Donald Super|Graham Gibbs|Stephen Covey|Aaron Beck"
    r"|Albert Ellis|Eric Berne|John Adair|Bill Law|William Miller|Malcolm Knowles|Tony Watts"
    r"|Mark Savickas|Jean Lave|Frank Parsons|Gillie Bolton|Brené Brown|Simon Sinek)"
    r"|(?:Gibbs|Egan|Holland|Rogers|Super|Covey|Beck|Ellis|Berne|Adair|Knowles|Miller|Parsons|Law)"
    r"['’]?s? (?:\([0-9]{4}\) )?(?:\w+ ){0,2}(?:model|theory|cycle|hierarchy|codes?|typology|types"
    r"|framework|stages?|approach|principles|skilled|reflective|core|rainbow|habits|conditions))"
    r"(?:['’]s)?",
)
NO_SURNAME: Final = frozenset(
    {
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december", "office", "word", "excel", "teams", "outlook"),
        *("powerpoint", "access", "forms", "right", "the", "and", "who", "or", "to", "in", "is"),
        *("appointment", "surgery", "note", "letter", "certificate", "visit", "referral"),
    }
)
# Who speaks in notes without a name.
ROLES: Final = frozenset(
    {
        *("he", "she", "they", "it", "i", "we", "you", "this", "that", "these", "those", "who"),
        *("client", "clients", "customer", "customers", "participant", "participants", "person"),
        *("apprentice", "assessor", "practitioner", "advisor", "adviser", "coach", "manager"),
        *("employer", "tutor", "mentor", "candidate", "learner", "user", "users", "individual"),
        *("everyone", "everybody", "nobody", "somebody", "someone", "both", "one", "all", "most"),
        *("group", "team", "staff", "provider", "colleague", "colleagues", "observer", "member"),
        *("today", "yesterday", "tomorrow", "school", "college", "university", "council", "court"),
        *("employee", "worker", "partner", "mum", "dad", "mother", "father", "family", "child"),
        *("people", "women", "men", "woman", "man", "lady", "gentleman", "parents", "supervisor"),
        *("interviewer", "receptionist", "caseworker", "jobseeker", "applicant", "carer", "gp"),
        *("service", "then", "also", "later", "afterwards", "initially", "finally", "there", "su"),
        *("none", "others", "another", "neither", "each", "many", "few", "some", "several"),
        *("jobcentre", "director", "officer", "leader", "trainer", "teacher", "speaker", "and"),
        *("but", "so", "because", "when", "while", "if", "after", "before", "as", "what", "how"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    }
)
# Given names that stand alone for something else too often: a month, a place, a maker, a thing.
NEVER_ALONE: Final = frozenset(
    {
        *("abel", "alexa", "alma", "amber", "angel", "april", "archer", "art", "ash", "asia"),
        *("august", "aurora", "austin", "autumn", "basil", "bay", "birdie", "blessing"),
        *("brandy", "brook", "brooke", "brooklyn", "bud", "carter", "cash", "chance"),
        *("charity", "chase", "chelsea", "chester", "chi", "christmas", "cliff", "clover"),
        *("comfort", "coral", "cosmo", "crystal", "dakota", "dallas", "dell", "destiny"),
        *("devon", "dick", "don", "duke", "dusty", "earl", "eden", "faith", "fern", "flo"),
        *("florence", "forest", "georgia", "gift", "ginger", "glory", "grant", "guy", "hale"),
        *("happy", "harmony", "harper", "haven", "heath", "hector", "herb", "honor", "hope"),
        *("hunter", "ina", "india", "ion", "iris", "israel", "ivory", "jan", "jasper", "jet"),
        *("jewel", "jordan", "julep", "june", "justice", "kent", "lance", "lane", "laurel"),
        *("lincoln", "london", "lotus", "mace", "major", "marlow", "mars", "marshall"),
        *("martini", "mason", "maverick", "max", "may", "melody", "mercedes", "mercy"),
        *("merit", "merlin", "milan", "miller", "misty", "nan", "neo", "nova", "ola", "opal"),
        *("paris", "parker", "pat", "patience", "petal", "phoenix", "piers", "pip"),
        *("precious", "preston", "prince", "princess", "promise", "prosper", "prudence"),
        *("queen", "rain", "raven", "red", "reed", "reese", "regis", "ria", "rich", "river"),
        *("rocky", "rod", "roma", "roman", "romana", "romany", "rush", "rusty", "ryder"),
        *("sage", "said", "sal", "sandy", "scout", "sherry", "sky", "skye", "sonny"),
        *("spring", "star", "sterling", "stone", "storm", "summer", "sunny", "sydney"),
        *("tanner", "tate", "taylor", "temple", "terra", "tiger", "trinity", "tucker", "uma"),
        *("una", "vale", "victoria", "viola", "virginia", "wade", "ward", "warner", "weston"),
        *("will", "willow", "winter", "wren", "york", "zion"),
    }
)
# Names that no list holds all of: Punjabi, Yoruba and Arabic ones made of parts.
GIVEN_ENDINGS: Final = re.compile(
    r"[a-z]{2,}(?:preet|deep|inder|jeet|meet|jit|want|veer)|oluwa[a-z]+|ab(?:dul|dur|di)[a-z]+"
    r"|m[ou]hamm?[aeu]d[a-z]*"
)
# Of these those that begin questions and sentences, so that not even what follows tells.
VERBS_AND_MONTHS: Final = frozenset({"april", "august", "june", "may", "said", "will"})
