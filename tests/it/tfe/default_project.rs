//! Tests the default project of an organization: where it is shown, and that organizations of
//! earlier programs get one.

use serde_json::{Value, json};
use terrakeep::config::Config;
use terrakeep::domain::{Actor, Timestamp};
use terrakeep::server::store_options;
use terrakeep::storage::{DataDir, Ownership, Prefix, RealDisk, Stamp, Store, StoreError, Table};

use crate::harness::Appliance;

const ACME: &str = "/api/v2/organizations/acme";
const PROJECTS: &str = "/api/v2/organizations/acme/projects";

#[test]
fn organizations_lead_to_their_default_project() {
    let registry = Appliance::start();
    let own = registry.json(PROJECTS)["data"][0].clone();
    let related = |organization: &Value| {
        organization["relationships"]["default-project"]["data"]["id"].clone()
    };
    assert_eq!(related(&registry.json(ACME)["data"]), own["id"]);
    for path in [ACME, "/api/v2/organizations"] {
        let plain = registry.json(path);
        assert_eq!(plain.get("included"), None, "{plain}");
        let shown = registry.json(&format!("{path}?include=default-project"));
        assert_eq!(shown["included"], json!([own]), "{shown}");
    }
    // Who may not see projects gets none beside the organization.
    let member = registry.user("mia");
    registry.join("acme", "owners", "mia");
    registry.command(&json!({
        "subject": "team", "command": "create", "organization": "acme", "name": "readers",
    }));
    let reader = registry.user("ray");
    registry.join("acme", "readers", "ray");
    for (token, expected) in [(member, json!([own])), (reader, json!([]))] {
        let path = format!("{ACME}?include=default_project");
        let shown: Value = registry.get(&path, Some(&token)).json().expect("JSON");
        let name = |it: &Value| it["attributes"]["name"].clone();
        let names = |list: &Value| list.as_array().map(|all| all.iter().map(name).collect());
        let shown: Option<Vec<Value>> = names(&shown["included"]);
        assert_eq!(shown, names(&expected));
    }
}

#[test]
fn the_list_of_workspaces_is_empty() {
    let registry = Appliance::start();
    let id = registry.json(PROJECTS)["data"][0]["id"].clone();
    let id = id.as_str().expect("an id");
    let list = registry.json(&format!("{ACME}/workspaces?filter[project][id]={id}"));
    assert_eq!(list["data"], json!([]));
    assert_eq!(list["meta"]["pagination"]["total-count"], 0);
    let stranger = registry.user("noa");
    let answer = registry.get(&format!("{ACME}/workspaces"), Some(&stranger));
    assert_eq!(answer.status(), 404);
}

/// Declares a table whose rows are read as JSON.
macro_rules! raw_table {
    ($type:ident, $id:literal, $name:literal, $owner:ident, $key:ty) => {
        enum $type {}

        impl Table for $type {
            const ID: u8 = $id;
            const NAME: &'static str = $name;
            const OWNER: Ownership = Ownership::$owner;
            type Key = $key;
            type Row = Value;
        }
    };
}

raw_table!(Organizations, 1, "organizations", Organization, String);
raw_table!(Projects, 87, "projects", Organization, String);
raw_table!(
    ProjectNames,
    88,
    "project_names",
    Organization,
    (String, String)
);
raw_table!(Migrations, 51, "migrations", Site, String);

#[test]
fn organizations_of_earlier_programs_get_their_default_project() {
    let mut registry = Appliance::start();
    registry.organization("globex", false);
    assert!(registry.stop().success());
    let dir = DataDir::open(registry.data_dir(), &RealDisk).expect("the directory");
    let disk = std::sync::Arc::new(RealDisk);
    let store =
        Store::open(&dir, disk, store_options(&Config::default()), |_| ()).expect("a store");
    let stamp = Stamp {
        at: Timestamp::from_micros(1_700_000_000_000_000),
        actor: Actor::System,
        action: "test",
    };
    // The rows as an earlier program left them; one organization already has its project, as after
    // a kill in the middle of the step.
    let written = store.write(stamp, |tx| {
        let organizations: Vec<_> = tx.scan::<Organizations>(&Prefix::all()).collect();
        for organization in organizations {
            let (key, mut row) = organization?;
            if row["name"] == "globex" {
                continue;
            }
            let project = row["default_project"].as_str().expect("an id").to_owned();
            row.as_object_mut()
                .expect("a row")
                .remove("default_project");
            tx.put::<Organizations>(&key, &row)?;
            tx.remove::<Projects>(&project)?;
            tx.remove::<ProjectNames>(&(key, "default project".to_owned()))?;
        }
        tx.remove::<Migrations>(&"default_projects".to_owned())?;
        Ok::<_, StoreError>(())
    });
    written.expect("written");
    store.close().expect("closed");
    drop((store, dir));
    registry.restart();
    for name in ["acme", "globex"] {
        let list = registry.json(&format!("/api/v2/organizations/{name}/projects"));
        let projects = list["data"].as_array().expect("a list");
        assert_eq!(projects.len(), 1, "{list}");
        assert_eq!(projects[0]["attributes"]["name"], "Default Project");
        let organization = registry.json(&format!("/api/v2/organizations/{name}"));
        let related = &organization["data"]["relationships"]["default-project"]["data"];
        assert_eq!(related["id"], projects[0]["id"]);
    }
}
