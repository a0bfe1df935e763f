// schemas/messages by a judge that is not ours (ajv), and the same examples by the running daemon: both must say the same.

import Ajv2020 from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { wireCurl as curl, wrongBy } from './description.mjs';
import { folder, serve, source } from './support.mjs';

const shapes = join(source, 'schemas/messages');
const read = path => readFileSync(join(shapes, path), 'utf8');
const examples = kind => readdirSync(join(shapes, 'examples', kind)).map(file => ({ file: `examples/${kind}/${file}`, type: file.split('.')[0] }));
const ajv = new Ajv2020({ strict: true, allErrors: true });
const types = readdirSync(shapes).filter(file => file.endsWith('.schema.json')).map(file => file.split('.')[0]);
const fits = Object.fromEntries(types.map(type => [type, ajv.compile(JSON.parse(read(`${type}.schema.json`)))]));

let home, hub;
before(async () => {
  home = folder();
  hub = await serve(home, 'hub', 'operator = "BRAVO"\ndb = "hub.db"\nlisten = "127.0.0.1:0"\nclock = "manual@2026-04-03T16:59:00+02:00"\n'
    + '[interchange]\nserve = true\n[[member]]\ncode = "ALFA"\n');
});
after(async () => { assert.equal(await hub?.stop(), 0); home.remove(); });
const post = (type, text) => curl('POST', `${hub.url}/number-portability/v3/dossiers/${type}`, { 'content-type': 'application/json' }, text);
// Examples are of both operators; here ALFA calls BRAVO.
const fromAlfa = text => text.replace(/("sender":\s*\{\s*"networkoperator":\s*)"BRAVO"/, '$1"ALFA"')
  .replace(/("receiver":\s*\{\s*"networkoperator":\s*)"ALFA"/, '$1"BRAVO"');

test('there is a schema for each of the twenty types, with a good and at least two bad examples', () => {
  assert.equal(types.length, 20);
  assert.deepEqual(examples('good').map(one => one.type).sort(), [...types].sort());
  for (const type of types) assert.ok(examples('bad').filter(one => one.type === type).length >= 2, type);
});

for (const { file, type } of examples('good'))
  test(`${file} fits and is taken`, () => {
    const text = read(file);
    assert.ok(fits[type](JSON.parse(text)), ajv.errorsText(fits[type].errors));
    assert.equal(wrongBy('Message', JSON.parse(text)), '', 'openapi.yaml says so, too');
    const answer = post(type, fromAlfa(text));
    assert.equal(answer.status, 200, answer.body);
    assert.ok(JSON.parse(answer.body).transactionId);
  });

for (const { file, type } of examples('bad'))
  test(`${file} does not fit and is refused with 1000`, () => {
    const text = read(file);
    assert.equal(fits[type](JSON.parse(text)), false);
    assert.notEqual(wrongBy('Message', JSON.parse(text)), '', 'openapi.yaml says so, too');
    const answer = post(type, fromAlfa(text));
    assert.equal(answer.status, 400, answer.body);
    for (const error of JSON.parse(answer.body).errors) assert.equal(error.code, 1000, answer.body);
  });

for (const { file, type } of examples('impossible'))
  test(`${file} fits, is taken, and answered with an errorfound`, async () => {
    const text = read(file);
    assert.ok(fits[type](JSON.parse(text)), ajv.errorsText(fits[type].errors));
    // A dossier of its own, so that its errorfound can be told from the others.
    const dossier = `ALFA-IMP-${examples('impossible').findIndex(one => one.file === file)}`;
    const answer = post(type, fromAlfa(text).replace(/("dossierid":\s*)"[^"]*"/, `$1"${dossier}"`));
    assert.equal(answer.status, 200, answer.body);
    const response = await fetch(`${hub.url}/number-portability/v3/dossiers/events?operator=ALFA&messageTypes=errorfound`, { signal: AbortSignal.timeout(20000) });
    let seen = '';
    for await (const piece of response.body) {
      seen += Buffer.from(piece).toString('utf8');
      if (seen.includes(`"dossierid":"${dossier}"`)) break;
    }
    assert.match(seen, /event: errorfound-v3/);
  });

test('ajv and the daemon agree about every required member that is left out, of every type', () => {
  for (const type of types) {
    const good = JSON.parse(fromAlfa(read(`examples/good/${type}.json`)));
    for (const name of Object.keys(good.message.body[type])) {
      const without = structuredClone(good);
      delete without.message.body[type][name];
      without.message.header.timestamp = '20260403170000';
      const answer = post(type, JSON.stringify(without));
      assert.equal(answer.status, fits[type](without) ? 200 : 400, `${type} without ${name}: ${answer.body}`);
    }
  }
});
