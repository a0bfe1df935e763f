// schemas/openapi.yaml as a judge: is this answer of the daemon one that the description promises?

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample } from 'openapi-sampler';
import { parse } from 'yaml';
import { source } from './support.mjs';

export const document = parse(readFileSync(join(source, 'schemas/openapi.yaml'), 'utf8'));

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
// A list adds its items to List, so List itself stays open.
const schemas = { ...closed(document.components.schemas), List: document.components.schemas.List };
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

const told = errors => errors.map(one => `${one.instancePath || 'the whole'} ${one.message}${one.params.unevaluatedProperty ? `: ${one.params.unevaluatedProperty}` : ''}`).join('\n');

// Throws unless the description promises this answer: status, media type, and every member of the body.
export function promised(op, status, type, text) {
  const described = follow(op.responses[status] ?? op.responses.default);
  if (!described) throw new Error(`${op.name}: status ${status} is not described; the body was ${text.slice(0, 300)}`);
  if (!described.content) return null;
  const media = (type ?? '').split(';')[0];
  const content = described.content[media];
  if (!content) throw new Error(`${op.name}: ${status} came as "${media}", described are ${Object.keys(described.content)}`);
  if (!media.endsWith('json')) return text;
  const body = JSON.parse(text);
  const fits = judge(content.schema);
  if (!fits(body)) throw new Error(`${op.name}: the body of ${status} is not as described:\n${told(fits.errors)}\n${text.slice(0, 2000)}`);
  return body;
}
