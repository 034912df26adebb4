//! The flags that say what the members of a team may do: one for each kind of access.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::domain::OrganizationAccess;

/// What the members of a team may do besides reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct AccessArgs(pub(super) OrganizationAccess);

impl Args for AccessArgs {
    fn augment_args(mut command: Command) -> Command {
        for kind in OrganizationAccess::KINDS {
            let flag = Arg::new(kind.name)
                .long(kind.name)
                .action(ArgAction::SetTrue)
                .help(format!("Let its members {}", kind.words));
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
        let mut access = OrganizationAccess::default();
        for kind in OrganizationAccess::KINDS {
            kind.put(&mut access, matches.get_flag(kind.name));
        }
        Ok(Self(access))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
