//! Renders the Helm chart with the real Helm, and reads back what it would install.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{missing, printed, renderer};
use crate::left_out::left_out;

/// Reads documents of YAML on its input, and prints them as a list in JSON.
const TO_JSON: &str = "import json,sys
try: import yaml
except ImportError: sys.exit(3)
print(json.dumps([d for d in yaml.safe_load_all(sys.stdin) if d]))";

/// Renders the chart with values such as `tls.mode=off`; `None`, after it said so, without the tools.
fn rendered(values: &[&str]) -> Option<Vec<Value>> {
    let helm = renderer("helm")?;
    let text = printed(&mut template(&helm, values));
    let Some(program) = missing(&["python3"]) else {
        return as_json(&text);
    };
    left_out("TOOLS", &format!("there is no {program}"));
    None
}

fn template(helm: &std::path::Path, values: &[&str]) -> Command {
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/helm/terrakeep");
    let mut command = Command::new(helm);
    command.args(["template", "acme", chart]);
    for value in values {
        command.args(["--set", value]);
    }
    command
}

fn as_json(yaml: &str) -> Option<Vec<Value>> {
    let mut python = Command::new("python3")
        .args(["-c", TO_JSON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut input = python.stdin.take().expect("its input");
    input.write_all(yaml.as_bytes()).expect("written");
    drop(input);
    let output = python.wait_with_output().expect("its output");
    if output.status.code() == Some(3) {
        left_out("TOOLS", "python3 has no module `yaml`");
        return None;
    }
    assert!(output.status.success(), "this is no YAML:\n{yaml}");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// Returns the one document of a kind.
fn of_kind<'a>(documents: &'a [Value], kind: &str) -> &'a Value {
    let mut found = documents.iter().filter(|document| document["kind"] == kind);
    let document = found.next().unwrap_or_else(|| panic!("there is no {kind}"));
    assert!(found.next().is_none(), "there are two of {kind}");
    document
}

/// Checks the rendered configuration with the program that will read it.
fn check_configuration(documents: &[Value]) -> String {
    let text = of_kind(documents, "ConfigMap")["data"]["terrakeep.toml"]
        .as_str()
        .expect("a file")
        .to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("terrakeep.toml");
    std::fs::write(&file, &text).expect("written");
    let mut program = crate::harness::program();
    printed(program.args(["config", "check", "--config"]).arg(&file));
    text
}

#[test]
fn the_chart_installs_one_registry_with_no_rights() {
    let Some(documents) = rendered(&["publicUrl=https://registry.example.com"]) else {
        return;
    };
    let text = check_configuration(&documents);
    assert!(
        text.contains("public_url = \"https://registry.example.com\""),
        "{text}"
    );
    let set = &of_kind(&documents, "StatefulSet")["spec"];
    assert_eq!(set["replicas"], 1);
    let pod = &set["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    let container = &pod["containers"][0];
    let rights = &container["securityContext"];
    assert_eq!(rights["readOnlyRootFilesystem"], true);
    assert_eq!(rights["allowPrivilegeEscalation"], false);
    assert_eq!(rights["capabilities"]["drop"][0], "ALL");
    assert_eq!(container["readinessProbe"]["httpGet"]["path"], "/readyz");
    // Any other host is refused, and a probe would name the address of the pod.
    for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
        let host = &container[probe]["httpGet"]["httpHeaders"][0];
        assert_eq!(
            (&host["name"], &host["value"]),
            (&"Host".into(), &"localhost".into())
        );
    }
    assert_eq!(container["readinessProbe"]["httpGet"]["scheme"], "HTTPS");
    assert_eq!(container["ports"][0]["containerPort"], 8443);
    let claims = set["volumeClaimTemplates"].as_array().expect("volumes");
    let names: Vec<_> = claims
        .iter()
        .map(|claim| &claim["metadata"]["name"])
        .collect();
    assert_eq!(names, ["data", "backups"]);
    // The service leads to the pod.
    let service = &of_kind(&documents, "Service")["spec"];
    assert_eq!(service["selector"], set["selector"]["matchLabels"]);
    assert_eq!(
        service["ports"][0]["targetPort"],
        container["ports"][0]["name"]
    );
    assert!(
        documents
            .iter()
            .all(|document| document["kind"] != "Ingress")
    );
}

#[test]
fn the_chart_takes_a_certificate_or_leaves_tls_to_an_ingress() {
    let url = "publicUrl=https://registry.example.com:8443";
    let with_secret = [url, "tls.mode=secret", "tls.secretName=own"];
    let Some(documents) = rendered(&with_secret) else {
        return;
    };
    // The program's own check would read the files of the certificate.
    let text = of_kind(&documents, "ConfigMap")["data"]["terrakeep.toml"].to_string();
    for line in [
        "mode = \\\"files\\\"",
        "cert_file = \\\"/etc/terrakeep/tls/tls.crt\\\"",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let pod = &of_kind(&documents, "StatefulSet")["spec"]["template"]["spec"];
    let volumes = pod["volumes"].as_array().expect("volumes");
    let secret = volumes
        .iter()
        .find(|volume| volume["name"] == "certificate");
    assert_eq!(secret.expect("a volume")["secret"]["secretName"], "own");

    let behind = [
        url,
        "tls.mode=off",
        "ingress.enabled=true",
        "settings.limits.archive=128 MiB",
    ];
    let documents = rendered(&behind).expect("rendered before");
    let text = check_configuration(&documents);
    assert!(text.contains("archive = \"128 MiB\""), "{text}");
    let ingress = &of_kind(&documents, "Ingress")["spec"]["rules"][0];
    assert_eq!(ingress["host"], "registry.example.com");
    let pod = &of_kind(&documents, "StatefulSet")["spec"]["template"]["spec"];
    assert_eq!(
        pod["containers"][0]["livenessProbe"]["httpGet"]["scheme"],
        "HTTP"
    );
}

#[test]
fn numbers_of_a_file_of_values_stay_whole() {
    let Some(helm) = renderer("helm") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let values = folder.path().join("values.yaml");
    let text = "settings:\n  limits:\n    concurrent_uploads: 1000000\n  server:\n    \
                trusted_proxies: [10.0.0.0/8]\n    hostnames: []\n";
    std::fs::write(&values, text).expect("written");
    let mut command = template(&helm, &["publicUrl=https://registry.example.com"]);
    let text = printed(command.arg("--values").arg(&values));
    let Some(documents) = as_json(&text) else {
        return;
    };
    let text = check_configuration(&documents);
    assert!(text.contains("concurrent_uploads = 1000000\n"), "{text}");
    assert!(
        text.contains("trusted_proxies = [\"10.0.0.0/8\"]\n"),
        "{text}"
    );
}

#[test]
fn the_chart_refuses_what_cannot_work() {
    let Some(helm) = renderer("helm") else { return };
    for (values, why) in [
        (&[][..], "set publicUrl"),
        (
            &["publicUrl=https://r.example.com", "tls.mode=secret"],
            "set tls.secretName",
        ),
        (&["publicUrl=https://r.example.com", "tls.mode=on"], "tls"),
        (
            &["publicUrl=https://r.example.com", "ingress.enabled=true"],
            "set tls.mode to off",
        ),
        (
            &["publicUrl=https://r.example.com", "settings.listen=x"],
            "/settings/listen",
        ),
        (
            &["publicUrl=https://r.example.com", "replicas=2"],
            "replicas",
        ),
    ] {
        let output = template(&helm, values).output().expect("helm runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains(why),
            "{values:?}: {said}"
        );
    }
}
