//! Tries ten thousand random operations on memberships, teams and tokens, and compares them with a
//! small model: nobody ever gets rights that somebody with as many did not grant, and no
//! organization is left without an owner.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use terrakeep::auth::{Action, AdministerSite, Caller, Grant, TokenSecret, UrlSigner};
use terrakeep::config::Config;
use terrakeep::domain::{
    KeptChange, OrganizationAccess, Right, ShortText, TeamId, TeamName, TokenId, TokenScope,
    Username,
};
use terrakeep::registry::{
    AccessRulesChange, Clock, Error, MemberRef, NewOrganization, NewTeam, NewToken, NewUser,
    Registry, TeamChange, TeamMembers,
};
use terrakeep::server::{registry_settings, store_options};
use terrakeep::storage::{Blobs, DataDir, Disk, RealDisk, Store};

const ORGANIZATIONS: [&str; 2] = ["acme", "globex"];
const USERS: [&str; 5] = ["ann", "ben", "cat", "dan", "eve"];
const TEAMS: [&str; 4] = ["owners", "red", "green", "blue"];
const SCOPES: [TokenScope; 3] = [TokenScope::Admin, TokenScope::Publish, TokenScope::Read];

/// One operation that somebody tries: the token, the kind of operation, and four numbers to choose
/// its parameters by.
type Attempt = (prop::sample::Index, u8, [u8; 4]);

/// The owner of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Owner {
    User(usize),
    Team(usize, usize),
    Organization(usize),
}

#[derive(Debug)]
struct Token {
    id: TokenId,
    secret: TokenSecret,
    owner: Owner,
    scope: TokenScope,
}

/// The expected state.
#[derive(Debug, Default)]
struct Model {
    /// Members by organization and user, with their teams.
    members: BTreeMap<(usize, usize), BTreeSet<usize>>,
    /// Teams by organization and name; the owners' team is always there.
    teams: BTreeMap<(usize, usize), (TeamId, OrganizationAccess)>,
    tokens: Vec<Token>,
}

impl Model {
    /// Returns the access of a token's owner in an organization; `None` for none at all.
    fn access(&self, owner: &Owner, organization: usize) -> Option<(bool, OrganizationAccess)> {
        let owning = (true, OrganizationAccess::OWNER);
        match owner {
            Owner::Organization(own) | Owner::Team(own, 0) => {
                (*own == organization).then_some(owning)
            }
            Owner::Team(own, team) if *own == organization => {
                let team = self.teams.get(&(*own, *team))?;
                Some((false, team.1))
            }
            Owner::Team(..) => None,
            Owner::User(user) => {
                let teams = self.members.get(&(organization, *user))?;
                if teams.contains(&0) {
                    return Some(owning);
                }
                let all = teams.iter().filter_map(|team| {
                    let (_, access) = self.teams.get(&(organization, *team))?;
                    Some(*access)
                });
                Some((
                    false,
                    all.fold(OrganizationAccess::default(), OrganizationAccess::union),
                ))
            }
        }
    }

    /// Returns every right that a token should have in an organization.
    fn rights(&self, token: &Token, organization: usize) -> BTreeSet<String> {
        let Some((owns, access)) = self.access(&token.owner, organization) else {
            return BTreeSet::new();
        };
        let mut rights = vec![
            (Right::Read, TokenScope::Read),
            (Right::ReadModules, TokenScope::Read),
            (Right::ReadProviders, TokenScope::Read),
            (Right::ReadMembers, TokenScope::Read),
        ];
        let given = |is_given: bool, right, scope| is_given.then_some((right, scope));
        rights.extend(given(
            access.manage_modules,
            Right::PublishModules,
            TokenScope::Publish,
        ));
        rights.extend(given(
            access.manage_providers,
            Right::PublishProviders,
            TokenScope::Publish,
        ));
        rights.extend(given(
            access.read_projects || access.manage_projects,
            Right::ReadProjects,
            TokenScope::Read,
        ));
        rights.extend(given(
            access.access_secret_teams
                || access.manage_teams
                || access.manage_membership
                || access.manage_organization_access,
            Right::ReadSecretTeams,
            TokenScope::Read,
        ));
        for (is_given, right) in [
            (access.manage_vcs_settings, Right::ManageVcsSettings),
            (
                access.manage_organization_access,
                Right::ManageOrganizationAccess,
            ),
            (access.manage_projects, Right::ManageProjects),
            (access.manage_providers, Right::ManageProviders),
            (access.manage_membership, Right::ManageMembership),
            (access.manage_teams, Right::ManageTeams),
            (owns, Right::AdministerModules),
            (owns, Right::ManageTokens),
            (owns, Right::ManageOrganization),
            (owns, Right::ReadAuditLog),
        ] {
            rights.extend(given(is_given, right, TokenScope::Admin));
        }
        let reached = rights
            .into_iter()
            .filter(|(_, scope)| *scope <= token.scope);
        reached.map(|(right, _)| format!("{right:?}")).collect()
    }

    fn owners(&self, organization: usize) -> usize {
        let members = self.members.iter();
        members
            .filter(|((of, _), teams)| *of == organization && teams.contains(&0))
            .count()
    }
}

/// A registry and its model.
struct World {
    registry: Registry,
    model: Model,
    _folder: tempfile::TempDir,
}

fn site(registry: &Registry) -> Grant<AdministerSite> {
    registry
        .site_grant(&Caller::Operator)
        .expect("the operator may")
}

fn new_token(scope: TokenScope) -> NewToken {
    NewToken {
        description: None,
        scope,
        restriction: None,
        end: None,
    }
}

fn team_name(team: usize) -> TeamName {
    TEAMS[team].parse().expect("a name")
}

fn username(user: usize) -> Username {
    USERS[user].parse().expect("a name")
}

fn access_of(bits: u8) -> OrganizationAccess {
    let mut access = OrganizationAccess::default();
    for (number, kind) in OrganizationAccess::KINDS.iter().enumerate() {
        // The first five come in all combinations, and of the others one or two or none: nobody
        // but owners could give more often than not what has many.
        let later = usize::from(bits >> 5);
        let is_given = match number {
            0..5 => bits & (1 << number) != 0,
            _ => later > 0 && (number == later + 4 || number == later + 11),
        };
        kind.put(&mut access, is_given);
    }
    access
}

impl World {
    /// Makes two organizations with an owner each, and users with a token each.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let dir = DataDir::open(folder.path(), &*disk).expect("a data directory");
        let config = Config::default();
        let options = store_options(&config);
        let store = Store::open(&dir, Arc::clone(&disk), options, |_| {}).expect("a store");
        let blobs = Blobs::new(&dir, disk).expect("blobs");
        let (signer, settings) = (UrlSigner::new(&[0; 32]), registry_settings(&config));
        let registry =
            Registry::new(store, blobs, Clock::system(), signer, settings).expect("a registry");
        let mut model = Model::default();
        for (number, name) in USERS.iter().enumerate() {
            let new = NewUser {
                username: username(number),
                email: ShortText::default(),
                password: None,
                site_admin: false,
            };
            let user = registry.create_user(&site(&registry), new).expect(name);
            let (token, secret) = registry
                .create_user_token(
                    &site(&registry),
                    &Caller::Operator,
                    &username(number),
                    new_token(TokenScope::Admin),
                )
                .expect(name);
            let owner = Owner::User(number);
            model.tokens.push(Token {
                id: token.id,
                secret,
                owner,
                scope: TokenScope::Admin,
            });
            if let Some(name) = ORGANIZATIONS.get(number) {
                let new = NewOrganization {
                    name: name.parse().expect("a name"),
                    email: ShortText::default(),
                    public: false,
                    kept: KeptChange::default(),
                    owner: Some(user.id),
                    rules: AccessRulesChange::default(),
                };
                registry
                    .create_organization(&site(&registry), new)
                    .expect(name);
                let grant = registry.grant(&Caller::Operator, name).expect(name);
                let teams = registry.list_teams(&grant).expect("teams");
                let owners = teams.first().expect("a team of owners");
                let row = (owners.id.clone(), OrganizationAccess::OWNER);
                model.teams.insert((number, 0), row);
                model.members.insert((number, number), BTreeSet::from([0]));
            }
        }
        Self {
            registry,
            model,
            _folder: folder,
        }
    }

    fn caller(&self, token: &Token) -> Caller {
        self.registry.caller(&token.secret).expect("an answer")
    }

    /// Returns every right of a token, in each organization.
    fn rights(&self, token: &Token) -> Vec<BTreeSet<String>> {
        let caller = self.caller(token);
        let rights_in = |name: &&str| {
            let organization = self
                .registry
                .list_organizations(&Caller::Operator)
                .expect("organizations")
                .into_iter()
                .find(|it| it.name.as_str() == *name)
                .expect("it is there");
            let rights = self.registry.rights_in(&caller, &organization);
            rights.iter().map(|right| format!("{right:?}")).collect()
        };
        ORGANIZATIONS.iter().map(rights_in).collect()
    }

    /// Returns the token that tries an operation: in three cases out of four, one that has some
    /// rights.
    fn actor(&self, (who, what, choices): &Attempt) -> usize {
        let organization = usize::from(choices[0]) % 2;
        let may_something = |at: &usize| {
            let rights = self.model.rights(&self.model.tokens[*at], organization);
            rights.len() > 4
        };
        let able: Vec<usize> = (0..self.model.tokens.len()).filter(may_something).collect();
        if *what >= 64 && !able.is_empty() {
            able[who.index(able.len())]
        } else {
            who.index(self.model.tokens.len())
        }
    }

    /// Tries an operation; returns its result, and whether the model allows it.
    fn attempt(&mut self, attempt: &Attempt) -> (Result<(), Error>, bool) {
        let (actor, (_, what, choices)) = (self.actor(attempt), attempt);
        let [first, second, third, bits] = choices.map(usize::from);
        let (organization, user) = (first % 2, second % USERS.len());
        let (team, access) = (third % TEAMS.len(), access_of(choices[3]));
        let scope = SCOPES[bits % SCOPES.len()];
        match what % 11 {
            0 => self.create_team(actor, organization, team, access),
            1 => self.change_access(actor, organization, team, access),
            2 => self.invite(actor, organization, user, (bits % 2 == 0).then_some(team)),
            3 | 4 => self.add_to_team(actor, organization, team, user),
            5 => self.remove_from_team(actor, organization, team, user),
            6 => self.remove_member(actor, organization, user),
            7 => self.delete_team(actor, organization, team),
            8 => self.own_token(actor, scope),
            9 => {
                let team = (bits % 3 != 0).then_some(team);
                self.organization_token(actor, organization, team, scope)
            }
            _ => self.revoke(actor, second),
        }
    }

    /// Lets the actor do something in an organization, if the registry grants the right.
    fn granted<A: Action, T>(
        &self,
        (actor, organization): (usize, usize),
        act: impl FnOnce(&Registry, &Grant<A>, &Caller) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let caller = self.caller(&self.model.tokens[actor]);
        let grant = self.registry.grant(&caller, ORGANIZATIONS[organization])?;
        act(&self.registry, &grant, &caller)
    }

    /// Returns whether the actor has a right according to the model, and all rights they have.
    fn holds(&self, actor: usize, organization: usize, right: Right) -> bool {
        let token = &self.model.tokens[actor];
        let rights = self.model.rights(token, organization);
        rights.contains(&format!("{right:?}"))
    }

    /// Returns whether the actor may manage the tokens of a team, or of the organization itself: as
    /// an owner, as somebody who manages teams and has all rights of this one, or as its member.
    fn manages_tokens(&self, actor: usize, organization: usize, team: Option<usize>) -> bool {
        if self.holds(actor, organization, Right::ManageTokens) {
            return true;
        }
        let Some(team) = team else {
            return false;
        };
        let token = &self.model.tokens[actor];
        let of_team = self.model.teams.get(&(organization, team));
        let covers = team != 0
            && of_team
                .is_some_and(|(_, access)| self.own_access(actor, organization).1.covers(*access));
        let manages = self.holds(actor, organization, Right::ManageTeams) && covers;
        let is_member = match &token.owner {
            Owner::User(user) => {
                let teams = self.model.members.get(&(organization, *user));
                token.scope == TokenScope::Admin && teams.is_some_and(|teams| teams.contains(&team))
            }
            Owner::Team(..) | Owner::Organization(_) => false,
        };
        manages || is_member
    }

    fn own_access(&self, actor: usize, organization: usize) -> (bool, OrganizationAccess) {
        let owner = &self.model.tokens[actor].owner;
        self.model.access(owner, organization).unwrap_or_default()
    }

    fn create_team(
        &mut self,
        actor: usize,
        organization: usize,
        team: usize,
        access: OrganizationAccess,
    ) -> (Result<(), Error>, bool) {
        let own = self.own_access(actor, organization).1;
        let may_say = own.manage_organization_access || access == OrganizationAccess::default();
        let expected = self.holds(actor, organization, Right::ManageTeams)
            && own.covers(access)
            && may_say
            && !self.model.teams.contains_key(&(organization, team));
        let made = self.granted((actor, organization), |registry, grant, caller| {
            registry.create_team(grant, caller, NewTeam::named(team_name(team), access))
        });
        let done = made.map(|made| {
            let row = (made.id, access);
            self.model.teams.insert((organization, team), row);
        });
        (done, expected)
    }

    fn change_access(
        &mut self,
        actor: usize,
        organization: usize,
        team: usize,
        access: OrganizationAccess,
    ) -> (Result<(), Error>, bool) {
        let own = self.own_access(actor, organization).1;
        let before = self.model.teams.get(&(organization, team));
        let expected = self.holds(actor, organization, Right::ManageTeams)
            && own.covers(access)
            && (own.manage_organization_access || before.is_some_and(|row| row.1 == access))
            && team != 0
            // Whoever has less cannot take it away either.
            && before.is_some_and(|(_, before)| own.covers(*before));
        let done = self.granted((actor, organization), |registry, grant, caller| {
            let team = registry.team_named(grant, &team_name(team))?;
            registry.update_team(grant, caller, &team.id, TeamChange::access(access))
        });
        let done = done.map(|_| {
            if let Some(row) = self.model.teams.get_mut(&(organization, team)) {
                row.1 = access;
            }
        });
        (done, expected)
    }

    /// Returns whether the actor may put others into a team.
    fn may_fill(&self, actor: usize, organization: usize, team: usize) -> bool {
        let (owns, own) = self.own_access(actor, organization);
        let row = self.model.teams.get(&(organization, team));
        (team != 0 || owns) && row.is_some_and(|(_, access)| own.covers(*access))
    }

    fn invite(
        &mut self,
        actor: usize,
        organization: usize,
        user: usize,
        team: Option<usize>,
    ) -> (Result<(), Error>, bool) {
        let known =
            team.and_then(|team| Some((team, self.model.teams.get(&(organization, team))?)));
        let named = known.map(|(_, (id, _))| id.clone());
        let teams: Vec<TeamId> = named.into_iter().collect();
        let team = known.map(|(team, _)| team);
        let may_place = team.is_none_or(|team| {
            self.holds(actor, organization, Right::ManageTeams)
                && self.may_fill(actor, organization, team)
        });
        let expected = self.holds(actor, organization, Right::ManageMembership)
            && may_place
            && !self.model.members.contains_key(&(organization, user));
        let done = self.granted((actor, organization), |registry, grant, caller| {
            registry.invite(grant, caller, USERS[user], &teams)
        });
        let done = done.map(|_| {
            let teams = team.into_iter().collect();
            self.model.members.insert((organization, user), teams);
        });
        (done, expected)
    }

    fn add_to_team(
        &mut self,
        actor: usize,
        organization: usize,
        team: usize,
        user: usize,
    ) -> (Result<(), Error>, bool) {
        let may_come = self.model.members.contains_key(&(organization, user))
            || self.holds(actor, organization, Right::ManageMembership);
        let expected = self.holds(actor, organization, Right::ManageTeams)
            && self.may_fill(actor, organization, team)
            && may_come;
        let done = self.granted((actor, organization), |registry, grant, caller| {
            let team = registry.team_named(grant, &team_name(team))?;
            let change = TeamMembers::AddOrInvite(vec![MemberRef::Username(username(user))]);
            registry.change_team_members(grant, caller, &team.id, &change)
        });
        let done = done.map(|()| {
            let teams = self.model.members.entry((organization, user)).or_default();
            teams.insert(team);
        });
        (done, expected)
    }

    /// Returns whether the actor may remove a member: the last owner must stay.
    fn may_go(&self, actor: usize, organization: usize, user: usize) -> bool {
        let teams = self.model.members.get(&(organization, user));
        let is_owner = teams.is_some_and(|teams| teams.contains(&0));
        let owns = self.own_access(actor, organization).0;
        !is_owner || (owns && self.model.owners(organization) > 1)
    }

    fn remove_from_team(
        &mut self,
        actor: usize,
        organization: usize,
        team: usize,
        user: usize,
    ) -> (Result<(), Error>, bool) {
        let owns = self.own_access(actor, organization).0;
        // Nobody else's owner may be the last one, whoever is taken out.
        let others = self.model.members.iter().any(|((of, other), teams)| {
            *of == organization && *other != user && teams.contains(&0)
        });
        let expected = self.holds(actor, organization, Right::ManageTeams)
            && self.model.teams.contains_key(&(organization, team))
            && self.model.members.contains_key(&(organization, user))
            && (team != 0 || (owns && others));
        let done = self.granted((actor, organization), |registry, grant, caller| {
            let team = registry.team_named(grant, &team_name(team))?;
            let change = TeamMembers::Remove(vec![MemberRef::Username(username(user))]);
            registry.change_team_members(grant, caller, &team.id, &change)
        });
        if let (true, Some(teams)) = (
            done.is_ok(),
            self.model.members.get_mut(&(organization, user)),
        ) {
            teams.remove(&team);
        }
        (done, expected)
    }

    fn remove_member(
        &mut self,
        actor: usize,
        organization: usize,
        user: usize,
    ) -> (Result<(), Error>, bool) {
        let expected = self.holds(actor, organization, Right::ManageMembership)
            && self.model.members.contains_key(&(organization, user))
            && self.may_go(actor, organization, user);
        let done = self.granted((actor, organization), |registry, grant, caller| {
            registry.remove_member(grant, caller, &username(user))
        });
        if done.is_ok() {
            self.model.members.remove(&(organization, user));
        }
        (done, expected)
    }

    fn delete_team(
        &mut self,
        actor: usize,
        organization: usize,
        team: usize,
    ) -> (Result<(), Error>, bool) {
        let expected = self.holds(actor, organization, Right::ManageTeams)
            && team != 0
            && self.model.teams.contains_key(&(organization, team));
        let done = self.granted((actor, organization), |registry, grant, _| {
            let team = registry.team_named(grant, &team_name(team))?;
            registry.delete_team(grant, &team.id)
        });
        if done.is_ok() {
            self.model.teams.remove(&(organization, team));
            for ((of, _), teams) in &mut self.model.members {
                if *of == organization {
                    teams.remove(&team);
                }
            }
            let gone = Owner::Team(organization, team);
            self.model.tokens.retain(|token| token.owner != gone);
        }
        (done, expected)
    }

    fn own_token(&mut self, actor: usize, scope: TokenScope) -> (Result<(), Error>, bool) {
        let token = &self.model.tokens[actor];
        let owner = token.owner.clone();
        let expected = matches!(owner, Owner::User(_)) && token.scope == TokenScope::Admin;
        let caller = self.caller(token);
        let made = self.registry.create_own_token(&caller, new_token(scope));
        (made.map(|made| self.keep(made, owner, scope)), expected)
    }

    fn organization_token(
        &mut self,
        actor: usize,
        organization: usize,
        team: Option<usize>,
        scope: TokenScope,
    ) -> (Result<(), Error>, bool) {
        let known = team.is_none_or(|team| self.model.teams.contains_key(&(organization, team)));
        let expected = self.manages_tokens(actor, organization, team) && known;
        let (caller, name) = (
            self.caller(&self.model.tokens[actor]),
            ORGANIZATIONS[organization],
        );
        let grant = match team {
            None => self.registry.token_grant(&caller, name),
            Some(team) => {
                let team = team_name(team);
                self.registry.named_team_token_grant(&caller, name, &team)
            }
        };
        let made = grant.and_then(|grant| {
            let new = new_token(scope);
            self.registry
                .create_organization_token(&grant, &caller, new)
        });
        let owner = match team {
            Some(team) => Owner::Team(organization, team),
            None => Owner::Organization(organization),
        };
        (made.map(|made| self.keep(made, owner, scope)), expected)
    }

    fn keep(
        &mut self,
        (token, secret): (terrakeep::domain::ApiToken, TokenSecret),
        owner: Owner,
        scope: TokenScope,
    ) {
        let id = token.id;
        self.model.tokens.push(Token {
            id,
            secret,
            owner,
            scope,
        });
    }

    fn revoke(&mut self, actor: usize, which: usize) -> (Result<(), Error>, bool) {
        // Each user keeps the first token, so that everybody can go on trying.
        let which = USERS.len() + which % self.model.tokens.len();
        let Some(token) = self.model.tokens.get(which) else {
            return (Err(Error::NotFound(String::new())), false);
        };
        let by = &self.model.tokens[actor];
        let expected = match &token.owner {
            owner @ Owner::User(_) => {
                by.id == token.id || (by.owner == *owner && by.scope == TokenScope::Admin)
            }
            Owner::Team(organization, team) => {
                self.manages_tokens(actor, *organization, Some(*team))
            }
            Owner::Organization(organization) => self.manages_tokens(actor, *organization, None),
        };
        let done = self.registry.revoke_token(&self.caller(by), &token.id);
        if done.is_ok() {
            let gone = self.model.tokens.remove(which);
            assert!(matches!(self.caller(&gone), Caller::Anonymous(_)));
        }
        (done, expected)
    }
}

fn run(attempts: &[Attempt]) {
    let mut world = World::new();
    for attempt in attempts {
        let before: Vec<(TokenId, Vec<BTreeSet<String>>)> = world
            .model
            .tokens
            .iter()
            .map(|token| (token.id.clone(), world.rights(token)))
            .collect();
        let (actor, holds) = before[world.actor(attempt)].clone();
        let (done, expected) = world.attempt(attempt);
        assert_eq!(done.is_ok(), expected, "{actor} {attempt:?}: {done:?}");
        for token in &world.model.tokens {
            let had = before.iter().find(|(id, _)| *id == token.id);
            for (place, has) in world.rights(token).iter().enumerate() {
                assert_eq!(
                    *has,
                    world.model.rights(token, place),
                    "{attempt:?} {token:?}"
                );
                let new = has
                    .iter()
                    .filter(|right| had.is_none_or(|(_, had)| !had[place].contains(*right)));
                for right in new {
                    assert!(done.is_ok(), "a refused attempt gives nothing");
                    assert!(holds[place].contains(right), "{attempt:?} gave {right}");
                }
            }
        }
        assert!((0..ORGANIZATIONS.len()).all(|it| world.model.owners(it) > 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 50, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn t40_ten_thousand_random_operations_give_nobody_more_than_somebody_had(
        attempts in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<u8>(), any::<[u8; 4]>()), 200),
    ) {
        run(&attempts);
    }
}
