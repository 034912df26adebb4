// Packs a folder that was chosen or dropped, and puts it into the form as its file.
"use strict";

(() => {
  const form = document.getElementById("publish");
  const archive = document.getElementById("archive");
  const folder = document.getElementById("folder");
  const says = document.getElementById("folder-says");
  if (!form || !folder || !pack.isPossible) return;
  document.getElementById("folder-field").hidden = false;

  const take = async (files) => {
    try {
      says.textContent = "Packing…";
      const { count, file } = await pack.archive(files, "module.tar.gz");
      pack.choose(archive, [file]);
      says.textContent = `${count} files packed, ${Math.ceil(file.size / 1024)} KiB. Ready to publish.`;
    } catch (error) {
      says.textContent = `This folder cannot be packed: ${error.message}.`;
    }
  };

  folder.addEventListener("change", () => take(pack.chosen(folder.files)));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entry = event.dataTransfer.items[0]?.webkitGetAsEntry?.();
    if (!entry) return;
    if (entry.isFile) {
      archive.files = event.dataTransfer.files;
      says.textContent = `${entry.name}. Ready to publish.`;
      return;
    }
    await take(await pack.dropped(entry));
  });
})();
