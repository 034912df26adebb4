// Filling in forms as people do: by typing, choosing, ticking and clicking.

// Fills the form at a selector, sends it by its button (of a name, where it has several), and returns
// the answer of the page that it leads to.
export async function send(page, selector, fields = {}, button = "") {
  const form = await page.$(selector);
  if (!form) throw new Error(`there is no ${selector} on ${page.url()}`);
  await unfold(form);
  for (const [name, value] of Object.entries(fields)) await fill(form, name, value);
  const buttons = await form.$$("button");
  const labels = await Promise.all(buttons.map((one) => one.evaluate((element) => element.textContent.trim())));
  const chosen = buttons[button ? labels.indexOf(button) : 0];
  if (!chosen) throw new Error(`${selector} on ${page.url()} has no button ${button}`);
  // Where a key is made for an organization, a busy machine takes its time.
  const [answer] = await Promise.all([page.waitForNavigation({ timeout: 180_000 }), chosen.click()]);
  return answer;
}

// Opens the folded part that a form is in, as a person does: by a click on its summary.
async function unfold(form) {
  const summary = await form.evaluateHandle((element) => element.closest("details:not([open])")?.querySelector("summary"));
  if (summary.asElement()) await summary.asElement().click();
}

async function fill(form, name, value) {
  const field = await form.$(`[name="${name}"]`);
  if (!field) throw new Error(`there is no field ${name}`);
  const kind = await field.evaluate(({ localName, type }) => (localName === "select" ? localName : type));
  switch (kind) {
    case "select":
      await field.select(value);
      break;
    case "checkbox":
      if ((await field.evaluate(({ checked }) => checked)) !== value) await field.click();
      break;
    case "file":
      await field.uploadFile(value);
      break;
    default:
      await field.evaluate((element) => element.select());
      await field.press("Delete");
      await field.type(value);
  }
}

// Drops files or folders of this machine onto the page, as from a window beside it.
export async function drop(page, paths) {
  const session = await page.createCDPSession();
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await session.detach();
}
