// Packs a folder that was chosen or dropped, and puts it into the form as its file.
"use strict";

(() => {
  const form = document.getElementById("publish");
  const archive = document.getElementById("archive");
  const folder = document.getElementById("folder");
  const says = document.getElementById("folder-says");
  if (!form || !folder || !pack.isPossible) return;
  document.getElementById("folder-field").hidden = false;
  const areMeant = document.getElementById("private");
  const privateName = pack.namesOf(folder);
  let taken = null;

  const take = async (files) => {
    taken = files;
    try {
      says.textContent = "Packing…";
      const nothing = async () => null;
      const { count, leftOut, file } = await pack.archive(files, "module.tar.gz", areMeant.checked ? nothing : privateName);
      pack.choose(archive, [file]);
      const left = leftOut ? ` Left out: ${leftOut}.` : "";
      says.textContent = `${count} files packed, ${Math.ceil(file.size / 1024)} KiB.${left} Ready to publish.`;
    } catch (error) {
      says.textContent = `This folder cannot be packed: ${error.message}.`;
    }
  };

  folder.addEventListener("change", () => take(pack.chosen(folder.files)));
  areMeant.addEventListener("change", () => taken && take(taken));
  archive.addEventListener("change", () => (taken = null));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entry = event.dataTransfer.items[0]?.webkitGetAsEntry?.();
    if (!entry) return;
    if (entry.isFile) {
      taken = null;
      archive.files = event.dataTransfer.files;
      says.textContent = `${entry.name}. Ready to publish.`;
      return;
    }
    await take(await pack.dropped(entry));
  });
})();
