const KEY = "console.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** "light", "dark" or "system". */
export const chosenTheme = () => localStorage.getItem(KEY) ?? "system";

export function applyTheme() {
  const chosen = chosenTheme();
  document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
}

export function chooseTheme(theme) {
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  applyTheme();
}

dark.addEventListener("change", applyTheme);
