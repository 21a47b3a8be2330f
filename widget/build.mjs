/** Build dist/: the launcher widget.js, the chat bundle, the demo page. Fails over the size budget. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
/** Bytes after gzip -9; 1 kB is 1000 bytes. */
const BUDGET = { launcher: 3_000, chat: 30_000 };
// The oldest browsers with all that the chat calls: import(), shadow roots, streams, matchAll.
const TARGET = ["es2019", "chrome73", "safari13", "firefox67"];

/** Served beside the scripts: the notices that the licences of the bundled packages ask for. */
const LICENSES = "licenses.txt";

const shared = {
  configFile: false,
  root: HERE,
  publicDir: false,
  logLevel: "warn",
  resolve: { alias: { "preact/jsx-runtime": join(HERE, "src/shared/jsx.ts") } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
};

/** Bundle one entry into one script and return its code. */
async function bundle(entry, format, define) {
  const built = await build({
    ...shared,
    define,
    build: {
      write: false,
      target: TARGET,
      cssTarget: TARGET,
      minify: true,
      modulePreload: false,
      // Not the library mode: it keeps the white space of ES modules.
      rolldownOptions: {
        input: join(HERE, entry),
        preserveEntrySignatures: format === "es" ? "strict" : false,
        output: { format, codeSplitting: false },
      },
    },
  });
  const output = (Array.isArray(built) ? built[0] : built).output;
  const script = output.find((one) => one.type === "chunk");
  if (output.length !== 1 || !script) throw new Error(`${entry} became ${output.length} files, not one`);
  return script.code;
}

function hashed(name, content, ending) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return `assets/${name}-${hash}.${ending}`;
}

/** The licence texts of the packages that end up in the bundle. */
function licenses() {
  const { dependencies } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf-8"));
  return Object.entries(dependencies)
    .map(([name, version]) => {
      const text = readFileSync(join(HERE, "node_modules", name, "LICENSE"), "utf-8").trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join("\n");
}

function report(name, content, budget) {
  const size = gzipSync(content, { level: 9 }).length;
  const room = budget ? ` of ${(budget / 1000).toFixed(1)}` : "";
  console.log(`  ${name.padEnd(28)} ${(size / 1000).toFixed(1)}${room} kB gzipped`);
  if (!budget || size <= budget) return true;
  console.error(`${name} is over its budget by ${size - budget} bytes.`);
  return false;
}

// A pointer: the whole notice would be a fiftieth of the budget, in every chat.
const code = await bundle("src/chat/main.tsx", "es", { "process.env.NODE_ENV": '"production"' });
const chat = `/*! ../${LICENSES} */${code}`;
const chatName = hashed("chat", chat, "js");
const launcher = await bundle("src/launcher/main.ts", "iife", { __CHAT_BUNDLE__: JSON.stringify(chatName) });
const css = readFileSync(join(HERE, "demo/demo.css"), "utf-8");
const cssName = hashed("demo", css, "css");
const mark = readFileSync(join(HERE, "demo/mark.svg"), "utf-8");
const markName = hashed("mark", mark, "svg");
const page = readFileSync(join(HERE, "demo/index.html"), "utf-8")
  .replace("demo.css", cssName)
  .replace("mark.svg", markName);

const files = { [chatName]: chat, [cssName]: css, [markName]: mark, [LICENSES]: licenses(), "index.html": page };

rmSync(DIST, { recursive: true, force: true });
mkdirSync(join(DIST, "assets"), { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(join(DIST, name), content);
const fits = [report("widget.js (launcher)", launcher, BUDGET.launcher), report(chatName, chat, BUDGET.chat)];
if (fits.includes(false)) process.exit(1);
// Last: its presence says that the build is whole.
writeFileSync(join(DIST, "widget.js"), launcher);
