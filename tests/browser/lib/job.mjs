// A script of this folder: reads what to do as JSON from its input, and prints what it found as JSON.
import { text } from "node:stream/consumers";
import { startChromium } from "./chromium.mjs";

export async function job(work) {
  const chromium = await startChromium();
  try {
    const found = await work(chromium, JSON.parse(await text(process.stdin)));
    process.stdout.write(JSON.stringify(found));
  } finally {
    await chromium.close();
  }
}
