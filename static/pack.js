// Files of a folder → a .tar.gz, here in the browser; and what lies in a folder that was dropped.
"use strict";

const pack = (() => {
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

  const zipped = async (files) => {
    const parts = [];
    for (const { path, file } of files) {
      parts.push(head(path, file.size), file, new Uint8Array((512 - (file.size % 512)) % 512));
    }
    parts.push(new Uint8Array(1024));
    const stream = new Blob(parts).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(stream).blob();
  };

  // What was chosen as a folder; the first part of each path is the folder itself.
  const chosen = (files) =>
    [...files].map((file) => ({ path: file.webkitRelativePath.split("/").slice(1).join("/"), file }));

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

  const dropped = async (entry) => {
    const found = [];
    await walk(entry, "", found);
    return found;
  };

  const isHidden = ({ path }) => path.split("/").some((part) => part.startsWith("."));
  const byPath = (a, b) => (a.path < b.path ? -1 : 1);

  // Puts files into a field, as if they had been chosen there.
  const choose = (field, files) => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    field.files = transfer.files;
  };

  // Packs files without the hidden ones.
  const archive = async (files, name) => {
    const kept = files.filter((file) => !isHidden(file)).sort(byPath);
    if (kept.length === 0) throw new Error("there are no files in this folder");
    const blob = await zipped(kept);
    return { count: kept.length, file: new File([blob], name, { type: "application/gzip" }) };
  };

  const isPossible = typeof CompressionStream !== "undefined" && typeof DataTransfer !== "undefined";
  return { archive, choose, chosen, dropped, isPossible };
})();
