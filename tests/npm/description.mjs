// schemas/openapi.yaml as a judge: is this answer of the daemon one that the description promises?

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample } from 'openapi-sampler';
import { parse } from 'yaml';
import { curl, source } from './support.mjs';

// The messages of the wire have files of their own; here they become parts of one document.
const shipped = parse(readFileSync(join(source, 'schemas/openapi.yaml'), 'utf8'));
const messages = readdirSync(join(source, 'schemas/messages')).filter(file => file.endsWith('.schema.json'));
export const document = JSON.parse(JSON.stringify(shipped).replaceAll(/"messages\/(\w+)\.schema\.json"/g, '"#/components/schemas/Message_$1"'));
for (const file of messages) {
  const { $schema, ...schema } = JSON.parse(readFileSync(join(source, 'schemas/messages', file), 'utf8'));
  document.components.schemas[`Message_${file.split('.')[0]}`] = schema;
}

const follow = part => part?.$ref ? follow(part.$ref.slice(2).split('/').reduce((at, key) => at[key], document)) : part;

// What a client may not find in the description is not described: in answers every object with properties has no others.
function closed(part) {
  if (Array.isArray(part)) return part.map(closed);
  if (part === null || typeof part !== 'object') return part;
  const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  const open = part.properties && !('additionalProperties' in part) && typeof part.properties === 'object';
  return open && !Array.isArray(part.properties) && part.type !== undefined && typeof part.type === 'string'
    ? { ...copy, unevaluatedProperties: false } : copy;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
// A list adds its items to List, so List itself stays open; what counterparts say may hold more than is described.
const isOpen = name => name === 'List' || name.startsWith('Message');
const schemas = Object.fromEntries(Object.entries(document.components.schemas).map(([name, schema]) => [name, isOpen(name) ? schema : closed(schema)]));
ajv.addSchema({ $id: 'urn:npod:openapi', components: { schemas } });

const compiled = new Map();
function judge(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components', '"urn:npod:openapi#/components'))));
  return compiled.get(key);
}

// Every operation: {name, method, path, parameters, body (its schema), secured, x-role}.
export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).filter(([method]) => ['get', 'put', 'post', 'delete', 'patch'].includes(method)).map(([method, operation]) => ({
    name: operation.operationId, method: method.toUpperCase(), path, responses: operation.responses, role: operation['x-role'],
    parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(follow),
    body: operation.requestBody && Object.values(operation.requestBody.content)[0].schema,
  })));
export const operation = name => operations.find(one => one.name === name) ?? (() => { throw new Error(`openapi.yaml has no operation ${name}`); })();

// Something of that shape, made by the generator from the description alone.
export const sampled = schema => sample(schema, { skipReadOnly: true, quiet: true }, document);

// What is wrong with a value by a named schema of the description; empty when it fits.
export function wrongBy(name, value) {
  const fits = judge({ $ref: `#/components/schemas/${name}` });
  return fits(value) ? '' : told(fits.errors);
}

const told = errors => errors.map(one => `${one.instancePath || 'the whole'} ${one.message}${one.params.unevaluatedProperty ? `: ${one.params.unevaluatedProperty}` : ''}`).join('\n');

// Throws unless the description promises this answer: status, media type, and every member of the body.
export function promised(op, status, type, text, headers) {
  const described = follow(op.responses[status] ?? op.responses.default);
  if (!described) throw new Error(`${op.name}: status ${status} is not described; the body was ${text.slice(0, 300)}`);
  if (!described.content) return null;
  const media = (type ?? '').split(';')[0];
  const content = described.content[media];
  if (!content) throw new Error(`${op.name}: ${status} came as "${media}", described are ${Object.keys(described.content)}`);
  if (!media.endsWith('json')) return text;
  for (const [name, header] of Object.entries(described.headers ?? {}))
    if (header.required && headers && !headers[name.toLowerCase()]) throw new Error(`${op.name}: ${status} came without ${name}`);
  const body = JSON.parse(text);
  const fits = judge(content.schema);
  if (!fits(body)) throw new Error(`${op.name}: the body of ${status} is not as described:\n${told(fits.errors)}\n${text.slice(0, 2000)}`);
  return body;
}

// A call of the interchange with curl; its answer must be one that the description promises.
export function wireCurl(method, url, headers, body) {
  const answer = curl(method, url, headers, body);
  const path = new URL(url).pathname;
  const op = operations.find(one => one.path.startsWith('/number-portability/') && one.method === method
    && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));
  if (op) promised(op, answer.status, answer.headers['content-type'], answer.body, answer.headers);
  return answer;
}
