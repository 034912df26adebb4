//! Migrations: steps that bring the rows of an older program up to date when a registry is opened.

use crate::domain::Actor;
use crate::registry::base::{Error, Registry};
use crate::storage::tables::{migrations, module_ids, modules};

/// How many rows one journal record brings up to date.
const AT_ONCE: usize = 1000;

const MODULE_IDS: &str = "module_ids";

impl Registry {
    /// Runs the steps that are not done yet. A step that is interrupted by a stop runs again at the
    /// next start.
    pub fn bring_up_to_date(&self) -> Result<(), Error> {
        if !migrations::is_done(&self.store, MODULE_IDS)? {
            self.note_module_ids()?;
        }
        Ok(())
    }

    /// Fills the table of module ids for modules that an older program created, which had no such
    /// table.
    fn note_module_ids(&self) -> Result<(), Error> {
        let mut waiting = Vec::new();
        let note = |waiting: &mut Vec<_>| {
            self.write(&Actor::System, "note module ids", |tx| {
                Ok::<_, Error>(module_ids::fill(tx, &std::mem::take(waiting))?)
            })
        };
        for module in modules::list(&self.store, None) {
            let module = module?;
            waiting.push((module.id, module.address));
            if waiting.len() == AT_ONCE {
                note(&mut waiting)?;
            }
        }
        note(&mut waiting)?;
        let now = self.now();
        self.write(&Actor::System, "note module ids", |tx| {
            Ok(migrations::done(tx, MODULE_IDS, now)?)
        })
    }
}
