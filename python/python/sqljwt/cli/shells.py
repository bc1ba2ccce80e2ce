"""``completions``: scripts that complete the command line, made from its own parser."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Iterator

from .status import ACCEPTED

EXAMPLES = """\
  sqljwt completions bash > ~/.local/share/bash-completion/completions/sqljwt
  sqljwt completions zsh  > ~/.zfunc/_sqljwt
  sqljwt completions fish > ~/.config/fish/completions/sqljwt.fish
"""


def add_to(commands: Any) -> None:
    """The command's options."""
    parser = commands.add_parser("completions", help="a script that completes sqljwt's commands and options", examples=EXAMPLES)
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="whose script")
    # The parser that is to be described is whole only when all commands have been added.
    parser.set_defaults(run=lambda options: _completions(options, commands))


def _completions(options: argparse.Namespace, commands: Any) -> int:
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[options.shell](list(described(commands))), end="")
    return ACCEPTED


@dataclass(frozen=True)
class Option:
    """An option of a command."""

    names: tuple[str, ...]
    help: str
    takes_value: bool
    takes_file: bool
    choices: tuple[str, ...]

    @property
    def takes_text(self) -> bool:
        """Whether its value is nothing that a shell could know."""
        return self.takes_value and not self.takes_file and not self.choices


@dataclass(frozen=True)
class Command:
    """A command as a completion needs it."""

    name: str
    help: str
    options: tuple[Option, ...]
    values: tuple[str, ...]
    """What may stand without an option; files where there are none."""


def described(commands: Any) -> Iterator[Command]:
    """The commands of a parser."""
    helps = {action.dest: action.help or "" for action in commands._choices_actions}
    for name, parser in commands.choices.items():
        options = tuple(_option(action) for action in parser._actions if action.option_strings)
        values = [str(choice) for action in parser._actions if not action.option_strings for choice in action.choices or ()]
        yield Command(name, helps[name], options, tuple(values))


def _option(action: argparse.Action) -> Option:
    takes_value = action.nargs != 0
    choices = tuple(map(str, action.choices or ()))
    about, takes_file = (action.help or "").replace("%%", "%"), takes_value and action.metavar == "FILE"
    return Option(tuple(action.option_strings), about, takes_value, takes_file, choices)


def _bash(commands: list[Command]) -> str:
    cases = []
    for command in commands:
        words = " ".join(name for option in command.options for name in option.names)
        chosen = [option for option in command.options if option.choices]
        values = "".join(f"      {'|'.join(option.names)}) words='{' '.join(option.choices)}' ;;\n" for option in chosen)
        plain = [name for option in command.options if option.takes_text for name in option.names]
        values += f"      {'|'.join(plain)}) return ;;\n" if plain else ""
        files = "|".join(name for option in command.options if option.takes_file for name in option.names)
        values += f"      {files}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n" if files else ""
        otherwise = f"words='{' '.join(command.values)}'" if command.values else 'COMPREPLY=($(compgen -f -- "$word")); return'
        cases.append(
            f"    {command.name}) case $before in\n{values}"
            f"      *) if [[ $word == -* ]]; then words='{words}'; else {otherwise}; fi ;;\n      esac ;;\n"
        )
    names = " ".join(command.name for command in commands)
    return (
        "# Completes sqljwt in bash; written by `sqljwt completions bash`.\n_sqljwt() {\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=''\n"
        f"  if (( COMP_CWORD == 1 )); then words='{names} --help --version'; else\n    case ${{COMP_WORDS[1]}} in\n"
        f"{''.join(cases)}    esac\n  fi\n"
        '  COMPREPLY=($(compgen -W "$words" -- "$word"))\n}\ncomplete -o filenames -F _sqljwt sqljwt\n'
    )


def _zsh(commands: list[Command]) -> str:
    names = "".join(f"    {_quoted(command.name + ':' + command.help)}\n" for command in commands)
    cases = []
    for command in commands:
        rows = []
        for option in command.options:
            rows += [_quoted(f"*{name}[{_bare(option.help)}]{_zsh_value(option)}") for name in option.names]
        rows.append(_quoted(f"*:value:({' '.join(command.values)})" if command.values else "*:file:_files"))
        lines = " \\\n        ".join(rows)
        cases.append(f"    {command.name})\n      _arguments \\\n        {lines} ;;\n")
    return (
        "#compdef sqljwt\n# Completes sqljwt in zsh; written by `sqljwt completions zsh`.\n_sqljwt() {\n  local -a commands\n"
        f"  commands=(\n{names}  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        f"  local command=$words[2]\n  shift words; (( CURRENT-- ))\n  case $command in\n{''.join(cases)}  esac\n}}\n"
        'if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sqljwt "$@"; else compdef _sqljwt sqljwt; fi\n'
    )


def _zsh_value(option: Option) -> str:
    if option.takes_file:
        return ":file:_files"
    return f":value:({' '.join(option.choices)})" if option.choices else ":value: " if option.takes_value else ""


def _bare(text: str) -> str:
    """Help without what _arguments would read."""
    return text.replace("[", "(").replace("]", ")").replace(":", " -")


def _fish(commands: list[Command]) -> str:
    lines = ["# Completes sqljwt in fish; written by `sqljwt completions fish`."]
    for command in commands:
        lines.append(f"complete -c sqljwt -n __fish_use_subcommand -f -a {command.name} -d {_quoted(command.help)}")
    for command in commands:
        seen = f"complete -c sqljwt -n '__fish_seen_subcommand_from {command.name}'"
        if command.values:
            lines.append(f"{seen} -f -a {_quoted(' '.join(command.values))}")
        for option in command.options:
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
            lines.append(f"{seen} {names}{_fish_value(option)} -d {_quoted(option.help)}")
    return "\n".join(lines) + "\n"


def _fish_value(option: Option) -> str:
    if option.takes_file:
        return " -r -F"
    return f" -x -a {_quoted(' '.join(option.choices))}" if option.choices else " -x" if option.takes_value else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "’") + "'"
