//! Finding modules: by words and filters, and by what they call.
//!
//! The index says which modules match; everything shown of them is read from the store, so that it
//! is current.

use std::sync::Arc;

use crate::auth::{Caller, Grant, ReadModules};
use crate::domain::{ModuleAddress, TokenRestriction};
use crate::registry::base::state::ModuleInBrief;
use crate::registry::base::{Error, Registry, organization_of};
use crate::registry::modules::ModuleListing;
use crate::search::{Facets, Hit, MatchReason, SearchQuery, Visible};

/// One page of the modules that a search found.
#[derive(Debug, Clone, Default)]
pub struct ModulesFound {
    /// How many modules there are on all pages together.
    pub total: u64,
    /// The modules of this page.
    pub modules: Vec<FoundModule>,
    /// How many modules of all pages have each value of a filter.
    pub facets: Facets,
    /// Whether the index may lack the changes of the last moments.
    pub lags: bool,
}

/// A module that a search found.
#[derive(Debug, Clone)]
pub struct FoundModule {
    /// The module as lists show it.
    pub listing: ModuleListing,
    /// Why it was found, the best reason first.
    pub reasons: Vec<MatchReason>,
}

impl Registry {
    /// Finds published modules among those that the caller may see, with what is indexed. What is
    /// shown of each module is current in any case.
    pub fn search_modules(
        &self,
        caller: &Caller,
        query: &SearchQuery,
    ) -> Result<ModulesFound, Error> {
        let visible = self.visible_to(caller)?;
        let page = self.state.search.opened()?.search(query, &visible)?;
        let found = self.with_rows(page.hits)?;
        Ok(ModulesFound {
            total: page.total,
            modules: found,
            facets: page.facets,
            lags: self.search_lags(),
        })
    }

    /// Returns a page of an organization's modules that have these words, published or not, with
    /// their versions in brief; and how many such modules there are in all.
    pub fn search_modules_of(
        &self,
        grant: &Grant<ReadModules>,
        query: &SearchQuery,
    ) -> Result<(usize, Vec<Arc<ModuleInBrief>>), Error> {
        let visible = Visible::Only {
            organizations: vec![organization_of(grant)?.id.clone()],
            modules: Vec::new(),
        };
        let page = self.state.search.opened()?.search(query, &visible)?;
        let hits = page.hits.iter();
        let found = hits
            .filter_map(|hit| self.remembered_module(&hit.address).transpose())
            .collect::<Result<_, _>>()?;
        let total = usize::try_from(page.total).unwrap_or(usize::MAX);
        Ok((total, found))
    }

    /// Returns up to `most` modules whose latest version calls this one, by its address alone or
    /// behind `host`, as far as the caller may see them.
    pub fn callers_of(
        &self,
        caller: &Caller,
        address: &ModuleAddress,
        host: &str,
        most: usize,
    ) -> Result<Vec<FoundModule>, Error> {
        let visible = self.visible_to(caller)?;
        let sources = [address.folded(), format!("{host}/{}", address.folded())];
        let index = self.state.search.opened()?;
        self.with_rows(index.callers(&sources, &visible, most)?)
    }

    /// Reads the rows of modules that the index found; leaves out modules that have no published
    /// version any more.
    fn with_rows(&self, hits: Vec<Hit>) -> Result<Vec<FoundModule>, Error> {
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let Some(module) = self.module_with_latest(&hit.address)? else {
                continue;
            };
            found.push(FoundModule {
                listing: self.listed((*module).clone(), |_| hit.description)?,
                reasons: hit.reasons,
            });
        }
        Ok(found)
    }

    /// Returns which organizations and modules the caller may see, as a filter for the index.
    fn visible_to(&self, caller: &Caller) -> Result<Visible, Error> {
        let all = self.organizations_for(caller)?;
        let (mut organizations, mut single) = (Vec::new(), Vec::new());
        let only = match caller {
            Caller::Anonymous(_) => None,
            Caller::Operator => return Ok(Visible::All),
            Caller::Token(holder) => match &holder.restriction {
                Some(TokenRestriction::Module(only)) => Some(only),
                Some(TokenRestriction::Organization(_) | TokenRestriction::AuditLog(_)) | None => {
                    None
                }
            },
        };
        for (id, organization) in all {
            if self.may_read_modules(caller, &organization, None) {
                organizations.push(id);
            } else if let Some(only) = only
                && only.namespace.is_same(&organization.name)
                && self.may_read_modules(caller, &organization, Some(only))
            {
                single.push(only.clone());
            }
        }
        // In one order, so that the same sight is recognised as the same.
        organizations.sort_unstable();
        Ok(Visible::Only {
            organizations,
            modules: single,
        })
    }
}
