// Events as other systems take them: the feed by the SDK of CloudEvents, webhooks by the library of Standard Webhooks, traces as the
// W3C writes them.

import assert from 'node:assert/strict';
import { CloudEvent, HTTP } from 'cloudevents';
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually, folder, serve } from './support.mjs';

const secrets = ['old', 'new'].map(name => `whsec_${Buffer.from(name.padEnd(32, name)).toString('base64')}`);
const trace = '0af7651916cd43dd8448eb211c80319c', traceparent = `00-${trace}-b7ad6b7169203331-01`;
let home, receiver, alfa, answer = () => 204;
const calls = [];

// A system of the operator's own. It keeps what it was sent, and answers as the test says.
function listen() {
  return new Promise(resolve => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', bytes => { body += bytes; });
      request.on('end', () => {
        const status = answer(calls.length);
        calls.push({ path: request.url, headers: request.headers, body, status });
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
const hook = (name, path, rest = '') =>
  `[[webhook]]\nname = "${name}"\nurl = "http://127.0.0.1:${receiver.address().port}${path}"\nsecret_files = ["old.secret", "new.secret"]\n${rest}`;
const start = () => serve(home, 'alfa', `operator = "ALFA"\ndb = "alfa.db"\nlisten = "127.0.0.1:0"\n${hook('billing', '/np?from=alfa')}`
  + hook('orders', '/orders', 'types = ["be.np.port_in.*"]\n'));
let keys = 0;
async function put(target, body, headers = {}) {
  const response = await fetch(alfa.url + target, { method: 'PUT', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': `events-${++keys}`, ...headers } });
  assert.ok(response.ok, await response.text());
}
const block = n => put('/v1/blocks', { first: `+322550${n}000`, last: `+322550${n}999`, holder: 'ALFA' });
const told = path => calls.filter(one => one.path.startsWith(path) && one.status < 300);
const feed = async () => (await (await fetch(`${alfa.url}/v1/events?limit=500`)).json()).items;

before(async () => {
  home = folder();
  receiver = await listen();
  secrets.forEach((secret, i) => writeFileSync(home.file(`${['old', 'new'][i]}.secret`), `${secret}\n`, { mode: 0o600 }));
  alfa = await start();
});
after(async () => {
  await alfa?.stop();
  receiver?.close();
  for (const secret of secrets) assert.ok(!alfa.said().includes(secret.slice(6)), 'a secret is in the log');
  home.remove();
});

test('a webhook is verified by the library of the standard, under each of two secrets', async () => {
  await block(1);
  await eventually(() => told('/np').length >= 1, 'a call');
  const { headers, body } = told('/np')[0];
  for (const secret of secrets) assert.equal(new Webhook(secret).verify(body, headers).type, 'be.np.log.block.put.v1');
  assert.throws(() => new Webhook(secrets[0]).verify(body.replace('ALFA', 'OTHER'), headers), 'changed');
  assert.throws(() => new Webhook(`whsec_${Buffer.from('somebody else, at least 24 bytes').toString('base64')}`).verify(body, headers), 'not theirs');
  assert.throws(() => new Webhook(secrets[0]).verify(body, { ...headers, 'webhook-timestamp': '1000000000' }), 'old');
});

test('what a webhook is told is a CloudEvent by the SDK, and the same as in the feed', async () => {
  const { headers, body } = told('/np')[0];
  const event = HTTP.toEvent({ headers, body });
  event.validate();
  assert.deepEqual((await feed()).find(one => one.id === event.id), JSON.parse(body));
});

test('every event of the feed is a CloudEvent by the SDK, strictly', async () => {
  await put('/v1/contracts/C-1', { customer: { kind: 'legal', name: 'Bakkerij Zon', address: { street: 'Markt', house_number: '1', postcode: '1000', city: 'Brussel' } },
    product: 'line', network: 'fixed', numbers: ['+3225501100'] }, { traceparent });
  const events = await feed();
  assert.ok(events.length >= 2); // the block, and the number that the contract took
  for (const one of events) assert.ok(new CloudEvent(one, true).validate());
});

test('a trace that came with a call is in the feed, in the webhook and in the log; a malformed one is as none', async () => {
  const ofContract = (await feed()).filter(one => one.traceparent);
  assert.ok(ofContract.length >= 1);
  for (const one of ofContract) assert.equal(one.traceparent, traceparent);
  await eventually(() => told('/np').some(one => one.headers.traceparent === traceparent), 'a call with the trace');
  assert.ok(alfa.said().includes(trace));
  for (const bad of ['x', traceparent.toUpperCase(), traceparent.replace(trace, '0'.repeat(32)), `ff${traceparent.slice(2)}`])
    await put('/v1/blocks', { first: '+3225502000', last: '+3225502999', holder: 'ALFA' }, { traceparent: bad });
  assert.equal((await feed()).filter(one => one.traceparent).length, ofContract.length);
});

test('a webhook that fails is told again what it missed, in order, under the same id', async () => {
  const from = calls.length;
  let refusals = 1;
  answer = () => (refusals-- > 0 ? 500 : 200);
  for (const n of [3, 4, 5]) await block(n);
  await eventually(() => calls.length > from, 'a call that is refused');
  const status = await (await fetch(`${alfa.url}/v1/status`)).json();
  assert.equal(status.webhooks.find(one => one.name === 'billing').trouble, 'it answered 500');
  assert.match(await (await fetch(`${alfa.url}/metrics`)).text(), /npod_webhook_failing\{hook="billing"\} 1/);
  await eventually(() => calls.length >= from + 4, 'the calls made again');
  const [refused, ...taken] = calls.slice(from);
  assert.equal(refused.headers['webhook-id'], taken[0].headers['webhook-id']);
  assert.equal(refused.body, taken[0].body);
  const ids = taken.map(one => Number(JSON.parse(one.body).data.seq));
  assert.deepEqual(ids, [...ids].sort((a, b) => a - b));
  assert.equal(new Set(ids).size, ids.length);
});

test('a daemon that starts again goes on where it was: nothing is lost, nothing comes twice', async () => {
  await eventually(async () => (await (await fetch(`${alfa.url}/v1/status`)).json()).webhooks.every(one => one.behind === 0), 'all to be told');
  const before = calls.length;
  assert.equal(await alfa.stop(), 0);
  alfa = await start();
  await block(6);
  await eventually(() => calls.length > before, 'the event after the restart');
  assert.equal(calls.length, before + 1);
  const told_ids = new Set(told('/np').map(one => JSON.parse(one.body).id));
  const first = JSON.parse(told('/np')[0].body).data.seq;
  for (const one of await feed()) if (one.data.seq >= first) assert.ok(told_ids.has(one.id), `${one.id} was never told`);
});

test('a hook that wants ports only is told of nothing else', () => assert.equal(told('/orders').length, 0));

test('a hook that answers 410 is called no more, and the status says so', async () => {
  answer = () => 410;
  await block(7);
  const billing = async () => (await (await fetch(`${alfa.url}/v1/status`)).json()).webhooks.find(one => one.name === 'billing');
  await eventually(async () => (await billing()).ended, 'its end');
  const now = calls.length;
  await block(8);
  assert.equal(await alfa.stop(), 0);
  alfa = await start();
  assert.equal((await billing()).ended, true);
  assert.equal(calls.length, now);
});
