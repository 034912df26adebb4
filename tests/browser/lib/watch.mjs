// What a tab does behind its page: requests, scripts, breaches of the content security policy.

// Watches a tab from its next page on. `origin` is the site whose page it looks at.
export async function watch(page, origin) {
  const seen = { requests: 0, scripts: 0, external: [], foreign: [], breaches: [], dialogs: [], errors: [] };
  const session = await page.createCDPSession();
  session.on("Network.requestWillBeSent", ({ request }) => {
    if (request.url.startsWith(`${origin}/`)) seen.requests += 1;
    // Chromium draws parts of forms so; it asks nobody for them, and the policy forbids them to pages.
    else if (!request.url.startsWith("data:")) seen.external.push(request.url);
  });
  session.on("Network.webSocketCreated", ({ url }) => seen.external.push(url));
  // Each script that is compiled, also the value of an attribute and what is behind `javascript:`.
  session.on("Debugger.scriptParsed", ({ url, hasSourceURL }) => {
    if (url.startsWith(`${origin}/static/`)) seen.scripts += 1;
    // What we ask the page ourselves is compiled too, and named by puppeteer.
    else if (!(hasSourceURL && url.startsWith("pptr:"))) seen.foreign.push(url || "a script without an address");
  });
  session.on("Audits.issueAdded", ({ issue }) => {
    const breach = issue.details.contentSecurityPolicyIssueDetails;
    if (breach) seen.breaches.push(`${breach.violatedDirective}: ${breach.blockedURL ?? breach.contentSecurityPolicyViolationType}`);
  });
  page.on("dialog", (dialog) => {
    seen.dialogs.push(dialog.message());
    dialog.dismiss();
  });
  page.on("pageerror", (error) => seen.errors.push(`${page.url()}: ${error.message}`));
  for (const domain of ["Network", "Debugger", "Audits"]) await session.send(`${domain}.enable`);
  return seen;
}

// What several tabs did, as one.
export function together(tabs) {
  const add = (a, b) => (typeof a === "number" ? a + b : a.concat(b));
  return tabs.reduce((a, b) => Object.fromEntries(Object.keys(a).map((name) => [name, add(a[name], b[name])])));
}
