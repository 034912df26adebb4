// Packs a folder into a .tar.gz, here in the browser, and puts it into the form as its file.
"use strict";

(() => {
  const form = document.getElementById("publish");
  const archive = document.getElementById("archive");
  const folder = document.getElementById("folder");
  const says = document.getElementById("folder-says");
  if (!form || !folder || typeof CompressionStream === "undefined" || typeof DataTransfer === "undefined") return;
  document.getElementById("folder-field").hidden = false;

  const encoder = new TextEncoder();

  // The head of one file, in ustar form; long names are split at a slash.
  const head = (path, size) => {
    const block = new Uint8Array(512);
    const put = (text, at) => block.set(encoder.encode(text), at);
    const octal = (number, digits) => number.toString(8).padStart(digits, "0") + "\0";
    let name = path, prefix = "";
    for (let at = path.indexOf("/"); encoder.encode(name).length > 100; at = path.indexOf("/", at + 1)) {
      if (at < 0) throw new Error(`the name ${path} is too long`);
      prefix = path.slice(0, at);
      name = path.slice(at + 1);
    }
    if (encoder.encode(prefix).length > 155) throw new Error(`the name ${path} is too long`);
    put(name, 0);
    put(octal(0o644, 7), 100);
    put(octal(0, 7), 108);
    put(octal(0, 7), 116);
    put(octal(size, 11), 124);
    put(octal(0, 11), 136);
    put("        ", 148);
    put("0", 156);
    put("ustar\u000000", 257);
    put(prefix, 345);
    put(block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ", 148);
    return block;
  };

  const pack = async (files) => {
    const parts = [];
    for (const { path, file } of files) {
      parts.push(head(path, file.size), file, new Uint8Array((512 - (file.size % 512)) % 512));
    }
    parts.push(new Uint8Array(1024));
    const zipped = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(zipped).blob();
  };

  const take = async (files) => {
    const kept = files.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
    kept.sort((a, b) => (a.path < b.path ? -1 : 1));
    try {
      if (kept.length === 0) throw new Error("there are no files in this folder");
      says.textContent = "Packing…";
      const blob = await pack(kept);
      const transfer = new DataTransfer();
      transfer.items.add(new File([blob], "module.tar.gz", { type: "application/gzip" }));
      archive.files = transfer.files;
      says.textContent = `${kept.length} files packed, ${Math.ceil(blob.size / 1024)} KiB. Ready to publish.`;
    } catch (error) {
      says.textContent = `This folder cannot be packed: ${error.message}.`;
    }
  };

  folder.addEventListener("change", () => {
    // The first part is the chosen folder itself.
    take([...folder.files].map((file) => ({ path: file.webkitRelativePath.split("/").slice(1).join("/"), file })));
  });

  const read = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
  const walk = async (entry, path, found) => {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      found.push({ path, file });
      return;
    }
    const reader = entry.createReader();
    for (let entries = await read(reader); entries.length > 0; entries = await read(reader)) {
      for (const inner of entries) {
        await walk(inner, path ? `${path}/${inner.name}` : inner.name, found);
      }
    }
  };

  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entry = event.dataTransfer.items[0]?.webkitGetAsEntry?.();
    if (!entry) return;
    if (entry.isFile) {
      archive.files = event.dataTransfer.files;
      return;
    }
    const found = [];
    await walk(entry, "", found);
    await take(found);
  });
})();
