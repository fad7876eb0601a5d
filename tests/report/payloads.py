"""Text a hostile target may send, for every place of a journal that holds text from outside."""

from tests.report.journals import Journal, request, requirement, response
from verify_harness.journal.records import AnyRecord

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</pre></div></style><svg onload=alert(1)>",
    '"><iframe src="javascript:alert(1)">',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!-- --><![CDATA[ & &amp; &#0;",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "\x1b[31mred\x1b[0m\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x1b]0;title\x07\x1b[2J\x1b[1;1H",
    "\u202egnp.exe\u202c \u2066hidden\u2069 \u200f",
    "nul \0 bell \x07 backspace \x08 delete \x7f",
    "\x85 \x9b31m C1 \u2028 \u2029 \ufeff \u200b",
    "\ufffe \uffff \ud800 lone \udfff",
    "line\r\nbreak\n\n# heading\n\n| a | b |\n",
    "```\n~~~\n```` fence",
    "![x](http://evil.example/x.png) [y](javascript:alert(1)) http://evil.example www.evil.example",
    "@everyone #1 <b>bold</b> **bold** `code` $x^2$",
    "::set-output name=x::y\n::error::z",
    "[bold red]markup[/] [link=http://evil.example]x[/link] [/] \\[",
    "trailing \\",
    "=cmd|' /C calc'!A0",
    "javascript:alert(document.domain)",
    "\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}\U000e0041",
    "\U0001f600 ünïcödé 漢字",
)


def hostile(payload: str) -> list[AnyRecord]:
    """A journal in which every text is `payload`."""
    name = f"VFY-{payload}-001"
    dirty = requirement("VFY-X-1", id=name, title=payload, statement=payload)
    dirty |= {"sources": [payload, payload]}
    skipped = requirement("VFY-X-2", title=payload)
    journal = Journal().start(
        dirty,
        skipped,
        tool=payload,
        command=payload,
        spec_sha256=payload,
        dialect=payload,
        started_at=payload,
        level=payload,
        target={"url": payload, "kind": payload, "levers": [payload]},
        operations=[{"operation_id": payload, "method": payload, "path": payload}],
    )
    journal.begin(payload, name, operations=[payload])
    headers = {payload: payload}
    sequence = journal.exchange(
        payload,
        operation_id=payload,
        request=request(method=payload, url=payload, headers=headers, body=payload),
        response=response(body=payload, headers=headers),
    )
    unanswered = journal.exchange(payload, response=None, failure=payload)
    for about in (sequence, unanswered):
        journal.finding(payload, name, payload, exchange_seq=about, replay=payload)
    journal.finding("other", "VFY-B-1", payload, blocked_by=payload)
    journal.observe(payload, payload, payload, payload).end(payload, "fail", reason=payload)
    journal.check("skipped", "VFY-X-2", status="skip", reason=payload)
    journal.load_start().load_second(0, payload, [900], statuses={payload: 1})
    journal.load_finish(1, failures=[{"step": payload, "message": payload, "count": 1}])
    journal.line("note", message=payload)
    return journal.finish(reason=payload).lines
