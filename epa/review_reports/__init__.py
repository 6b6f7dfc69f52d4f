"""The report of a review: written, moderated, sent, put right, final; and the certificate."""
