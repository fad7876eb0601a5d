"""`verify-harness completion`: what makes a shell complete commands and options."""

import click
from click.shell_completion import get_completion_class


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    eval "$(verify-harness completion bash)"            in ~/.bashrc
    eval "$(verify-harness completion zsh)"             in ~/.zshrc
    verify-harness completion fish | source             in ~/.config/fish/config.fish
    """
    made = get_completion_class(shell)
    root = click.get_current_context().find_root()
    if made is not None:  # click has all three
        source = made(root.command, {}, "verify-harness", "_VERIFY_HARNESS_COMPLETE").source()
        click.echo(source)
