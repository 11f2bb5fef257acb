// Reads JSON from standard input, writes JSON to standard output.
//   node reference.mjs expand   [{template, data, host?}]  ->  [{value} | {error}]
//   node reference.mjs check    [card]                     ->  [[what the renderer objects to]]
//   node reference.mjs markdown [text]                     ->  [HTML by all of CommonMark, raw HTML let through]
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(process.cwd() + '/');
const input = JSON.parse(readFileSync(0, 'utf8'));

function expand({ template, data, host }) {
  const { Template } = require('adaptivecards-templating');
  try {
    const context = { $root: data };
    if (host !== undefined) context.$host = host;
    const value = new Template(template).expand(context);
    return { value: value === undefined ? null : value };
  } catch (fault) {
    return { error: String(fault?.message ?? fault) };
  }
}

function check(json) {
  const { AdaptiveCard, HostConfig, SerializationContext, Versions } = require('adaptivecards/dist/adaptivecards.js');
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig({ actions: { maxActions: 6 } }); // as Teams has it
  card.parse(json, context);
  const objections = [];
  for (let i = 0; i < context.eventCount; i++) objections.push(context.getEventAt(i).message);
  for (const failure of card.validateProperties().validationEvents) objections.push(failure.message);
  return objections;
}

function markdown(text) {
  const MarkdownIt = require('markdown-it');
  return new (MarkdownIt.default ?? MarkdownIt)('commonmark', { html: true }).render(text);
}

process.stdout.write(JSON.stringify(input.map(one => ({ expand, check, markdown })[process.argv[2]](one))));
