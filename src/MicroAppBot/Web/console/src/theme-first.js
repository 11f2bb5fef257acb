// Runs before the first paint: the theme that was chosen, or the system's.
import { applyTheme } from "./theme.js";

applyTheme();
