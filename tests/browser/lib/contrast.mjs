// Which texts cannot be read well: contrast by WCAG, also of text in drawings, where axe does not look.

// Runs inside the page. Returns each text whose contrast with what lies behind it is below `least`.
export function findFaint(least) {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  // A colour as a browser computes it, in whatever notation, as [red, green, blue, alpha].
  const parts = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, alpha], below) => [r, g, b].map((value, at) => value * alpha + below[at] * (1 - alpha));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const page = getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  const boxes = new Map();
  const behindBoxes = (element) => {
    if (!element) return page;
    if (!boxes.has(element)) boxes.set(element, over(parts(getComputedStyle(element).backgroundColor), behindBoxes(element.parentElement)));
    return boxes.get(element);
  };
  const drawn = new Map();
  // What a drawing has painted below a point before it writes a text there.
  const behindDrawn = (element, box) => {
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const drawing = element.ownerSVGElement;
    if (!drawn.has(drawing)) {
      const all = [...drawing.querySelectorAll("rect, circle, ellipse, polygon")];
      drawn.set(drawing, all.map((shape) => ({ shape, place: shape.getBoundingClientRect() })));
    }
    const shapes = drawn.get(drawing).filter(({ shape, place: { left, right, top, bottom } }) => {
      const isAround = left <= x && x <= right && top <= y && y <= bottom;
      return isAround && element.compareDocumentPosition(shape) & Node.DOCUMENT_POSITION_PRECEDING && getComputedStyle(shape).fill !== "none";
    }).map(({ shape }) => shape);
    return shapes.reduce((below, shape) => over(parts(getComputedStyle(shape).fill), below), behindBoxes(drawing));
  };
  const seen = new Map();
  // How much of an element can be seen: its opacity in its ancestors, and nothing if it is hidden.
  const opacity = (element) => {
    if (!element) return 1;
    if (!seen.has(element)) {
      const { visibility, clipPath, opacity: own } = getComputedStyle(element);
      const isHidden = visibility === "hidden" || clipPath === "inset(50%)";
      seen.set(element, isHidden ? 0 : own * opacity(element.parentElement));
    }
    return seen.get(element);
  };
  const isUnseen = (element) => opacity(element) === 0;

  const faint = new Set();
  const judge = (element, text, colour, behind) => {
    const [r, g, b, alpha] = parts(colour);
    const ratio = contrast(over([r, g, b, alpha * opacity(element)], behind), behind);
    if (ratio < least) faint.add(`"${text.trim().slice(0, 40)}" in ${element.localName}.${element.getAttribute("class") ?? ""} has a contrast of ${ratio.toFixed(2)}`);
  };
  const closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) details.open = true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let judged = 0;
  while (walker.nextNode()) {
    const [text, element] = [walker.currentNode.data, walker.currentNode.parentElement];
    if (!text.trim() || isUnseen(element)) continue;
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    judged += 1;
    const style = getComputedStyle(element);
    if (element.ownerSVGElement) {
      const behind = behindDrawn(element, box);
      judge(element, text, style.fill, behind);
      // A stroke covers thin letters.
      if (style.stroke !== "none") judge(element, `outline of ${text}`, style.stroke, behind);
    } else {
      judge(element, text, style.color, behindBoxes(element));
    }
  }
  for (const field of document.querySelectorAll("input, select, textarea")) {
    const { width } = field.getBoundingClientRect();
    if (width > 1 && !isUnseen(field)) judge(field, field.value || "a field", getComputedStyle(field).color, behindBoxes(field));
  }
  for (const element of document.querySelectorAll("body *")) {
    for (const side of ["::before", "::after"]) {
      const { content, color } = getComputedStyle(element, side);
      if (!["none", "normal", '""'].includes(content) && element.getClientRects().length > 0 && !isUnseen(element)) {
        judge(element, content, color, behindBoxes(element));
      }
    }
  }
  for (const details of closed) details.open = false;
  return { judged, faint: [...faint] };
}
