// How often a second Microsoft's engine expands the same card: node reference.mjs <approval.json> <approval.medium.json>
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const { Template } = createRequire(process.cwd() + '/')('adaptivecards-templating');
const [card, data] = process.argv.slice(2).map(file => JSON.parse(readFileSync(file, 'utf8')));
const template = new Template(card);
const expand = () => template.expand({ $root: data });
for (let i = 0; i < 2000; i++) expand();
const start = performance.now();
let count = 0;
while (performance.now() - start < 3000) for (let i = 0; i < 50; i++, count++) expand();
console.log(`${Math.round(count / (performance.now() - start) * 1000)} expansions a second`);
