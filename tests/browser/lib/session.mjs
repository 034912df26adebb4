// Somebody in front of the browser: signed in, or nobody.

// A context of its own with its cookies; `who` is `{ username, password }` or nothing.
export async function visitor(chromium, origin, who) {
  const context = await chromium.createBrowserContext();
  if (who) {
    const page = await context.newPage();
    await page.goto(`${origin}/login`);
    await page.type("#username", who.username);
    await page.type("#password", who.password);
    await Promise.all([page.waitForNavigation(), page.click("main button")]);
    if (new URL(page.url()).pathname !== "/") throw new Error(`${who.username} could not sign in`);
    await page.close();
  }
  return context;
}
