"""Faults by the kind of mistake they stand for; a proof, not a probe, shows that each is seen."""

REAL_WORLD = (
    *("empty-code-opens", "padded-code-opens-by-number", "true-opens", "master-code-opens-calls"),
    *("start-of-code-opens-by-number", "folded-digits-open-whatsapp"),
    *("used-code-of-the-number-opens", "code-of-another-number-opens"),
    *("late-code-opens-by-number", "approved-code-opens-calls-again"),
)
"""Ten mistakes of real services: an input is accepted that nobody may pass with."""

KINDS: dict[str, tuple[str, ...]] = {
    "worst inputs": (*REAL_WORLD, "missing-code-opens-by-number"),
    "input rules on one channel": (
        "whatsapp-mends-numbers",
        "flash-calls-trim-numbers",
        "flash-calls-live-for-a-day",
        "whatsapp-takes-long-own-codes",
        "calls-take-own-codes-with-letters",
        "flash-call-takes-an-own-code",
        "extension-dialled-on-flash-calls",
        "whatsapp-takes-any-profile-id",
        "any-profile-checks-by-number",
        "cut-profile-id-checks-by-number",
        "percent-checks-any-number",
        "unknown-number-lists-the-newest",
    ),
    "verifications of one number": (
        "code-of-another-channel-still-opens",
        "locked-code-opens-the-next",
        "late-code-opens-the-next",
        "used-code-opens-the-next-call",
        "old-id-takes-the-newest-code",
        "attempts-are-carried-over",
        "wrong-codes-spend-every-profiles-attempts",
    ),
    "rows equal the object": (
        "rows-show-the-default-timeout",
        "rows-of-flash-calls-read-as-calls",
        "second-page-forgets-the-spend-limit",
        "filtered-rows-lack-whatsapp-ids",
    ),
    "arithmetic of lists": (
        "full-page-counts-one-page-more",
        "last-page-tells-its-own-size",
        "empty-list-counts-one",
        "numbers-list-counts-pages-of-one",
        "numbers-list-claims-pages-of-25",
    ),
    "PATCH of lists and blocks": (
        "patched-countries-are-added",
        "patched-countries-come-sorted",
        "calls-follow-the-first-list",
        "second-patch-undoes-the-first",
        "patch-of-whatsapp-drops-flash-calls",
    ),
    "use after deletion": (
        "deleted-profile-can-be-changed",
        "deleted-profile-still-listed",
        "verdict-passes-after-deletion",
        "rows-of-a-deleted-profile-read-pending",
    ),
    "exact echo": (
        "template-line-breaks-are-made-alike",
        "template-list-escapes-markup",
        "message-loses-white-space",
        "whatsapp-ids-lose-white-space",
        "failover-address-in-lower-case",
        "profile-list-composes-letters",
    ),
    "lookups against the plan": (
        "islands-look-up-as-american",
        "national-format-is-international",
        "mobiles-look-up-as-fixed-lines",
    ),
    "keys in odd forms and places": (
        "key-without-a-scheme-works",
        "no-key-under-the-scheme-works",
        "key-in-any-capitals-works",
        "half-a-key-works",
        "key-as-a-user-looks-up",
        "key-in-another-header-lists",
        "key-looked-for-in-broken-bodies",
    ),
    "HEAD, OPTIONS and one slow operation": (
        "head-needs-no-key",
        "head-of-lookups-not-served",
        "options-of-templates-name-nothing",
        "lookups-take-long",
        "checks-take-long",
    ),
    "documents": (
        "trigger-fails-after-it-sent",
        "caller-identity-too-sure",
        "error-codes-are-numbers",
    ),
}
PROVED = frozenset(fault for faults in KINDS.values() for fault in faults)
