//! `askfirst completions`.

use clap::Args;
use clap_complete::Shell;

/// Options of `askfirst completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  askfirst completions bash > ~/.local/share/bash-completion/completions/askfirst
  askfirst completions zsh > ~/.zfunc/_askfirst          with fpath+=~/.zfunc before compinit
  askfirst completions fish > ~/.config/fish/completions/askfirst.fish
  askfirst completions powershell >> $PROFILE
  askfirst completions elvish > ~/.config/elvish/lib/askfirst.elv

Completes commands, flags, reports, tools, periods and platforms.")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: Shell,
}
