// A market that has been through the whole story: three daemons on manual clocks, left running by npod_story --demo.

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export async function eventually(what, ask, patience = 20_000) {
    for (const end = Date.now() + patience; ;) {
        const found = await ask().catch(() => undefined);
        if (found) return found;
        if (Date.now() > end) throw new Error(`in vain: ${what}`);
        await new Promise((done) => setTimeout(done, 40));
    }
}

/** Ends a process that this test started, and waits until it is gone. */
async function end(child, signal = "SIGTERM") {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await gone;
}

const ready = (url) => eventually(`${url} to be ready`, async () => (await fetch(`${url}/healthz`)).ok);

export async function openMarket() {
    const folder = mkdtempSync(path.join(tmpdir(), "npod-web-"));
    const story = spawn(process.env.NPOD_STORY, ["--npod", process.env.NPOD, "--demo", path.join(process.env.NPOD_SOURCE, "tests/scenarios/whole.story")],
        { env: { ...process.env, TMPDIR: folder }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [story.stdout, story.stderr]) stream.on("data", (bytes) => (said += bytes));
    await eventually("the story to come to its end", async () => {
        if (story.exitCode !== null) throw new Error(said);
        return said.includes("Ctrl-C ends all three");
    }, 60_000).catch((trouble) => { throw new Error(`${trouble.message}\n${said.slice(-2000)}`); });
    const urls = Object.fromEntries([...said.matchAll(/^ {2}(ALFA|BRAVO|HUB) +(http:\S+)/gm)].map((found) => [found[1], found[2]]));
    const own = path.join(folder, readdirSync(folder).find((name) => name.startsWith("npod-story-")));
    const restarted = [];
    return {
        urls,
        /** Ends the daemon of an operator in order, as an upgrade would, and says how to start it again on its port. */
        async stop(code) {
            const config = path.join(own, code, "npod.toml");
            const pid = pidOf(config);
            process.kill(pid, "SIGTERM");
            await eventually(`${code} to end`, async () => !alive(pid));
            return async () => {
                const again = spawn(process.env.NPOD, ["serve", "--config", config, "--listen", urls[code].replace("http://", "")], { stdio: "ignore" });
                restarted.push(again);
                await ready(urls[code]);
            };
        },
        async close() {
            for (const child of restarted) await end(child);
            await end(story, "SIGINT");
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

/** The process that serves this configuration: it lies in a folder of our own, so nobody else's can be meant. */
function pidOf(config) {
    for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one))) {
        let words = [];
        try {
            words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        } catch {
            continue; // it ended while we looked
        }
        if (words[1] === "serve" && words.includes(config)) return Number(name);
    }
    throw new Error(`nobody serves ${config}`);
}

/** A daemon that was killed but not yet fetched by its parent is dead as well. */
function alive(pid) {
    try {
        return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
        return false;
    }
}

/** One daemon with a configuration of its own. */
export async function openDaemon(configuration) {
    const folder = mkdtempSync(path.join(tmpdir(), "npod-web-"));
    const portFile = path.join(folder, "port");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(path.join(folder, "npod.toml"), configuration);
    const child = spawn(process.env.NPOD, ["serve", "--config", path.join(folder, "npod.toml"), "--listen", "127.0.0.1:0", "--port-file", portFile], { stdio: "ignore" });
    const port = await eventually("the daemon to listen", async () => readFileSync(portFile, "utf8").trim());
    return {
        url: `http://127.0.0.1:${port}`,
        async close() {
            await end(child);
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
