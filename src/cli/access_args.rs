//! The flags that say what the members of a team may do: one for each kind of access.

use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};

use crate::domain::{AccessChange, OrganizationAccess};

/// What the members of a team may do besides reading: `--manage-modules` gives it, and
/// `--manage-modules=false` takes it away.
#[derive(Debug, Clone)]
pub(super) struct AccessArgs(pub(super) AccessChange);

impl Args for AccessArgs {
    fn augment_args(mut command: Command) -> Command {
        for kind in OrganizationAccess::KINDS {
            let later = if kind.has_effect {
                ""
            } else {
                " (kept, and without effect yet)"
            };
            let flag = Arg::new(kind.name)
                .long(kind.name)
                .value_parser(value_parser!(bool))
                .value_name("BOOL")
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .hide_possible_values(true)
                .help(format!("Let its members {}{later}", kind.words));
            command = command.arg(flag);
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for AccessArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut change = AccessChange::default();
        for kind in OrganizationAccess::KINDS {
            if let Some(is_given) = matches.get_one::<bool>(kind.name) {
                change = change.and(kind, *is_given);
            }
        }
        Ok(Self(change))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
