// Runs before the first paint, so that neither colours nor language flicker.
(() => {
  const root = document.documentElement;
  try {
    root.dataset.theme = localStorage.getItem("coulisses.theme") ?? "auto";
    root.lang = localStorage.getItem("coulisses.language") === "en" ? "en" : "fr";
  } catch {
    root.dataset.theme = "auto"; // storage denied: the page works without memory
  }
})();
