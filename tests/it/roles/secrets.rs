//! Tests routes that a secret opens for every caller: they do nothing without it.

use terrakeep::http::access::Access;

use super::matrix::routes;
use super::role::{ROLES, Role};
use super::world::World;

#[test]
fn t50_no_ticket_but_a_real_one_takes_an_upload() {
    let world = World::new();
    let tickets = routes()
        .into_iter()
        .filter(|it| it.access == Access::Ticket);
    let tickets: Vec<_> = tickets.collect();
    assert!(!tickets.is_empty());
    for route in tickets {
        for role in ROLES {
            let mut objects = world.fresh(&route.path);
            let real = std::mem::replace(&mut objects.ticket, "A".repeat(43));
            assert_eq!(world.ask(&route, &objects, role).status, 404, "{role:?}");
            objects.ticket = real;
            assert_eq!(world.ask(&route, &objects, role).status, 200, "{role:?}");
        }
    }
}

#[test]
fn t50_no_signature_but_a_real_one_opens_an_archive() {
    let world = World::new();
    let objects = world.objects();
    let module = format!("{}/{}/null", objects.organization, objects.module);
    let signed = world.registry.location(&module, "1.0.0");
    let forged = signed.replace("signature=", "signature=0");
    let other_file = signed.replacen("1.0.0", "1.1.0", 1);
    let status = |path: &str, role: Role| {
        let answer = world.registry.get(path, world.token(role));
        answer.status().as_u16()
    };
    for role in ROLES.into_iter().filter(|role| role.is_outside()) {
        assert_eq!(status(&signed, role), 200, "{role:?}");
        for path in [&forged, &other_file] {
            assert!(
                matches!(status(path, role), 401 | 403 | 404),
                "{role:?} {path}"
            );
        }
    }
}
