// Takes the files of a release out of what was chosen or dropped, and packs the documentation.
"use strict";

(() => {
  const files = document.getElementById("files");
  const docs = document.getElementById("docs");
  const folder = document.getElementById("folder");
  const says = document.getElementById("folder-says");
  if (!files || !folder || !pack.isPossible) return;
  document.getElementById("folder-field").hidden = false;

  const ofRelease = /^terraform-provider-.*\.zip$|(sha256sums|checksums)(\.txt)?((\.[0-9a-f]{8,40})?\.(sig|asc|gpg))?$|manifest\.json$/i;
  const privateName = pack.namesOf(folder);
  const ofDocs = /^(website\/)?docs\//;

  const take = async (found) => {
    try {
      const release = found.filter(({ file }) => ofRelease.test(file.name));
      const pages = found.filter(({ path }) => ofDocs.test(path));
      if (release.length > 0) pack.choose(files, release.map(({ file }) => file));
      if (pages.length > 0) pack.choose(docs, [(await pack.archive(pages, "docs.tar.gz", privateName)).file]);
      if (release.length + pages.length === 0) throw new Error("none of these files belongs to a provider release");
      const names = release.map(({ file }) => file.name).join(", ");
      const more = pages.length > 0 ? ` ${pages.length} files of documentation.` : "";
      says.textContent = `${release.length} files of the release: ${names}.${more} Ready to publish.`;
    } catch (error) {
      says.textContent = `This cannot be published: ${error.message}.`;
    }
  };

  folder.addEventListener("change", () => take(pack.chosen(folder.files)));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const [first] = entries;
    if (entries.length === 1 && first.isDirectory) {
      // A folder of documentation alone is one, too.
      const found = await pack.dropped(first);
      const prefix = first.name === "docs" ? "docs/" : "";
      await take(found.map(({ path, file }) => ({ path: `${prefix}${path}`, file })));
      return;
    }
    await take([...event.dataTransfer.files].map((file) => ({ path: file.name, file })));
  });
})();
