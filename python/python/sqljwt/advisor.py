"""What no database tells its administrator: what is wrong with settings, who can become whom, what a change would do. Functions that
answer with the engine's JSON documents as dataclasses; those of most use are in ``sqljwt`` itself, too.
"""

from __future__ import annotations

from .linting import LintDocument, LintFinding, LintRule, Proof, RulesDocument, SettingsChange, Severity, Witness, lint, rules
from .login_window import Turn, Window, WindowDocument, WindowEdge, WindowOutcome, WindowState, window
from .map_dialects import ConvertedLine, ConvertMapDocument, LineOutcome, MapDialect, MapWitness, convert_map
from .reaching import ReachableUser, ReachDocument, ReachedUser, ReachOfIssuer, Standing, Way, WhoCanDocument, reach, who_can
from .rehearsal import (
    Evidence,
    KeyFate,
    KeySetFault,
    ReaderVerdict,
    RehearsalDocument,
    RehearsalFinding,
    RehearsalKind,
    RehearsedKey,
    RehearsedOutcome,
    RehearsedToken,
    SetVerdict,
    TokenFate,
    rehearse,
)

__all__ = [
    "ConvertMapDocument",
    "ConvertedLine",
    "Evidence",
    "KeyFate",
    "KeySetFault",
    "LineOutcome",
    "LintDocument",
    "LintFinding",
    "LintRule",
    "MapDialect",
    "MapWitness",
    "Proof",
    "ReachDocument",
    "ReachOfIssuer",
    "ReachableUser",
    "ReachedUser",
    "ReaderVerdict",
    "RehearsalDocument",
    "RehearsalFinding",
    "RehearsalKind",
    "RehearsedKey",
    "RehearsedOutcome",
    "RehearsedToken",
    "RulesDocument",
    "SetVerdict",
    "SettingsChange",
    "Severity",
    "Standing",
    "TokenFate",
    "Turn",
    "Way",
    "WhoCanDocument",
    "Window",
    "WindowDocument",
    "WindowEdge",
    "WindowOutcome",
    "WindowState",
    "Witness",
    "convert_map",
    "lint",
    "reach",
    "rehearse",
    "rules",
    "who_can",
    "window",
]
