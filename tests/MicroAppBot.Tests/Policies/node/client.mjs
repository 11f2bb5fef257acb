// Asks a server the way a gateway would, with OPA's own client; prints what came of it as JSON.
// node client.mjs <address> <token> < {"allowed": manifest, "refused": manifest}
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The script stands in the checkout, the client is installed elsewhere
const require = createRequire(join(process.cwd(), "package.json"));
const { OPAClient } = await import(pathToFileURL(require.resolve("@open-policy-agent/opa")).href);

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { allowed, refused } = JSON.parse(text);
const [address, token] = process.argv.slice(2);
const opa = new OPAClient(address, { headers: { Authorization: `Bearer ${token}` } });
const stranger = new OPAClient(address);
const failure = async (work) => {
  try {
    await work();
    return null;
  } catch (e) {
    return { status: e?.httpMeta?.response?.status ?? e?.statusCode ?? null, message: String(e?.message ?? e) };
  }
};

console.log(JSON.stringify({
  decision: await opa.evaluate("microapps/decision", allowed),
  fromResult: await opa.evaluate("microapps/decision", refused, { fromResult: (r) => r.allow }),
  number: await opa.evaluate("limits/cap_usd"),
  byDefault: await opa.evaluateDefault(allowed),
  batch: await opa.evaluateBatch("microapps/decision", { one: allowed, two: refused }, { fallback: true, fromResult: (r) => r.allow }),
  undefinedIs: (await opa.evaluate("microapps/nowhere", {})) ?? null,
  people: (await opa.evaluate("people", {})) ?? null,
  withoutToken: await failure(() => stranger.evaluate("microapps/decision", allowed)),
  conflict: await failure(() => opa.evaluate("probe/conflict", { a: true })),
}));
