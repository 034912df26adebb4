// What must not be in a page of ours, wherever it came from. Both functions run inside the page.

// Names everything odd in the page's elements and attributes.
export function findOdd(origin) {
  const never = new Set(
    ("animate applet audio base dialog embed foreignobject frame frameset iframe marquee math noembed noscript object " +
      "plaintext portal source style template video").split(" "),
  );
  const own = (address) => new URL(address, location.href).href.startsWith(`${origin}/`);
  const isOdd = (element) => {
    const get = (attribute) => element.getAttribute(attribute);
    const ours = (attribute) => own(get(attribute) ?? "") && new URL(get(attribute), origin).pathname.startsWith("/static/");
    switch (element.localName) {
      case "script": return !ours("src") || element.textContent !== "";
      case "link": return !ours("href") || !["icon", "stylesheet"].includes(get("rel"));
      case "meta": return get("http-equiv") !== null || !["charset", "name"].some((name) => element.hasAttribute(name));
      case "img": return get("src") !== null && !own(get("src"));
      case "form": return !own(get("action") ?? "");
      case "a":
      case "area": return get("href") !== null && !["http:", "https:", "mailto:"].includes(new URL(get("href"), location.href).protocol);
      default: return never.has(element.localName);
    }
  };
  const isOddAttribute = ({ name }) => /^on|^style$|^srcdoc$|^srcset$|^formaction$|^ping$|^background$|^hx-|^xlink/.test(name);
  const shown = (element) => element.outerHTML.slice(0, 200);
  return [...document.querySelectorAll("*")]
    .filter((element) => {
      try {
        return isOdd(element) || [...element.attributes].some(isOddAttribute);
      } catch {
        // An address that no browser takes leads nowhere.
        return false;
      }
    })
    .map(shown);
}

// Does to every element what could wake a handler, and goes nowhere; returns how many there are.
export function touchAll() {
  const stay = (event) => event.preventDefault();
  for (const kind of ["click", "submit"]) document.addEventListener(kind, stay, true);
  const elements = [...document.querySelectorAll("main, main *")];
  const kinds = ["mouseover", "mouseenter", "pointerover", "focus", "focusin", "click", "error", "load", "toggle", "begin", "animationstart", "wheel"];
  for (const element of elements) {
    if (element.localName === "details") element.open = true;
    for (const kind of kinds) element.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }));
  }
  return elements.length;
}
