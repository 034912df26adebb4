// Comfort only: every page works without this file.
"use strict";

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

// Choosing a version goes to its page.
for (const select of document.querySelectorAll("select[data-go]")) {
  select.addEventListener("change", () => { location.href = select.value; });
}

// "/" goes to the search box; the arrows go through a list of modules.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector("input[type=search]");
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
