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
  // The list of private files that the page has from the registry → what the name of a path says:
  // the part of the path that is private, and its kind.
  const namesOf = (field) => {
    const { names, spared, copies, key } = JSON.parse(field.dataset.private);
    const escaped = (text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    const rules = names.map(([name, kind]) => ({
      isFolder: name.endsWith("/"),
      pattern: new RegExp(`^${escaped(name.replace(/\/$/, ""))}$`, "s"),
      kind,
    }));
    const originalOf = (name) => {
      const ending = copies.find((copy) => name.length > copy.length && name.endsWith(copy));
      return ending ? originalOf(name.slice(0, -ending.length)) : name;
    };
    const kindOf = (component, isLast) => {
      const name = originalOf(component.toLowerCase());
      const isSpared = spared.some((ending) => name.endsWith(ending)) && !name.startsWith("._");
      const fits = ({ isFolder, pattern }) => (isFolder || (isLast && !isSpared)) && pattern.test(name);
      return rules.find(fits)?.kind;
    };
    return async ({ path, file }) => {
      const components = path.split("/");
      for (let at = 0; at < components.length; at += 1) {
        const isLast = at === components.length - 1;
        const kind = kindOf(components[at], isLast);
        if (kind && !(isLast && kind === key && (await isPublic(file)))) {
          return { named: components.slice(0, at + 1).join("/"), kind };
        }
      }
      return null;
    };
  };

  // Certificates and public keys are no secret, whatever their files are called.
  const isPublic = async (file) => {
    const text = await file.slice(0, 256 * 1024).text();
    return /^-----BEGIN [^\n]*(CERTIFICATE|PUBLIC KEY|X509 CRL|DH PARAMETERS)/m.test(text) && !text.includes("PRIVATE KEY");
  };

  const byPath = (a, b) => (a.path < b.path ? -1 : 1);

  // Puts files into a field, as if they had been chosen there.
  const choose = (field, files) => {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    field.files = transfer.files;
  };

  // Packs files without the hidden ones, and without those that `privateName` names.
  const archive = async (files, name, privateName) => {
    const kept = [];
    const leftOut = new Map();
    for (const file of files.filter((one) => !isHidden(one))) {
      const found = await privateName(file);
      if (found) leftOut.set(found.named, found.kind);
      else kept.push(file);
    }
    if (kept.length === 0) throw new Error("there are no files in this folder that may be published");
    const blob = await zipped(kept.sort(byPath));
    const said = [...leftOut].sort().map(([path, kind]) => `${path} (${kind})`).join(", ");
    return { count: kept.length, leftOut: said, file: new File([blob], name, { type: "application/gzip" }) };
  };

  const isPossible = typeof CompressionStream !== "undefined" && typeof DataTransfer !== "undefined";
  return { archive, choose, chosen, dropped, isPossible, namesOf };
})();
