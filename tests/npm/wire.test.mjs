// The interchange with proofs, by programs that are not ours: openssl makes keys, signatures and tokens, curl makes the calls, an
// EventSource from npm reads the streams.

import assert from 'node:assert/strict';
import { EventSource } from 'eventsource';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wireCurl as curl, wrongBy } from './description.mjs';
import { eventually, folder, openssl, serve, source } from './support.mjs';

const base = '/number-portability/v3/dossiers';
let home, hub;

before(async () => {
  home = folder();
  for (const name of ['alfa', 'bravo', 'stranger']) {
    writeFileSync(home.file(`${name}.secret`), `secret-of-${name}`, { mode: 0o600 });
    openssl(['genrsa', '-out', home.file(`${name}.key`), '2048']);
    openssl(['rsa', '-in', home.file(`${name}.key`), '-pubout', '-out', home.file(`${name}.pem`)]);
  }
  const member = name => `[[member]]\ncode = "${name.toUpperCase()}"\nsecret_files = ["${name}.secret"]\npublic_key_files = ["${name}.pem"]\n`;
  hub = await serve(home, 'hub', `operator = "HUB"\ndb = "hub.db"\nlisten = "127.0.0.1:0"\n[interchange]\nserve = true\n${member('alfa')}${member('bravo')}`);
});
after(async () => {
  assert.equal(await hub?.stop(), 0);
  for (const name of ['alfa', 'bravo']) assert.ok(!hub.said().includes(`secret-of-${name}`), 'a secret is in the log');
  home.remove();
});

const url64 = bytes => Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// The two proofs of a call, made by openssl alone. `wrong` changes one thing about them.
function proofs(name, method, path, body = '', wrong = {}) {
  const user = name.toUpperCase();
  const date = (wrong.date ?? new Date()).toUTCString();
  const digest = `SHA-256=${openssl(['dgst', '-sha256', '-binary'], wrong.digestOf ?? body).toString('base64')}`;
  const lines = `x-date: ${date}\ndigest: ${digest}\n${method} ${path} HTTP/1.1`;
  const secret = wrong.secret ?? `secret-of-${name}`;
  const signature = openssl(['dgst', '-sha256', '-hmac', secret, '-binary'], lines).toString('base64');
  const now = Math.floor(Date.now() / 1000) + (wrong.tokenShift ?? 0);
  const claims = `${url64(JSON.stringify({ alg: wrong.alg ?? 'RS256', typ: 'JWT' }))}.${url64(JSON.stringify({ iss: user, nbf: now - 30, exp: now + 30 }))}`;
  const token = `${claims}.${url64(openssl(['dgst', '-sha256', '-sign', home.file(`${wrong.key ?? name}.key`)], claims))}`;
  return { 'x-date': date, digest, cookie: `jwt=${token}`,
    authorization: `hmac username="${user}", algorithm="hmac-sha256", headers="x-date digest request-line", signature="${signature}"` };
}
function call(name, method, path, body, wrong) {
  return curl(method, hub.url + path, { 'content-type': 'application/json', ...proofs(name, method, path.split('?')[0], body, wrong) }, body);
}
const request = dossier => readFileSync(join(source, 'schemas/messages/examples/good/portingrequest.json'), 'utf8').replace('ALFA-0000001', dossier);

// All events until `enough` says so; then the stream is closed.
async function listen(target, headers, types, enough) {
  const seen = [];
  let trouble;
  const stream = new EventSource(hub.url + target, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers() } }) });
  for (const type of types) stream.addEventListener(type, event => seen.push({ id: event.lastEventId, type: event.type, data: event.data }));
  stream.onerror = event => { trouble = event; };
  try {
    await eventually(() => trouble?.code === 401 || trouble?.code === 403 || enough(seen), 'events');
  } finally {
    stream.close();
  }
  return { seen, status: trouble?.code };
}
const mailbox = (name, enough) => listen(`${base}/events`, () => proofs(name, 'GET', `${base}/events`), ['portingrequest-v3', 'cancel-v3'], enough);

test('what openssl signed is taken', () => {
  const answer = call('alfa', 'POST', `${base}/portingrequest`, request('ALFA-SIGNED-1'));
  assert.equal(answer.status, 200, answer.body);
  assert.match(JSON.parse(answer.body).transactionId, /^HUB-/);
});

test('what is wrong in one thing is nobody\'s, and says 8010', () => {
  const body = request('ALFA-UNSIGNED-1'), long = 10 * 60 * 1000;
  const cases = { 'another secret': { secret: 'guessed' }, 'another key': { key: 'stranger' }, 'a date of ten minutes ago': { date: new Date(Date.now() - long) },
    'a date in ten minutes': { date: new Date(Date.now() + long) }, 'a token of yesterday': { tokenShift: -86400 }, 'a token of tomorrow': { tokenShift: 86400 },
    'the digest of other bytes': { digestOf: 'other' }, 'an algorithm of "none"': { alg: 'none' } };
  for (const [what, wrong] of Object.entries(cases)) {
    const answer = call('alfa', 'POST', `${base}/portingrequest`, body, wrong);
    assert.equal(answer.status, 401, `${what}: ${answer.body}`);
    assert.equal(JSON.parse(answer.body).errors[0].code, 8010, what);
    assert.ok(!answer.body.includes('secret-of'), what);
  }
  for (const missing of ['x-date', 'digest', 'cookie', 'authorization']) {
    const headers = proofs('alfa', 'POST', `${base}/portingrequest`, body);
    delete headers[missing];
    assert.equal(curl('POST', `${hub.url}${base}/portingrequest`, headers, body).status, 401, `without ${missing}`);
  }
  const moved = proofs('alfa', 'POST', `${base}/cancel`, body); // a signature is for one place only
  assert.equal(curl('POST', `${hub.url}${base}/portingrequest`, moved, body).status, 401);
});

test('who proved himself speaks for himself only', () => {
  const answer = call('bravo', 'POST', `${base}/portingrequest`, request('ALFA-STOLEN-1'));
  assert.equal(answer.status, 403, answer.body);
  assert.equal(JSON.parse(answer.body).errors[0].code, 8000);
});

test('an EventSource reads the mailbox; what curl confirmed does not come again, what nobody confirmed does', async () => {
  for (const n of [2, 3]) assert.equal(call('alfa', 'POST', `${base}/portingrequest`, request(`ALFA-SIGNED-${n}`)).status, 200);
  const first = (await mailbox('bravo', seen => seen.length >= 3)).seen;
  assert.deepEqual(first.map(one => JSON.parse(one.data).message.body.portingrequest.dossierid), ['ALFA-SIGNED-1', 'ALFA-SIGNED-2', 'ALFA-SIGNED-3']);
  for (const { id, type: event, data } of first) {
    assert.equal(wrongBy('MessageEvent', { id, event, data }), '');
    assert.equal(wrongBy('Message', JSON.parse(data)), '');
  }
  assert.equal(first[0].data, JSON.stringify(JSON.parse(first[0].data)) && first[0].data); // one line, as it was posted
  const path = `${base}/confirmations/${first[1].id}`, body = JSON.stringify({ transactionId: first[1].id });
  for (let twice = 0; twice < 2; ++twice) assert.equal(call('bravo', 'PUT', path, body).status, 200);
  assert.equal(call('alfa', 'PUT', path, body).status, 403, 'another\'s message');
  const second = (await mailbox('bravo', seen => seen.length >= 2)).seen;
  assert.deepEqual(second.map(one => one.id), [first[0].id, first[2].id]);
  assert.deepEqual(second.map(one => one.data), [first[0].data, first[2].data], 'byte for byte the same');
});

test('an EventSource without proofs is turned away', async () => {
  assert.equal((await listen(`${base}/events`, () => ({}), [], () => false)).status, 401);
});

test('an EventSource reads the feed of events as it is on the page', async () => {
  const seen = [];
  const all = await (await fetch(`${hub.url}/v1/events?after=0`)).json();
  const stream = new EventSource(`${hub.url}/v1/events?after=0`);
  assert.ok(all.items.length >= 3);
  for (const type of new Set(all.items.map(one => one.type))) stream.addEventListener(type, event => seen.push(event));
  await eventually(() => seen.length >= all.items.length, 'the feed').finally(() => stream.close());
  assert.deepEqual(seen.slice(0, all.items.length).map(event => event.lastEventId), all.items.map(one => one.id));
  assert.deepEqual(seen.slice(0, all.items.length).map(event => JSON.parse(event.data)), all.items);
});
