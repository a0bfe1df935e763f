// The description of both APIs against the running daemon: every route is called with requests made from the description
// and with wrong ones, and every answer, the refusals too, must be one that the description promises.

import { Validator } from '@seriousme/openapi-schema-validator';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { document, operation, operations, promised, sampled } from './description.mjs';
import { eventually, folder, serve } from './support.mjs';

const roles = ['reader', 'desk', 'system', 'admin'];
const token = role => `token-of-${role}`;
const tokens = roles.map(role =>
  `[[token]]\nname = "${role}"\nrole = "${role}"\nsha256 = "${createHash('sha256').update(token(role)).digest('hex')}"\n`).join('');
const head = code => `operator = "${code}"\ndb = "${code}.db"\nlisten = "127.0.0.1:0"\nclock = "manual@2026-03-02T09:00:00+01:00"\n`;

let home, alfa, bravo, keys = 0;
const succeeded = new Set(), called = new Set();

before(async () => {
  home = folder();
  // BRAVO keeps ALFA's mailbox, so that one pair of daemons speaks both APIs from both ends.
  bravo = await serve(home, 'bravo', `${head('BRAVO')}[donor]\nautomatic = "none"\n[interchange]\nserve = true\n[[member]]\ncode = "ALFA"\n${tokens}`);
  alfa = await serve(home, 'alfa', `${head('ALFA')}[interchange]\nhub = "${bravo.url}"\nhub_code = "BRAVO"\n[[member]]\ncode = "BRAVO"\n${tokens}`);
});
after(async () => {
  for (const daemon of [alfa, bravo]) assert.equal(await daemon?.stop(), 0, daemon?.said());
  home.remove();
});

// One call by its name in the description; the answer is held to what is promised. `as`: a role, or null for nobody.
async function call(daemon, name, { path = {}, query = {}, body, headers = {}, as = 'admin' } = {}) {
  const op = operation(name);
  const target = op.path.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(path[key] ?? 'X-1'));
  const search = new URLSearchParams(query).toString();
  const sent = { ...(as && { authorization: `Bearer ${token(as)}` }), ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(op.method === 'POST' && { 'idempotency-key': `key-${++keys}` }), ...headers };
  for (const key of Object.keys(sent)) if (sent[key] === undefined) delete sent[key];
  const response = await fetch(daemon.url + target + (search && `?${search}`),
    { method: op.method, headers: sent, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body), signal: AbortSignal.timeout(20000) });
  called.add(name);
  const stream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const text = stream ? '' : await response.text();
  if (stream) await response.body.cancel();
  const answer = promised(op, response.status, response.headers.get('content-type'), text, Object.fromEntries(response.headers));
  if (response.ok) succeeded.add(name);
  return { status: response.status, body: answer, headers: response.headers };
}
async function done(daemon, name, options) {
  const answer = await call(daemon, name, options);
  assert.ok(answer.status < 300, `${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

test('the description is OpenAPI 3.1, by a judge that is not ours', async () => {
  const result = await new Validator().validate(structuredClone(document));
  assert.deepEqual(result.errors ?? [], []);
  assert.equal(result.valid, true);
});

test('every route refuses as described: nobody, too low a role, no such thing, a wrong parameter, a body that is none', async () => {
  for (const op of operations.filter(one => one.role)) {
    const body = op.body ? sampled(op.body) : undefined;
    const secured = op.role !== 'nobody';
    assert.equal((await call(alfa, op.name, { body, as: null })).status === 401, secured, op.name);
    if (roles.indexOf(op.role) > 0)
      assert.equal((await call(alfa, op.name, { body, as: roles[roles.indexOf(op.role) - 1] })).status, 403, op.name);
    if (op.path.includes('{') && secured)
      assert.ok((await call(alfa, op.name, { body })).status >= 400, `${op.name} of X-1, which there is not`);
    if (secured && op.method === 'GET')
      assert.equal((await call(alfa, op.name, { query: { nonsense: '1' } })).status, 400, op.name);
    if (!op.body) continue;
    assert.equal((await call(alfa, op.name, { body: '{"half' })).status, 400, op.name);
    assert.equal((await call(alfa, op.name, { body: [1, 2] })).status, 400, op.name);
    assert.equal((await call(alfa, op.name, { body: { ...body, nonsense: 1 } })).status, 400, op.name);
    if (op.method === 'POST')
      assert.equal((await call(alfa, op.name, { body, headers: { 'idempotency-key': undefined } })).status, 400, op.name);
  }
});

test('what the generator makes of the description is answered as described', async () => {
  for (const op of operations.filter(one => one.role)) {
    const path = Object.fromEntries(op.parameters.filter(one => one.in === 'path').map(one => [one.name, String(sampled(one.schema) || 'X-1')]));
    const query = Object.fromEntries(op.parameters.filter(one => one.in === 'query').map(one => [one.name, String(sampled(one.schema) ?? '')]));
    await call(alfa, op.name, { path, query, body: op.body && sampled(op.body), headers: { 'dry-run': op.method === 'POST' ? 'true' : undefined } });
    for (const one of op.parameters.filter(one => one.in === 'query')) // each alone, and each wrong
      for (const value of [String(sampled(one.schema) ?? ''), 'x y', ''])
        await call(alfa, op.name, { path, query: { [one.name]: value }, body: op.body && sampled(op.body) });
  }
});

const customer = { kind: 'legal', name: 'Bakkerij Zon', customer_id: 'C1', address: { street: 'Markt', house_number: '1', postcode: '1000', city: 'Brussel' } };
const order = (id, number, more = {}) => ({ order_id: id, donor: 'BRAVO', network: 'fixed', numbers: [number], customer, contract_id: `N-${id}`,
  location: { zone: '2' }, wish: { mode: 'asap' },
  mandate: { id: `M-${id}`, titular: customer.name, signer: 'Jan', channel: 'paper', signed_at: '2026-03-01T10:00:00+01:00' }, ...more });
const held = id => eventually(async () => (await call(bravo, 'listPorts', { query: { order: id } })).body.items[0]
  ?? (await call(bravo, 'listPorts')).body.items.find(one => one.dossier === id), `BRAVO to hear of ${id}`);
const reason = { reason: 'the test says so' };

test('a port from order to payment: every step as described', async () => {
  const block = { first: '+3225501000', last: '+3225501999', holder: 'BRAVO' };
  for (const daemon of [alfa, bravo]) await done(daemon, 'putBlock', { body: block });
  const numbers = [1, 2, 3, 4, 5].map(n => `+322550110${n}`);
  await done(bravo, 'putContract', { path: { id: 'K-1' }, body: { customer, product: 'line', network: 'fixed', numbers, related: ['PBX trunk'] } });
  await done(bravo, 'getContract', { path: { id: 'K-1' } });
  await done(bravo, 'listContracts', { query: { limit: 1 } });
  assert.equal((await done(alfa, 'checkPortIn', { body: order('O-0', numbers[0]) })).ok, true);
  assert.equal((await done(alfa, 'checkPortIn', { body: { ...order('O-0', numbers[0]), mandate: undefined } })).ok, false);
  assert.equal((await call(alfa, 'orderPortIn', { body: { ...order('O-0', numbers[0]), mandate: undefined } })).status, 422);

  const port = await done(alfa, 'orderPortIn', { body: order('O-1', numbers[0]) });
  const key = { 'idempotency-key': 'the-same' };
  const first = await call(alfa, 'orderPortIn', { body: order('O-2', numbers[1], { draft: true }), headers: key });
  const again = await call(alfa, 'orderPortIn', { body: order('O-2', numbers[1], { draft: true }), headers: key });
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(again.body, first.body);
  assert.equal((await call(alfa, 'orderPortIn', { body: order('O-9', numbers[1]), headers: key })).status, 409);
  assert.equal((await call(alfa, 'submitPort', { path: { id: first.body.id }, body: reason, headers: { 'if-match': '"v999"' } })).status, 412);
  await done(alfa, 'submitPort', { path: { id: first.body.id }, body: reason });

  const dropped = await done(alfa, 'orderPortIn', { body: order('O-3', numbers[2]) });
  await done(alfa, 'cancelPort', { path: { id: dropped.id }, body: reason });

  assert.match(await done(alfa, 'caseOfPort', { path: { id: port.id } }), /^\{"head":.*\n\{"law":/);

  const out = await held(port.dossier), other = await held(first.body.dossier);
  await done(bravo, 'eligibleGroundsOfPort', { path: { id: out.id } });
  await done(alfa, 'simulatePort', { path: { id: port.id }, body: { event: 'silence', at: '2026-03-10T10:00:00+01:00' } });
  // The five numbers are one range: those that nobody asks for must have a fate before any of them may leave.
  const fates = [{ first: numbers[2], last: numbers[4], fate: 'keep' }];
  assert.equal((await call(bravo, 'answerPort', { path: { id: out.id }, body: { decisions: [{ accept: true }], ...reason } })).status, 422);
  await done(bravo, 'answerPort', { path: { id: out.id }, body: { decisions: [{ accept: true }], fates, ...reason } });
  await done(bravo, 'answerPort', { path: { id: other.id }, body: { decisions: [{ accept: { at: '2026-03-05T09:00:00+01:00' } }], fates, ...reason } });
  const at = { path: { id: port.id } };
  for (const one of [port.id, first.body.id])
    await eventually(async () => (await done(alfa, 'getPort', { path: { id: one } })).lines[0].agreed_at, 'the donor\'s yes');
  await done(alfa, 'reschedulePort', { path: { id: first.body.id }, body: { at: '2026-03-06T09:00:00+01:00', agreed_by_customer: true, ...reason } });
  await done(alfa, 'notePort', { ...at, body: reason });
  await done(alfa, 'holdPort', { path: { id: first.body.id }, body: reason });
  await done(alfa, 'resumePort', { path: { id: first.body.id }, body: reason });
  for (const daemon of [alfa, bravo]) await done(daemon, 'advanceClock', { body: { to: '2026-03-06T10:00:00+01:00' } });
  // Late by days, so that something is owed.
  for (const daemon of [alfa, bravo]) await done(daemon, 'advanceClock', { body: { by: '2wd' } });
  await done(alfa, 'activationPort', { ...at, body: { done: true, ...reason } });
  await eventually(async () => (await done(bravo, 'getPort', { path: { id: out.id } })).settled, 'BRAVO to hear that it was performed');
  for (const name of ['getPort', 'timelineOfPort', 'whyPort', 'compensationOfPort', 'residueOfPort'])
    for (const [daemon, id] of [[alfa, port.id], [bravo, out.id], [alfa, first.body.id], [bravo, other.id]]) {
      if (name === 'residueOfPort' && daemon === alfa) continue; // a donor's question
      if (name === 'compensationOfPort' && daemon === bravo) continue; // a recipient's question
      await done(daemon, name, { path: { id } });
    }
  const past = await done(alfa, 'getPort', { ...at, query: { as_of: '2026-03-02T09:00:00+01:00' } });
  assert.equal(past.lines[0].effective_at, undefined);

  const claim = await done(alfa, 'fileClaim', { body: { port: port.id, claimant: customer.name, channel: 'mail' } });
  const of = { path: { id: claim.id } };
  await done(alfa, 'getClaim', of);
  await done(alfa, 'listClaims');
  await done(alfa, 'approveClaim', { ...of, body: reason });
  assert.equal((await done(alfa, 'claimPayments')).items.length, 1);
  await done(alfa, 'claimPayments', { headers: { accept: 'text/csv' } });
  await done(alfa, 'claimStatement', of);
  await done(alfa, 'claimStatement', { ...of, headers: { accept: 'text/plain' } });
  await done(alfa, 'payClaim', { ...of, body: { by: 'invoice' } });
  await done(alfa, 'getNumber', { path: { e164: numbers[0] } });
  await done(bravo, 'getNumber', { path: { e164: numbers[0] } });
  await done(bravo, 'listNumbers', { query: { contract: 'K-1' } });
  await done(bravo, 'healthOfOperator', { path: { code: 'ALFA' } });
  for (const [daemon, code] of [[alfa, 'BRAVO'], [bravo, 'ALFA']]) await done(daemon, 'getOperator', { path: { code } });
  const checked = await done(alfa, 'checkOperator', { path: { code: 'BRAVO' } });
  assert.equal(checked.passed, true, JSON.stringify(checked));
  assert.equal((await done(alfa, 'listRouting')).items[0].operator, 'ALFA');
  for (const name of ['listRouting', 'listBlocks'])
    assert.match(await done(alfa, name, { headers: { accept: 'text/csv' } }), /^first,last,operator,since\n\+32/);
  await done(alfa, 'find', { path: { key: numbers[0] } });
  assert.equal((await done(alfa, 'listPorts', { query: { q: `number=${numbers[0]} and role=in` } })).items[0].id, port.id);
  assert.equal((await call(alfa, 'listPorts', { query: { q: 'stat=scheduled' } })).body.problems[0].next, 'Did you mean "state"?');
  await done(alfa, 'listTimers', { query: { q: 'due>=today' } });
  await done(alfa, 'listClaims', { query: { q: 'state=paid and amount>0' } });
  for (const daemon of [alfa, bravo]) await done(daemon, 'radar', { query: { within: '30wd' } });
  for (const { name } of (await done(alfa, 'listReports')).items) {
    const report = { path: { name }, query: { period: '2026-Q1' } };
    await done(alfa, 'getReport', report);
    assert.match(await done(alfa, 'getReport', { ...report, headers: { accept: 'text/csv' } }), /^report,operator,period,/);
  }
  await done(alfa, 'getMachine', { path: { name: 'port_in' } });
  await done(alfa, 'getRule', { path: { id: 'be.execute.within' } });
  await done(alfa, 'addToCalendar', { query: { at: '2026-04-03T16:59:00+02:00', term: '1wd' } });
  assert.equal((await done(alfa, 'diffRules', { body: { set: { 'be.execute.within': '2' } } })).after.name, 'be');
  assert.equal((await call(alfa, 'diffRules', { body: { set: { 'be.execute.witin': '2' } } })).status, 422);
  await done(alfa, 'adoptLaw', { body: reason });
  assert.equal((await call(alfa, 'adoptLaw', { body: { ports: ['PI-999999'], ...reason } })).status, 404);
  await done(bravo, 'terminateContract', { path: { id: 'K-1' }, body: { at: '2026-03-31T00:00:00+02:00', reason: 'left' } });
  await done(bravo, 'withdrawTermination', { path: { id: 'K-1' }, body: reason });
  await done(bravo, 'moveContract', { path: { id: 'K-1' }, body: { location: { zone: '2' }, ...reason } });
  assert.equal((await call(bravo, 'moveContract', { path: { id: 'K-1' }, body: { location: { zone: '9' }, ...reason } })).status, 422);
  await done(bravo, 'changeNumber', { path: { e164: numbers[2] }, body: reason });
  await done(bravo, 'withdrawNumberChange', { path: { e164: numbers[2] }, body: reason });
});

test('a claim is turned down, and a port that nobody can end is closed by hand: as described', async () => {
  const ports = [];
  for (const number of ['+3225501104', '+3225501105']) {
    const port = await done(alfa, 'orderPortIn', { body: order(`O-${number}`, number) });
    const out = await held(port.dossier);
    const fates = ['+3225501103', '+3225501104', '+3225501105'].filter(one => one !== number).map(one => ({ number: one, fate: 'keep' }));
    await done(bravo, 'answerPort', { path: { id: out.id }, body: { decisions: [{ accept: true }], fates, ...reason } });
    await eventually(async () => (await done(alfa, 'getPort', { path: { id: port.id } })).lines[0].agreed_at, 'the donor\'s yes');
    ports.push(port.id);
  }
  for (const daemon of [alfa, bravo]) await done(daemon, 'advanceClock', { body: { by: '6wd' } }); // nobody does anything
  await done(alfa, 'activationPort', { path: { id: ports[0] }, body: { done: true, ...reason } });
  const claim = await done(alfa, 'fileClaim', { body: { port: ports[0], claimant: 'Somebody Else' } });
  await done(alfa, 'rejectClaim', { path: { id: claim.id }, body: reason });
  await done(alfa, 'activationPort', { path: { id: ports[1] }, body: { failed: { cause: 'the exchange burnt' }, ...reason } });
  await done(alfa, 'settlePort', { path: { id: ports[1] }, body: reason });
});

test('personal data of a customer who has left are erased, and of one who stays are not: as described', async () => {
  const draft = await done(alfa, 'orderPortIn', { body: { ...order('O-erase', '+3225501106'), contract_id: 'NEVER-1', draft: true } });
  assert.equal((await call(alfa, 'erasePort', { path: { id: draft.id }, body: reason })).status, 409);
  await done(alfa, 'cancelPort', { path: { id: draft.id }, body: reason });
  const erased = await done(alfa, 'erasePort', { path: { id: draft.id }, body: reason });
  assert.match(erased.customer.name, /^~[0-9a-f]{8}/);
  await done(bravo, 'putContract', { path: { id: 'K-7' }, body: { customer: { kind: 'natural', name: 'An Maes' }, product: 'line', network: 'fixed', numbers: ['+3225507700'] } });
  assert.equal((await call(bravo, 'eraseContract', { path: { id: 'K-7' }, body: reason })).status, 409);
  await done(bravo, 'terminateContract', { path: { id: 'K-7' }, body: reason });
  assert.match((await done(bravo, 'eraseContract', { path: { id: 'K-7' }, body: reason })).customer.name, /^~[0-9a-f]{8} ~/);
});

test('what can be read without knowing anything is read', async () => {
  const free = one => one.method === 'GET' && one.role && !one.path.includes('{') && !one.parameters.some(p => p.in === 'query' && p.required);
  for (const op of operations.filter(free))
    if (op.name !== 'listNumbers') await done(alfa, op.name); // wants its contract named
  await done(alfa, 'listEvents', { headers: { accept: 'text/event-stream' } });
});

test('what is asked about one thing is answered for some thing that there is', async () => {
  const things = ['K-1', 'PI-000001', 'PO-000001', 'CL-000001', '+3225501101', 'be.execute.within', 'port_in', 'ALFA', 'BRAVO'];
  const one = op => op.method === 'GET' && op.role && op.parameters.filter(p => p.in === 'path').length === 1;
  for (const op of operations.filter(one))
    for (const daemon of [alfa, bravo])
      for (const thing of things)
        await call(daemon, op.name, { path: { [op.parameters.find(p => p.in === 'path').name]: thing } });
});

test('the interchange: a message, its stream and its confirmation, and every refusal, as described', async () => {
  const message = (dossier, sender = 'ALFA', receiver = 'BRAVO') => ({ message: { header: { sender: { networkoperator: sender }, receiver: { networkoperator: receiver },
    timestamp: '20260302090000' }, body: { cancel: { dossierid: dossier } } } });
  const send = (type, body, headers) => call(bravo, 'sendMessage', { path: { type }, body, headers: { 'idempotency-key': undefined, ...headers }, as: null });
  assert.ok((await send('cancel', message('ALFA-NPM-1'))).body.transactionId);
  assert.equal((await send('cancel', '{"half')).status, 400);
  assert.equal((await send('cancel', { message: {} })).body.errors[0].code, 1000);
  assert.equal((await send('portingwish', message('ALFA-NPM-1'))).body.errors[0].code, 1020);
  assert.equal((await send('cancel', '<cancel/>', { 'content-type': 'text/xml' })).body.errors[0].code, 1030);
  assert.equal((await send('cancel', message('ALFA-NPM-1', 'NOBODY'))).status, 403);
  await send('cancel', sampled(operation('sendMessage').body));
  assert.equal((await call(bravo, 'streamMessages', { query: { operator: 'ALFA', confirmationStatus: 'All', messageTypes: 'cancel', offset: -1 }, as: null })).status, 200);
  assert.equal((await call(bravo, 'streamMessages', { query: { operator: 'ALFA', offset: 'x' }, as: null })).body.errors[0].code, 1010);
  assert.equal((await call(bravo, 'streamMessages', { query: { operator: 'NOBODY' }, as: null })).status, 403);
  assert.equal((await call(bravo, 'confirmMessage', { path: { id: '999999?' }, body: { transactionId: 'other' }, as: null })).status, 400);
  // What ALFA fetched above and confirmed is still in the history of its mailbox.
  const history = await fetch(`${bravo.url}/number-portability/v3/dossiers/events?operator=ALFA&confirmationStatus=All`, { signal: AbortSignal.timeout(20000) });
  let known = null, text = '';
  for await (const piece of history.body) {
    text += Buffer.from(piece).toString('utf8');
    known = text.match(/^id: ?(\d+)$/m)?.[1];
    if (known) break;
  }
  const confirm = id => fetch(`${bravo.url}/number-portability/v3/dossiers/confirmations/${id}?operator=ALFA`, { method: 'PUT', body: JSON.stringify({ transactionId: `${id}` }) });
  for (const [id, status] of [[known, 200], [known, 200], [999999, 403]]) { // twice is once
    const response = await confirm(id);
    assert.equal(response.status, status);
    promised(operation('confirmMessage'), response.status, response.headers.get('content-type'), await response.text());
  }
  succeeded.add('confirmMessage');
  called.add('confirmMessage');
});

test('what the interchange answers to wrong methods, too many calls and broken HTTP is described, too', async () => {
  const home2 = folder();
  const busy = await serve(home2, 'busy', `${head('BRAVO')}[limits]\nrequests_per_second = 1\nbody_bytes = 1024\n[interchange]\nserve = true\n[[member]]\ncode = "ALFA"\n`);
  try {
    const base = `${busy.url}/number-portability/v3/dossiers`;
    const asked = async (name, method, target, init = {}) => {
      const response = await fetch(base + target, { method, signal: AbortSignal.timeout(20000), ...init });
      return { status: response.status, body: promised(operation(name), response.status, response.headers.get('content-type'), await response.text(),
        Object.fromEntries(response.headers)) };
    };
    for (const [name, method, target] of [['sendMessage', 'PUT', '/cancel'], ['streamMessages', 'POST', '/events'], ['confirmMessage', 'GET', '/confirmations/1']]) {
      const answer = await asked(name, method, target, method === 'GET' ? {} : { body: '{}' });
      assert.equal(answer.status, 405);
      assert.equal(answer.body.errors[0].code, 1020);
    }
    const large = await asked('sendMessage', 'POST', '/cancel', { body: 'x'.repeat(1025), headers: { 'content-type': 'application/json' } });
    assert.equal(large.status, 413);
    assert.equal(large.body.title, 'Content Too Large'); // told by the gate, before anything read it
    const statuses = [];
    for (let n = 0; n < 5; ++n) statuses.push((await asked('confirmMessage', 'PUT', `/confirmations/${n + 1}?operator=ALFA`, { body: '{}' })).status);
    assert.deepEqual(statuses.slice(0, 2), [403, 403]); // two at once, and then one a second
    assert.ok(statuses.includes(429), String(statuses));
  } finally {
    assert.equal(await busy.stop(), 0);
    home2.remove();
  }
});

test('the web page and its files come as described, and the caller is told who he is', async () => {
  assert.equal((await done(alfa, 'getCaller', { as: 'desk' })).role, 'desk');
  const html = await done(alfa, 'getPage', { as: null });
  const names = [...html.matchAll(/\/assets\/([\w.-]+)/g)].map(found => found[1]);
  assert.equal(names.length, 3, html);
  for (const name of names) assert.ok((await done(alfa, 'getPageFile', { path: { name }, as: null })).length > 100, name);
});

test('every route was called, and every one has answered well at least once', () => {
  assert.deepEqual(operations.map(one => one.name).filter(name => !called.has(name)), [], 'never called');
  assert.deepEqual(operations.map(one => one.name).filter(name => !succeeded.has(name)), [], 'never answered well: add a step to this file');
});
