// Builds the site's own script, style and font into src/rasad/web/theme/static/dist, and says under which hashed
// names in manifest.json. `node frontend/build.mjs --watch` builds again at every change.
import { build, context } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/rasad/web/theme/static/dist");
const font = "vazirmatn/fonts/webfonts/Vazirmatn[wght].woff2";
/** The same face as a file that a typesetter reads, for what is drawn on the server. */
const face = join(here, "../node_modules/vazirmatn/fonts/variable/Vazirmatn[wght].ttf");

/** Entry point → the name by which templates ask for it. */
const entries = { "src/app.ts": "app.js", "src/scheme.ts": "scheme.js", "css/app.css": "app.css", "src/workbench.ts": "workbench.js", "css/workbench.css": "workbench.css", "mark.svg": "mark.svg" };

/** What is drawn on the server has the face and the (light) colours of the pages: out of the same two files. */
async function writeForDrawing() {
  await mkdir(join(out, "face"), { recursive: true });
  await copyFile(face, join(out, "face/Vazirmatn.ttf"));
  const [light] = (await readFile(join(here, "css/tokens.css"), "utf8")).split("@media");
  const colours = Object.fromEntries([...light.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
  await writeFile(join(out, "colours.json"), JSON.stringify(colours, null, 1) + "\n");
}

async function writeManifest(result) {
  await writeForDrawing();
  const manifest = {};
  for (const [path, output] of Object.entries(result.metafile.outputs)) {
    const name = basename(path);
    const entry = output.entryPoint?.replace(/^frontend\//, "");
    if (entry && entry in entries && !manifest[entries[entry]]) manifest[entries[entry]] = name;
    else if (name.endsWith(".woff2")) manifest["font.woff2"] = name;
    else if (entry?.endsWith("charts.ts")) manifest["charts.js"] = name;
  }
  const named = [...Object.values(entries), "font.woff2"].filter((name) => !(name in manifest));
  if (named.length) throw new Error(`the build made no ${named.join(", ")}`);
  const written = new Set(Object.keys(result.metafile.outputs).map((path) => basename(path)));
  for (const name of await readdir(out)) {
    if (/[-.][0-9A-Z]{8}\.(js|css|woff2|svg)(\.gz|\.br)?$/.test(name) && !written.has(name.replace(/\.(gz|br)$/, ""))) await rm(join(out, name));
  }
  // Packed once here, so that the server never packs a file that cannot change.
  for (const name of written) {
    if (!/\.(js|css|svg)$/.test(name)) continue;
    const content = await readFile(join(out, name));
    await writeFile(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
    await writeFile(join(out, `${name}.br`), brotliCompressSync(content));
  }
  // The manifest comes last and by rename, so a server that reads it meanwhile sees a whole build.
  await writeFile(join(out, "manifest.json.new"), JSON.stringify(manifest, null, 1) + "\n");
  await rename(join(out, "manifest.json.new"), join(out, "manifest.json"));
}

const options = {
  absWorkingDir: join(here, ".."),
  entryPoints: Object.keys(entries).map((entry) => `frontend/${entry}`),
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "vazirmatn-[hash]",
  loader: { ".woff2": "file", ".svg": "copy" },
  alias: { vazirmatn: join(here, "../node_modules", font) },
  target: ["es2022", "chrome94", "firefox93", "safari15.4"],
  logLevel: "warning",
  legalComments: "none",
  plugins: [{ name: "manifest", setup: (run) => run.onEnd((result) => (result.errors.length ? undefined : writeManifest(result))) }],
};

await mkdir(out, { recursive: true });
if (process.argv.includes("--watch")) await (await context(options)).watch();
else await build(options);
