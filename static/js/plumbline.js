// Starts what makes pages easier. Everything works without it.
import { focusErrorSummary } from "./error_summary.js";
import { askBeforeLeaving } from "./leave_warning.js";
import { foldSections } from "./menu.js";
import { showPasswords } from "./password.js";
import { countLetters } from "./count.js";
import { searchByKey } from "./search_key.js";
import { sendOnce } from "./send_once.js";
import { showSoFar } from "./so_far.js";
import { sendInParts } from "./upload_parts.js";

foldSections(document);
focusErrorSummary(document);
showPasswords(document);
countLetters(document);
sendInParts(document);
askBeforeLeaving(document);
sendOnce(document);
searchByKey(document);
showSoFar(document);
