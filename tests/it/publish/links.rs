//! Tests archives that are not kept byte for byte: those with links, and those with a wrapping
//! folder (T02).

use crate::builders::{archive, unpack};
use crate::harness::Appliance;

#[test]
fn t02_a_link_arrives_as_a_copy_of_what_it_points_to() {
    let registry = Appliance::start();
    let linked = archive(&[
        ("examples/complete/versions.tf", "-> ../../versions.tf"),
        (
            "examples/complete/main.tf",
            "module \"this\" { source = \"../..\" }\n",
        ),
        ("main.tf", "# root\n"),
        (
            "versions.tf",
            "terraform { required_version = \">= 1.0\" }\n",
        ),
    ]);
    registry.publish("acme/linked/null", "1.0.0", linked);
    let files = unpack(&registry.download("acme/linked/null", "1.0.0"));
    let content = |path: &str| {
        let found = files.iter().find(|(name, _)| name == path);
        found.map(|(_, content)| content.as_str())
    };
    assert_eq!(
        content("examples/complete/versions.tf"),
        content("versions.tf")
    );
    assert_eq!(content("main.tf"), Some("# root\n"));
}

#[test]
fn a_wrapping_folder_is_taken_off() {
    let registry = Appliance::start();
    let wrapped = archive(&[
        ("terraform-aws-vpc-1.0.0/", ""),
        ("terraform-aws-vpc-1.0.0/main.tf", "# root\n"),
        ("terraform-aws-vpc-1.0.0/modules/x/main.tf", "# x\n"),
    ]);
    registry.publish("acme/wrapped/null", "1.0.0", wrapped);
    let served = registry.download("acme/wrapped/null", "1.0.0");
    let paths: Vec<_> = unpack(&served).into_iter().map(|(path, _)| path).collect();
    assert!(paths.contains(&"main.tf".to_owned()), "{paths:?}");
    assert!(paths.contains(&"modules/x/main.tf".to_owned()), "{paths:?}");
    // What came out goes in again as it is.
    registry.publish("acme/flat/null", "1.0.0", served.clone());
    assert_eq!(registry.download("acme/flat/null", "1.0.0"), served);
}
