//! Tests the headers of pages and files (T32), and pages about problems.

use super::browser::Browser;
use crate::harness::Appliance;
use crate::shared::shared;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[test]
fn t32_pages_run_and_frame_nothing_of_others() {
    let registry = Appliance::start();
    let browser = Browser::of(&registry, "admin");
    let secret = browser
        .request("GET", "/settings/tokens")
        .send()
        .expect("an answer");
    assert_eq!(secret.headers()["cache-control"], "private, no-cache");
    for path in ["/login", "/setup", "/settings/password", "/no/such/page"] {
        let request = browser.request("GET", path).header("accept", "text/html");
        let answer = request.send().expect("an answer");
        let header = |name: &str| answer.headers()[name].to_str().expect("a text").to_owned();
        if answer.status() != 303 {
            assert_eq!(header("content-security-policy"), POLICY, "{path}");
            assert_eq!(header("content-type"), "text/html; charset=utf-8", "{path}");
        }
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            header("strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
        let text = answer.text().expect("a body");
        for inline in ["<style", "style=", "<script>", "onclick", "javascript:"] {
            assert!(!text.contains(inline), "{path} has {inline}");
        }
    }
}

#[test]
fn a_page_is_asked_for_conditionally_and_sent_small() {
    let registry = Appliance::start();
    let browser = Browser::of(&registry, "admin");
    let ask = |name: &str, value: &str| {
        let request = browser
            .request("GET", "/settings/tokens")
            .header(name, value);
        request.send().expect("an answer")
    };
    let zipped = ask("accept-encoding", "gzip");
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    assert_eq!(zipped.headers()["vary"], "Cookie, Accept-Encoding");
    let etag = zipped.headers()["etag"]
        .to_str()
        .expect("a text")
        .to_owned();
    let unchanged = ask("if-none-match", &etag);
    assert_eq!(unchanged.status(), 304);
    assert_eq!(unchanged.bytes().expect("no body").len(), 0);
    let plain = ask("if-none-match", "\"other\"");
    assert_eq!(plain.status(), 200);
    assert!(plain.headers().get("content-encoding").is_none());
    assert!(plain.text().expect("a body").ends_with("</html>"));
}

#[test]
fn t32_a_page_with_a_secret_is_kept_by_nobody() {
    let registry = Appliance::start();
    let mut browser = Browser::of(&registry, "admin");
    let token = browser.form_token("/settings/tokens");
    let request = browser.request("POST", "/settings/tokens");
    let request = request.form(&[("csrf", token.as_str()), ("scope", "read")]);
    let answer = request
        .header("origin", &registry.url)
        .send()
        .expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert!(answer.headers().get("etag").is_none());
}

#[test]
fn files_are_named_by_their_content() {
    let registry = shared();
    let path = terrakeep::ui::files::address("app.css");
    let answer = registry.get(&path, None);
    assert_eq!(answer.status(), 200);
    let header = |name: &str| answer.headers()[name].to_str().expect("a text").to_owned();
    assert_eq!(
        header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header("content-type"), "text/css; charset=utf-8");
    let request = registry
        .request("GET", &path, None)
        .header("accept-encoding", "gzip");
    let zipped = request.send().expect("an answer");
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    let small = zipped.bytes().expect("a body").len();
    assert!(small < answer.bytes().expect("a body").len() / 2);
    for path in [
        "/static/0123456789abcdef/app.css",
        "/static/x/../app.css",
        "/static/x/nothing",
    ] {
        assert_eq!(registry.get(path, None).status(), 404, "{path}");
    }
}

#[test]
fn the_setup_page_has_what_a_new_machine_needs() {
    let registry = Appliance::start();
    let page = registry.get("/setup", None).text().expect("a page");
    let credentials = format!("credentials &#34;{}&#34;", registry.host());
    let plain = format!("credentials \"{}\"", registry.host());
    assert!(
        page.contains(&credentials) || page.contains(&plain),
        "{page}"
    );
    let ca = registry.get("/setup/ca.pem", None).bytes().expect("a file");
    assert_eq!(ca, std::fs::read(&registry.ca_file).expect("the CA"));
    let registry = Appliance::start_with(&[("tls.mode", "off")]);
    assert_eq!(registry.get("/setup/ca.pem", None).status(), 404);
    assert!(
        registry
            .get("/setup", None)
            .text()
            .expect("a page")
            .contains("HTTPS only")
    );
}

#[test]
fn a_problem_is_a_page_for_browsers_and_a_document_for_programs() {
    let registry = shared();
    let page = registry
        .request("GET", "/no/such/page", None)
        .header("accept", "text/html");
    let page = page.send().expect("an answer");
    assert_eq!(page.status(), 404);
    let id = page.headers()["x-request-id"]
        .to_str()
        .expect("a text")
        .to_owned();
    let text = page.text().expect("a page");
    assert!(
        text.contains("Page not found") && text.contains(&id),
        "{text}"
    );
    assert!(
        text.contains("Sign in") && !text.contains("Publish"),
        "{text}"
    );
    let mut browser = Browser::of(registry, "admin");
    for path in ["/no/such/page", "/modules/acme/nothing/null"] {
        let request = browser.request("GET", path).header("accept", "text/html");
        let page = browser.send(request);
        assert_eq!(page.status, 404);
        for link in [">Publish</a>", ">admin</a>", ">Sign out</button>"] {
            assert!(page.text.contains(link), "{path}: {}", page.text);
        }
        assert!(!page.text.contains("%ACCOUNT%"), "{}", page.text);
    }
    let document = registry.get("/no/such/page", None);
    assert_eq!(document.status(), 404);
    assert!(document.json::<serde_json::Value>().is_ok());
}
