/* In the frame: how high is the content? It tells the page that shows it, and nothing else. */
if (window.parent !== window) {
  const tell = () => {
    const hauteur = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ type: "terril:hauteur", hauteur }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
  window.addEventListener("load", tell);
}
