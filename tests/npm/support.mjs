// What the tests share: daemons of their own, and the two programs of others that act for a counterpart (curl, openssl).

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

function needed(name, what) {
  if (process.env[name]) return process.env[name];
  throw new Error(`${name} is not set: it must name ${what}. tests/npm/run sets it.`);
}
export const npod = needed('NPOD', 'the program npod');
export const source = needed('NPOD_SOURCE', 'the folder of the repository');

export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'npod-npm-'));
  return { path, file: name => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) };
}

// Asks until `condition` answers with something true; a slow machine only makes it take longer.
export async function eventually(condition, what, patience = 20000) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain for ${what}`);
    await pause(10);
  }
}

// `npod serve` with that configuration, on a free port.
export async function serve(home, name, toml, environment = {}) {
  const config = home.file(`${name}.toml`), portFile = home.file(`${name}.port`);
  writeFileSync(config, toml);
  rmSync(portFile, { force: true });
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('NPOD_')));
  const child = spawn(npod, ['serve', '--config', config, '--port-file', portFile],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...clean, ...environment } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', bytes => { said += bytes; });
  const ended = new Promise(resolve => child.on('exit', resolve));
  await eventually(() => existsSync(portFile) || child.exitCode !== null, `${name} to start`);
  if (child.exitCode !== null) throw new Error(`npod of ${name} ended with ${child.exitCode}:\n${said}`);
  const url = `http://127.0.0.1:${readFileSync(portFile, 'utf8').trim()}`;
  return { url, said: () => said, stop: async () => { child.kill('SIGTERM'); return ended; } };
}

function run(program, args, input) {
  const done = spawnSync(program, args, { input, maxBuffer: 1 << 24 });
  if (done.error) throw new Error(`${program} cannot be run: ${done.error.message}. scripts/install-dependencies --tests installs it.`);
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${done.status}:\n${done.stderr}`);
  return done.stdout;
}
export const openssl = (args, input) => run('openssl', args, input);

// One call with curl: {status, headers, body}. Header names in small letters.
export function curl(method, url, headers = {}, body = undefined) {
  const args = ['-sS', '-i', '--http1.1', '--max-time', '20', '-X', method];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  if (body !== undefined) args.push('--data-binary', '@-');
  const text = run('curl', [...args, url], body).toString('utf8');
  const end = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, end).split('\r\n');
  const named = lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(named), body: text.slice(end + 4) };
}
