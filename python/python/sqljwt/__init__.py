"""May this JSON Web Token log in as this SQL user, under these settings, at this moment; and if not, why not?

>>> import sqljwt
>>> validator = sqljwt.Validator({
...     "server.jwt_authentication.enabled": True,
...     "server.jwt_authentication.issuers": "https://idp.example",
...     "server.jwt_authentication.audience": "db-login",
... })
>>> validator.validate("not a token", "alice")
Traceback (most recent call last):
    ...
sqljwt.errors.TokenRejected: token_malformed: the text has no dots: it is not a JSON Web Token
"""

from __future__ import annotations

from . import advisor, dangerous
from ._native import Fetch, KeyHistory
from .advisor import compare, convert_map, coverage, explain_log, lint, reach, rehearse, suggest, who_can, window
from .errors import (
    FetchFailed,
    InternalError,
    KeysAwaited,
    KeysNeeded,
    LoginRefused,
    RowUnreadable,
    SettingsFault,
    SettingsInvalid,
    TokenRejected,
    TokenUnreadable,
)
from .explanation import (
    Advice,
    After,
    AlsoDecided,
    CheckReport,
    ClientAnswer,
    DocumentEdit,
    Explanation,
    KeysToFetch,
    Moment,
    NewValue,
    Position,
    Range,
    Reads,
    Rejection,
    Remedy,
    TokenPart,
    TokenView,
    UserInfoToAsk,
    Whose,
)
from .keys import IssuerKeys, KeyOrigin, KeyReport, KeysDocument, Rotation, SampleToken
from .login import Identity, IgnoredGroup, Login, Provision, WhyIgnored
from .names import AdviceKind, Check, Decision, FetchFault, Outcome, Profile, ReasonCode
from .reasons import Reason, reason_codes
from .roles import RolePlan, RolesDocument
from .settings import settings_from_sql, settings_to_sql
from .validator import KeyCache, Membership, Records, Row, Validator, explain
from .wire import call

__version__ = "0.1.0"

__all__ = [
    "Advice",
    "AdviceKind",
    "After",
    "AlsoDecided",
    "Check",
    "CheckReport",
    "ClientAnswer",
    "Decision",
    "DocumentEdit",
    "Explanation",
    "Fetch",
    "FetchFailed",
    "FetchFault",
    "Identity",
    "IgnoredGroup",
    "InternalError",
    "IssuerKeys",
    "KeyCache",
    "KeyHistory",
    "KeyOrigin",
    "KeyReport",
    "KeysAwaited",
    "KeysDocument",
    "KeysNeeded",
    "KeysToFetch",
    "Login",
    "LoginRefused",
    "Membership",
    "Moment",
    "NewValue",
    "Outcome",
    "Position",
    "Profile",
    "Provision",
    "Range",
    "Reads",
    "Reason",
    "ReasonCode",
    "Records",
    "Rejection",
    "Remedy",
    "RolePlan",
    "RolesDocument",
    "Rotation",
    "Row",
    "RowUnreadable",
    "SampleToken",
    "SettingsFault",
    "SettingsInvalid",
    "TokenPart",
    "TokenRejected",
    "TokenUnreadable",
    "TokenView",
    "UserInfoToAsk",
    "Validator",
    "Whose",
    "WhyIgnored",
    "advisor",
    "call",
    "compare",
    "convert_map",
    "coverage",
    "dangerous",
    "explain",
    "explain_log",
    "lint",
    "reach",
    "reason_codes",
    "rehearse",
    "settings_from_sql",
    "settings_to_sql",
    "suggest",
    "who_can",
    "window",
]
