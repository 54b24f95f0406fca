/* How does the frame of an observatory take the height of its content?
 *
 * For the page of the site that shows the frame: <script src=".../integrer/integrer-1.js" defer>.
 * Every iframe that has the attribute data-terril is listened to: a message counts only when it
 * comes from the window of that frame and from the origin of its address. Nothing is sent
 * anywhere, nothing is kept. Version 1: its attribute and its message will not change. */
(() => {
  "use strict";
  const LEAST = 80;
  const MOST = 20000;
  window.addEventListener("message", (event) => {
    const said = event.data;
    if (!said || said.type !== "terril:hauteur" || !Number.isFinite(said.hauteur)) return;
    for (const frame of document.querySelectorAll("iframe[data-terril]")) {
      if (event.source !== frame.contentWindow) continue;
      if (event.origin !== new URL(frame.src, document.baseURI).origin) continue;
      frame.style.height = `${Math.min(Math.max(Math.ceil(said.hauteur), LEAST), MOST)}px`;
    }
  });
})();
