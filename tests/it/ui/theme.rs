//! Tests the light and the dark theme, chosen without scripts.

use super::browser::Browser;
use crate::harness::Appliance;
use crate::shared::shared;

fn choose(browser: &mut Browser<'_>, theme: &str, next: &str) -> String {
    let request = browser
        .request("POST", "/settings/theme")
        .form(&[("theme", theme), ("next", next)]);
    let origin = browser.registry.url.clone();
    let page = browser.send(request.header("origin", origin));
    assert_eq!(page.status, 303);
    page.location
}

#[test]
fn a_theme_is_chosen_kept_and_given_up() {
    let registry = shared();
    let mut browser = Browser::new(registry);
    let page = browser.get("/search?q=a");
    assert!(page.text.contains("<html lang=\"en\">"), "{}", page.text);
    assert!(page.text.contains("name=\"next\" value=\"/search?q=a\""));
    assert_eq!(choose(&mut browser, "dark", "/search?q=a"), "/search?q=a");
    for path in ["/search?q=a", "/login"] {
        let text = browser.get(path).text;
        assert!(
            text.contains("<html data-theme=\"dark\" lang=\"en\">"),
            "{text}"
        );
    }
    let request = browser.request("GET", "/none");
    let problem = browser.send(request.header("accept", "text/html"));
    assert!(problem.text.contains("<html data-theme=\"dark\""));
    choose(&mut browser, "light", "/");
    assert!(browser.get("/").text.contains("data-theme=\"light\""));
    choose(&mut browser, "", "/");
    assert!(!browser.get("/").text.contains("data-theme"));
    choose(&mut browser, "\"><script>", "/");
    let themes = browser.cookies.keys().filter(|name| name.contains("theme"));
    assert_eq!(themes.count(), 0, "{:?}", browser.cookies);
}

#[test]
fn t36_choosing_a_theme_leads_to_places_of_this_site_only() {
    let registry = Appliance::start();
    let mut browser = Browser::new(&registry);
    for away in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        assert_eq!(choose(&mut browser, "dark", away), "/", "{away}");
    }
    let other = Browser::new(&registry)
        .request("POST", "/settings/theme")
        .form(&[("theme", "dark")])
        .header("origin", "https://evil.example");
    let answer = other.send().expect("an answer");
    assert_eq!(answer.status(), 303);
    assert!(
        answer.headers().get("set-cookie").is_none(),
        "of another site"
    );
}

#[test]
fn a_page_that_is_kept_is_not_shown_in_another_theme() {
    let registry = shared();
    let ask = |cookie: &str, tag: &str| {
        let request = registry.request("GET", "/search", None);
        let request = request.header("cookie", cookie);
        request
            .header("if-none-match", tag)
            .send()
            .expect("an answer")
    };
    let light = ask("a=b", "\"none\"");
    assert_eq!(light.headers()["vary"], "Cookie, Accept-Encoding");
    let tag = light.headers()["etag"].to_str().expect("a tag").to_owned();
    assert_eq!(ask("a=b", &tag).status(), 304);
    assert_eq!(ask("__Host-terrakeep-theme=dark", &tag).status(), 200);
}
