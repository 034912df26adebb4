// Chromium of this system, with a fresh profile that goes with it.
import puppeteer from "puppeteer-core";

// Where `CHROME` says it is. It ends when we do, since its end of the pipe is closed then.
export async function startChromium() {
  return puppeteer.launch({
    executablePath: process.env.CHROME,
    // Tests run as root in containers, where its sandbox cannot be made.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars"],
    // The registry's certificate is of its own CA, which nobody here trusts.
    acceptInsecureCerts: true,
    defaultViewport: { width: 1440, height: 900 },
    pipe: true,
  });
}
