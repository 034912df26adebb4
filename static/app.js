// Comfort only: every page works without this file.
"use strict";

// What a README shows as code can be copied like our own.
for (const pre of document.querySelectorAll(".prose pre")) {
  const block = document.createElement("div");
  block.className = "code";
  pre.replaceWith(block);
  block.append(pre);
}

// The tab of this page, where the tabs are wider than the screen.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A box that narrows a long list of inputs, outputs or changes by their names and descriptions.
const things = [...document.querySelectorAll("main > .things > li, .dense > tbody > tr, .change-list > li")];
if (things.length > 12) {
  const filter = document.createElement("div");
  filter.className = "filter";
  filter.innerHTML = '<label for="filter">Filter</label><input id="filter" type="search" autocomplete="off"><span class="small soft" role="status"></span>';
  const [box, says] = [filter.querySelector("input"), filter.querySelector("span")];
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const thing of things) {
      const text = thing.textContent.toLowerCase();
      thing.hidden = !words.every((word) => text.includes(word));
      if (!thing.hidden) shown += 1;
    }
    says.textContent = box.value ? `${shown} of ${things.length}` : "";
  });
  (document.querySelector("main > .counts, main .builder") ?? document.querySelector("main > .tabs")).after(filter);
}

// A copy button on each block of code.
for (const block of document.querySelectorAll(".code")) {
  const code = block.querySelector("pre");
  if (!code || !navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  block.append(button);
}

// "/" goes to the search box; the arrows go through a list of modules.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("main input[name=q]") ?? document.querySelector("input[name=q]");
  if (event.key === "/" && !typing && box) {
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (typing && event.target !== box) return;
  const links = [...document.querySelectorAll(".modules .name a")];
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  if (at < 0 && !typing) return;
  event.preventDefault();
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  if (next < 0) box.focus();
  else if (next < links.length) links[next].focus();
});
