"""Python answers the contract's questions; the README beside this file says how they are put."""

import sys
from typing import Iterator

import sqljwt


def main() -> None:
    questions = fields(sys.stdin.buffer.read())
    for id, settings, fetched, userinfo, token, user, now in zip(*[questions] * 7):
        verdict, explanation = answer(settings.decode(), fetched.decode(), userinfo.decode(), token, user.decode(), int(now))
        sys.stdout.buffer.write(f"{id.decode()}\t{verdict}\t{explanation}\n".encode())


def answer(settings: str, fetched: str, userinfo: str, token: bytes, user: str, now: int) -> tuple[str, str]:
    """What ``validate`` decides, and the document of ``explain``."""
    try:
        validator = sqljwt.Validator(settings)
    except sqljwt.SettingsInvalid as error:
        return f"reject {error.code}", sqljwt.explain(settings, token, user, now=now).to_json()
    cache = sqljwt.KeyCache(validator)
    cache.replay(fetched)
    validator = validator.with_keys(cache)
    if userinfo:
        validator = validator.with_user_info(token, 200, userinfo)
    explanation = validator.explain(token, user, now=now).to_json()
    try:
        return f"accept {validator.validate(token, user, now=now).user}", explanation
    except sqljwt.KeysNeeded:
        return "keys_needed", explanation
    except sqljwt.TokenRejected as rejected:
        return f"reject {rejected.code}", explanation


def fields(data: bytes) -> Iterator[bytes]:
    """Netstrings, one after the other."""
    at = 0
    while at < len(data):
        colon = data.index(b":", at)
        end = colon + 1 + int(data[at:colon])
        assert data[end : end + 1] == b",", "a field ends with a comma"
        yield data[colon + 1 : end]
        at = end + 1


if __name__ == "__main__":
    main()
