// Builds the page: checks the types, bundles app/ into one script and one style sheet, compresses them, and writes for the
// compiler
//   page.bin   every file of the page, one after the other, gzip
//   page.inc   where each of them lies: {path, type, etag, immutable, at, size},
// Called by CMake:  node build.mjs SOURCE OUT    (OUT holds node_modules)
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { spawnSync } from "node:child_process";
import { gzipSync, constants } from "node:zlib";
import path from "node:path";

const [source, out] = process.argv.slice(2).map((one) => path.resolve(one));
const require = createRequire(path.join(out, "package.json"));
const modules = path.join(out, "node_modules");

// Packages lie in the build folder, not beside the sources: the compiler must be told where.
function checkTypes() {
    const config = path.join(out, "tsconfig.json");
    const packages = { preact: [path.join(modules, "preact")], "preact/*": [path.join(modules, "preact/*")] };
    writeFileSync(config, JSON.stringify({
        extends: path.join(source, "tsconfig.json"),
        compilerOptions: { paths: packages },
        include: [path.join(source, "app")],
    }));
    const run = spawnSync(process.execPath, [require.resolve("typescript/lib/tsc.js"), "-p", config], { stdio: "inherit" });
    if (run.status !== 0) process.exit(run.status ?? 1);
}

async function bundle() {
    const { build } = require("esbuild");
    const result = await build({
        entryPoints: { app: path.join(source, "app/main.tsx"), style: path.join(source, "style/page.css") },
        outdir: "/assets",
        entryNames: "[name]-[hash]",
        bundle: true,
        minify: true,
        write: false,
        format: "esm",
        target: ["chrome100", "firefox100", "safari15.4"],
        jsx: "automatic",
        jsxImportSource: "preact",
        nodePaths: [modules],
        legalComments: "none",
        logLevel: "warning",
    });
    return result.outputFiles.map((file) => ({ path: file.path.replaceAll("\\", "/"), bytes: Buffer.from(file.contents) }));
}

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
const types = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8" };

checkTypes();
const files = await bundle();
const icon = readFileSync(path.join(source, "icon.svg"));
files.push({ path: `/assets/icon-${hashOf(icon)}.svg`, bytes: icon });
const named = (ending) => files.find((file) => file.path.endsWith(ending)).path;
const html = readFileSync(path.join(source, "index.html"), "utf8").replace("{script}", named(".js"))
    .replace("{style}", named(".css")).replace("{icon}", named(".svg"));
files.unshift({ path: "/", bytes: Buffer.from(html) });

const table = [], all = [];
let at = 0;
for (const file of files) {
    const packed = gzipSync(file.bytes, { level: constants.Z_BEST_COMPRESSION });
    const type = types[path.extname(file.path) || ".html"];
    table.push(`{"${file.path}", "${type}", R"("${hashOf(file.bytes)}")", ${file.path !== "/"}, ${at}, ${packed.length}},`);
    all.push(packed);
    at += packed.length;
}
writeFileSync(path.join(out, "page.bin"), Buffer.concat(all));
writeFileSync(path.join(out, "page.inc"), table.join("\n") + "\n");
console.log(`web page: ${files.length} files, ${(at / 1024).toFixed(1)} kB compressed`);
