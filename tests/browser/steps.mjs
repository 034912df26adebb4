// Takes steps as somebody in front of the browser does, with scripts or without.
//
// Reads { origin, scripts, steps }. A step is one of
//   { visit: path }                       types an address
//   { follow: text }                      clicks a link
//   { send: selector, fields, button }    fills in a form and sends it
//   { drop: [paths] }, { folder: path }   gives the page for publishing files; it needs scripts
// and has `says`, a text that is to stand on the page afterwards.
// Prints { steps: [{ path, status, says, text, problems }], posts: [paths], ...what lib/watch.mjs saw },
// in which `problems` are what the validator, and with scripts axe, find on the page.
import { askAxe, bringAxe } from "./lib/axe.mjs";
import { drop, send } from "./lib/forms.mjs";
import { askValidator } from "./lib/html.mjs";
import { job } from "./lib/job.mjs";
import { watch } from "./lib/watch.mjs";

async function follow(page, text) {
  for (const link of await page.$$("a")) {
    if ((await link.evaluate((element) => element.textContent.trim())) !== text) continue;
    const [answer] = await Promise.all([page.waitForNavigation(), link.click()]);
    return answer;
  }
  throw new Error(`there is no link ${text} on ${page.url()}`);
}

// A page that scrolls smoothly is not where it was a moment ago, so that clicks miss.
const still = { name: "prefers-reduced-motion", value: "reduce" };

// Waits until the page says that it has packed what it was given.
async function packed(page) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await page.evaluate(() => document.getElementById("folder-says").textContent.endsWith("Ready to publish."))) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("nothing was packed within ten seconds");
}

async function take(page, step, origin) {
  if (step.visit) return page.goto(`${origin}${step.visit}`);
  if (step.follow) return follow(page, step.follow);
  if (step.send) return send(page, step.send, step.fields, step.button);
  if (step.drop) await drop(page, step.drop);
  else if (step.folder) await (await page.$("#folder")).uploadFile(step.folder);
  await packed(page);
  return null;
}

async function problems(page, answer, scripts) {
  if (!answer) return [];
  const found = await askValidator(await answer.text());
  // axe waits, which is a script's right alone.
  if (!scripts) return found;
  await bringAxe(page);
  for (const value of ["light", "dark"]) {
    await page.emulateMediaFeatures([still, { name: "prefers-color-scheme", value }]);
    found.push(...(await askAxe(page)).broken.map((problem) => `${value}: ${problem}`));
  }
  return found;
}

await job(async (chromium, { origin, scripts, steps }) => {
  const page = await chromium.newPage();
  const seen = await watch(page, origin);
  await page.setJavaScriptEnabled(scripts);
  await page.emulateMediaFeatures([still]);
  const posts = [];
  page.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  const taken = [];
  for (const step of steps) {
    try {
      const answer = await take(page, step, origin);
      const { pathname, search } = new URL(page.url());
      const text = await page.evaluate(() => document.body.innerText);
      const says = text.includes(step.says);
      taken.push({ path: pathname + search, status: answer?.status() ?? 0, says, text: says ? "" : text, problems: await problems(page, answer, scripts) });
      if (!says) break;
    } catch (error) {
      throw new Error(`step ${taken.length + 1}, ${JSON.stringify(step)}`, { cause: error });
    }
  }
  return { steps: taken, posts, ...seen };
});
