"""Moves about codes: right ones, wrong ones, late ones, and verdicts of the caller's own."""

from verify_harness.contract.sequences import things
from verify_harness.contract.sequences.draws import Draw
from verify_harness.contract.sequences.moves import move
from verify_harness.contract.sequences.trigger_moves import OPERATIONS
from verify_harness.contract.sequences.world import World
from verify_harness.model.accounts import Verification

WAYS = ("by_id", "by_number")


ABSENT = object()
"""Stands for a check without its code."""
_ODD_CODES: tuple[object, ...] = (True, None, 0, [], {}, ABSENT)
_COMMON_CODES = ("000000", "123456", "12345", "111111")
_OTHER_SCRIPTS = (0xFF10, 0x0660, 0x0966)
"""Where the digits of other scripts begin."""


def check(world: World, of: int, opened: Verification, code: object, way: str) -> None:
    """Check a code in one of the two ways."""
    given = {} if code is ABSENT else {"code": code}
    if way == "by_id":
        world.call("VerifyVerificationCodeById", given, tenant=of, variable=opened.id)
        return
    body = {**given, "verify_profile_id": opened.profile_id}
    world.call("VerifyVerificationCodeByPhoneNumber", body, tenant=of, variable=opened.number)


def read(world: World, of: int, opened: Verification) -> None:
    """Read a verification."""
    world.call("RetrieveVerification", tenant=of, variable=opened.id)


def wrong(world: World, draw: Draw, opened: Verification, of: int) -> object:
    """A code that is near the right one: another verification's, shortened, padded, or one off."""
    if draw.chance(0.3):
        return draw.one((*_ODD_CODES, *_COMMON_CODES, *_COMMON_CODES))
    code = opened.code or "00000"
    off = f"{code[:-1]}{(int(code[-1]) + 1) % 10}" if code[-1:].isdecimal() else "0000"
    near = [
        off,
        off,
        code[:-1],
        f"{code}0",
        f"0{code}",
        f" {code}",
        f"{code} ",
        code[::-1],
        "",
        "0",
    ]
    near += [code.lstrip("0"), f"{code[0]}{off[1:]}", f"{(int(code[0]) + 1) % 10}{code[1:]}"]
    start = draw.one(_OTHER_SCRIPTS)
    near += ["".join(chr(start + int(each)) for each in code if each.isdecimal())]
    others = [each.code for each in world.account(of).verifications.values() if each.code]
    if others and draw.chance(0.35):
        return draw.one(others[-6:])
    return draw.one(near)


@move(8)
def check_right(world: World, draw: Draw) -> None:
    """The right code; mostly a read, and often the same code again, in either way."""
    of = things.tenant(world, draw)
    opened = things.a_pending_one(world, draw, of)
    if opened is None or opened.code is None:
        return
    check(world, of, opened, opened.code, draw.one(WAYS))
    if draw.chance(0.6):
        read(world, of, opened)
    if draw.chance(0.5):
        check(world, of, opened, opened.code, draw.one(WAYS))
        read(world, of, opened)


@move(8)
def check_wrong(world: World, draw: Draw) -> None:
    """A few wrong codes in both ways, then mostly the right one."""
    of = things.tenant(world, draw)
    opened = things.a_pending_one(world, draw, of)
    if opened is None or opened.code is None:
        return
    for _ in range(draw.one((1, 1, 2, 3, 4, 5, 6))):
        check(world, of, opened, wrong(world, draw, opened, of), draw.one(WAYS))
        if draw.chance(0.3):
            read(world, of, opened)
    if draw.chance(0.6):
        check(world, of, opened, opened.code, draw.one(WAYS))
    read(world, of, opened)


@move(3)
def use_up_the_attempts(world: World, draw: Draw) -> None:
    """Four or five wrong codes by both ways in turn, reads between them, and the right one."""
    opened = things.a_pending_one(world, draw, 0)
    if opened is None or opened.code is None:
        return
    off = f"{opened.code[:-1]}{(int(opened.code[-1]) + 1) % 10}"
    way = draw.one((*WAYS, "both"))
    for index in range(draw.one((4, 5, 5))):
        check(world, 0, opened, off, WAYS[index % 2] if way == "both" else way)
        if draw.chance(0.3):
            read(world, 0, opened)
    check(world, 0, opened, opened.code, draw.one(WAYS))
    read(world, 0, opened)


@move(4)
def check_again_what_has_ended(world: World, draw: Draw) -> None:
    """Codes and verdicts for a verification that may have ended."""
    opened = things.a_verification(world, draw, 0)
    if opened is None or opened.code is None:
        return
    check(world, 0, opened, opened.code, draw.one(WAYS))
    if draw.chance(0.4):
        verdict = {"status": draw.one(("accepted", "rejected"))}
        world.call("VerifyVerificationCodeById", verdict, variable=opened.id)
    read(world, 0, opened)


@move(3)
def settle_by_verdict(world: World, draw: Draw) -> None:
    """A verdict of the caller's own, and the code after it."""
    opened = things.a_pending_one(world, draw, 0)
    if opened is None:
        return
    verdict = {"status": draw.one(("accepted", "rejected", "rejected", "pending"))}
    if draw.chance(0.3):
        verdict |= {"code": draw.one((opened.code or "12345", "0"))}
    world.call("VerifyVerificationCodeById", verdict, variable=opened.id)
    read(world, 0, opened)
    if opened.code is not None:
        check(world, 0, opened, opened.code, draw.one(WAYS))
        read(world, 0, opened)


@move(4)
def check_siblings(world: World, draw: Draw) -> None:
    """Two verifications of one number: each is accepted with its own code only."""
    profiles = world.account(0).live_profiles[-6:]
    able = [each for each in profiles if "sms" in each.channels and "call" in each.channels]
    if not able:
        return
    one, other = draw.one(able), draw.one(able)
    number = draw.one(world.numbers)
    before = set(world.account(0).verifications)
    for profile, operation in (
        (one, "CreateVerificationSms"),
        (other, draw.one(("CreateVerificationCall", "CreateVerificationSms"))),
    ):
        body = {"phone_number": number, "verify_profile_id": profile.id}
        if draw.chance(0.5):
            body["custom_code"] = things.a_code(draw)
        world.call(operation, body)
    both = [each for key, each in world.account(0).verifications.items() if key not in before]
    if len(both) < 2 or None in {each.code for each in both}:
        return
    first, second = both if draw.chance(0.5) else reversed(both)
    check(world, 0, first, second.code, draw.one(WAYS))
    for each in (first, second):
        if draw.chance(0.7):
            check(world, 0, each, each.code, draw.one(WAYS))
            read(world, 0, each)
    world.call("ListVerifications", variable=number)


@move(3)
def resend_and_check_the_old_code(world: World, draw: Draw) -> None:
    """A code that was used, locked or late, and the next verification of its number."""
    opened = things.a_pending_one(world, draw, 0)
    if opened is None or opened.code is None:
        return
    end = draw.one(("used", "locked", "late", "replaced"))
    if end == "used":
        check(world, 0, opened, opened.code, draw.one(WAYS))
    elif end == "locked":
        for _ in range(5):
            check(world, 0, opened, f"{opened.code}1", "by_id")
    elif end == "late" and world.check.target.offers("clock"):
        world.wait(opened.timeout_secs + 1)
    body = {"phone_number": opened.number, "verify_profile_id": opened.profile_id}
    before = set(world.account(0).verifications)
    world.call(OPERATIONS[opened.channel], body)
    for key, fresh in list(world.account(0).verifications.items()):
        if key not in before:
            check(world, 0, fresh, opened.code, draw.one(WAYS))
            check(world, 0, fresh, fresh.code or opened.code, draw.one(WAYS))


@move(4)
def check_by_number_amiss(world: World, draw: Draw) -> None:
    """The right code by number with another profile, a damaged id, none, or another number."""
    opened = things.a_pending_one(world, draw, 0)
    if opened is None or opened.code is None:
        return
    other = things.a_profile(world, draw, 0)
    own = opened.profile_id
    damaged = (own[:-1], f"{own}0", f" {own}", f"{own} ", "")
    named = draw.one([things.nobodys_id(draw), *damaged, other.id if other else own])
    body = {"code": opened.code, "verify_profile_id": named}
    number, spelled = opened.number, None
    if draw.chance(0.3):
        number = things.a_number(world, draw)
    elif draw.chance(0.5):
        body["verify_profile_id"] = own
        spelled, number = draw.one(("%25", "%2B1303%25", "*")), "%"
    operation = "VerifyVerificationCodeByPhoneNumber"
    world.call(operation, body, variable=number, spelled=spelled)
    read(world, 0, opened)


@move(2, "second-key")
def meddle_with_a_verification(world: World, draw: Draw) -> None:
    """The other tenant reads, checks and judges a verification; its owner sees nothing of it."""
    of = draw.one((0, 0, 1))
    opened = things.a_pending_one(world, draw, of)
    if opened is None:
        return
    stranger, nobody = 1 - of, things.nobodys_id(draw)
    for identity in (nobody, opened.id):
        world.call("RetrieveVerification", tenant=stranger, variable=identity)
        code = {"code": opened.code or "00000"}
        world.call("VerifyVerificationCodeById", code, tenant=stranger, variable=identity)
    if draw.chance(0.5):
        verdict = {"status": "accepted"}
        world.call("VerifyVerificationCodeById", verdict, tenant=stranger, variable=opened.id)
    check(world, stranger, opened, opened.code or "00000", "by_number")
    world.call("ListVerifications", tenant=stranger, variable=opened.number)
    read(world, of, opened)
    if opened.code is not None and draw.chance(0.5):
        check(world, of, opened, opened.code, draw.one(WAYS))


@move(2)
def read_verification(world: World, draw: Draw) -> None:
    """A read of a verification, twice, or of an id that nothing has."""
    of = things.tenant(world, draw)
    opened = things.a_verification(world, draw, of)
    if opened is None or draw.chance(0.1):
        world.call("RetrieveVerification", tenant=of, variable=things.nobodys_id(draw))
        return
    read(world, of, opened)
    read(world, of, opened)


@move(4, "clock")
def wait_for_the_end(world: World, draw: Draw) -> None:
    """Until just before or after the time of a verification; then read, check, read."""
    opened = things.a_pending_one(world, draw, 0)
    if opened is None:
        return
    left = opened.began_before + opened.timeout_secs - world.now
    if left > 20 and draw.chance(0.5):
        world.wait(left / 2)
        read(world, 0, opened)
        left = opened.began_before + opened.timeout_secs - world.now
    secs = left + draw.one((-8.0, 2.0, 2.0, 700.0))
    if secs > 0:
        world.wait(secs)
    if draw.chance(0.6):
        read(world, 0, opened)
    if opened.code is not None and draw.chance(0.8):
        check(world, 0, opened, opened.code, draw.one(WAYS))
    read(world, 0, opened)
    world.call("ListVerifications", variable=opened.number)


@move(2, "clock")
def wait_a_little(world: World, draw: Draw) -> None:
    """Some seconds pass."""
    world.wait(draw.one((3, 20, 45)))
