//! Examples in the help of each command. A group of commands has them once; each command below it shows
//! its own.

use clap::Command;

/// How the list of examples begins in a help text.
const HEADING: &str = "Examples:\n";

/// Gives each command below a group those lines of the group's examples that are about it, unless it has
/// examples of its own.
pub(super) fn hand_down(command: Command) -> Command {
    let program = command.get_name().to_owned();
    command.mut_subcommands(|group| {
        let Some(text) = group.get_after_help().map(ToString::to_string) else {
            return group;
        };
        let start = format!("  {program} {}", group.get_name());
        group.mut_subcommands(|below| {
            let own = of(&text, &format!("{start} {}", below.get_name()));
            if below.get_after_help().is_some() || own.is_empty() {
                return below;
            }
            below.after_help(format!("{HEADING}{}", own.join("\n")))
        })
    })
}

/// Returns the examples that begin with a command.
fn of<'a>(help: &'a str, command: &str) -> Vec<&'a str> {
    let (_, examples) = help.split_once(HEADING).unwrap_or_default();
    let examples = examples.split("\n\n").next().unwrap_or_default();
    let is_of = |line: &&str| {
        let rest = line.strip_prefix(command);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    examples.lines().filter(is_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_shows_the_examples_that_are_about_it() {
        let group = Command::new("team")
            .after_help("Examples:\n  t team add acme bob\n  t team add-all acme\n\nMore.")
            .subcommands([Command::new("add"), Command::new("list")]);
        let described = hand_down(Command::new("t").subcommand(group));
        let help = |name: &str| {
            let below = described.find_subcommand("team")?.find_subcommand(name)?;
            below.get_after_help().map(ToString::to_string)
        };
        assert_eq!(
            help("add").as_deref(),
            Some("Examples:\n  t team add acme bob")
        );
        assert_eq!(help("list"), None);
    }
}
