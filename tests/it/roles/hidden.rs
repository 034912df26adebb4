//! Tests that an object that the caller may not see is answered like one that does not exist.

use super::made::Objects;
use super::matrix::routes;
use super::question::{Answer, Route};
use super::role::{ROLES, Role};
use super::rules::Rule;
use super::world::World;

/// Returns names of objects that do not exist, in the form of the given ones.
fn absent(objects: &Objects) -> Objects {
    let id = |kind: &str| format!("{kind}-1111111111111111");
    Objects {
        organization: "gone-corp".to_owned(),
        module_id: id("mod"),
        provider_id: id("prov"),
        team_id: id("team"),
        membership: id("ou"),
        invitation: id("ou"),
        user_id: id("user"),
        token: id("at"),
        ssh_key: id("sshkey"),
        project: id("prj"),
        key_id: "1111111111111111".to_owned(),
        ..objects.clone()
    }
}

/// Returns an answer without the names of the requested objects.
fn describe(answer: &Answer, objects: &Objects) -> (u16, String) {
    let named = [
        &objects.team,
        &objects.organization,
        &objects.module_id,
        &objects.provider_id,
        &objects.team_id,
        &objects.membership,
        &objects.invitation,
        &objects.user_id,
        &objects.token,
        &objects.ssh_key,
        &objects.project,
        &objects.key_id,
    ];
    let seen = format!("{}\n{}", answer.location, answer.text);
    // Each page has its own number and tokens.
    let seen = without(&seen, "name=\"csrf\" value=\"", "\"");
    let seen = without(&seen, "<span class=\"mono\">", "</span>");
    let seen = without(&seen, "the module `", "`");
    let seen = named
        .into_iter()
        .fold(seen, |seen, name| seen.replace(name.as_str(), "…"));
    (answer.status, seen)
}

/// Returns a text without what stands between two other texts.
fn without(text: &str, before: &str, after: &str) -> String {
    let mut pieces = text.split(before);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (_, rest) = piece.split_once(after).expect("an end");
        kept.push_str(before);
        kept.push_str(rest);
    }
    kept
}

/// Returns whether a route names something that not everybody may see.
fn names_something(route: &Route) -> bool {
    let is_private = match route.rule {
        Rule::Reads
        | Rule::Publishes
        | Rule::ManagesProviders
        | Rule::Owns
        | Rule::OwnsOrIsMember
        | Rule::OwnsOrIsInTeam
        | Rule::OwnsUnseen
        | Rule::OwnsToRead
        | Rule::OwnsUnseenToRead
        | Rule::OwnsUnseenToChange
        | Rule::OwnsInPerson
        | Rule::Themself => true,
        Rule::Anybody
        | Rule::Password
        | Rule::Known
        | Rule::Own
        | Rule::OwnAccount
        | Rule::ListOfThemself
        | Rule::Nobody
        | Rule::Lists
        | Rule::ListsToPublish
        | Rule::Site
        | Rule::SiteUnseen => false,
    };
    is_private && route.path.contains('{')
}

#[test]
fn t52_what_may_not_be_seen_is_answered_as_what_is_not_there() {
    let world = World::new();
    let real = world.objects();
    let organization = world.registry.json("/api/v2/admin/organizations/hush-corp");
    let id = organization["data"]["attributes"]["external-id"].as_str();
    let id = id.or(organization["data"]["id"].as_str()).expect("an id");
    let named = |name: &str| Objects {
        organization: name.to_owned(),
        ..real.clone()
    };
    let missing = |name: &str| Objects {
        organization: name.to_owned(),
        ..absent(real)
    };
    // By its name, by its name in another case, and by its id.
    let pairs = [
        (named("hush-corp"), missing("gone-corp")),
        (named("hUsH-cOrP"), missing("gOnE-cOrP")),
        (named(id), missing("org-1111111111111111")),
    ];
    let mut wrong = Vec::new();
    for route in routes().iter().filter(|route| names_something(route)) {
        for role in ROLES.into_iter().filter(|role| role.is_outside()) {
            for (there, gone) in &pairs {
                let hidden = describe(&world.ask(route, there, role), there);
                let missing = describe(&world.ask(route, gone, role), gone);
                if hidden != missing {
                    let line = route.line();
                    wrong.push(format!("{line} as {role:?}: {hidden:?} and {missing:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn t52_a_secret_team_and_its_token_are_answered_as_what_is_not_there() {
    let world = World::new();
    let mut secret = world.objects().clone();
    world.make_secret_team(&mut secret);
    let gone = Objects {
        team: "hush-gone".to_owned(),
        team_id: absent(&secret).team_id,
        token: absent(&secret).token,
        ..secret.clone()
    };
    let about = |route: &&Route| route.path.contains("{team") || route.path.contains("{token}");
    let routes = routes();
    let mut wrong = Vec::new();
    for route in routes.iter().filter(about) {
        for role in ROLES {
            let sees = match role {
                Role::Owner | Role::Admin | Role::ReadToken | Role::PublishToken => true,
                Role::Anonymous
                | Role::Expired
                | Role::Revoked
                | Role::Reader
                | Role::Publisher
                | Role::OtherOwner
                | Role::Consumer => false,
            };
            if sees {
                continue;
            }
            let there = describe(&world.ask(route, &secret, role), &secret);
            let missing = describe(&world.ask(route, &gone, role), &gone);
            let named = there.1.contains(&secret.team);
            if there != missing || named {
                let line = route.line();
                wrong.push(format!("{line} as {role:?}: {there:?} and {missing:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    // It is there, for those who may see it.
    let read = routes
        .iter()
        .find(|it| it.line() == "GET /api/v2/teams/{team_id}");
    let read = read.expect("the route");
    for (role, status) in [(Role::Owner, 200), (Role::Admin, 200), (Role::Reader, 404)] {
        assert_eq!(world.ask(read, &secret, role).status, status, "{role:?}");
    }
}
