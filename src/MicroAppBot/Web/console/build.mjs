// Bundles the console into wwwroot/: assets/ (the page) and vendor/ (the card renderer, also used by `cards preview`).
import { build } from "esbuild";
import { rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const wwwroot = here("../../wwwroot/");

const shared = {
  bundle: true,
  minify: true,
  target: ["es2022"],
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
  absWorkingDir: here("."),
};

await Promise.all([rm(`${wwwroot}assets`, { recursive: true, force: true }), rm(`${wwwroot}vendor`, { recursive: true, force: true })]);
await Promise.all([
  build({
    ...shared,
    entryPoints: { adaptivecards: "src/cards/renderer.js" },
    outdir: `${wwwroot}vendor`,
    format: "iife",
    globalName: "AdaptiveCards",
    // The renderer wants a slider for carousels, which cards of version 1.5 do not have
    alias: { swiper: here("src/cards/no-carousel.js"), "swiper/modules": here("src/cards/no-carousel.js") },
  }),
  build({ ...shared, entryPoints: { cards: "src/cards/cards.css" }, outdir: `${wwwroot}vendor` }),
  build({
    ...shared,
    entryPoints: { console: "src/main.jsx", theme: "src/theme-first.js" },
    outdir: `${wwwroot}assets`,
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
  }),
  build({
    ...shared,
    entryPoints: { style: "src/console.css" },
    outdir: `${wwwroot}assets`,
    assetNames: "[name]",
    loader: { ".woff2": "file" },
  }),
]);
// Newer than every input: what MSBuild compares
await writeFile(`${wwwroot}assets/.built`, "");
