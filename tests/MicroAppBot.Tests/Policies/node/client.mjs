// Asks a server the way a gateway would, with OPA's own client; prints what came of it as JSON.
// node client.mjs <address> <token> < {"allowed": manifest, "refused": manifest}
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// The script stands in the checkout, the client is installed elsewhere
const require = createRequire(join(process.cwd(), "package.json"));
const { OPAClient } = await import(pathToFileURL(require.resolve("@open-policy-agent/opa")).href);
const { OpaApiClient } = await import(pathToFileURL(require.resolve("@open-policy-agent/opa/sdk/sdk")).href);

let text = "";
for await (const chunk of process.stdin) text += chunk;
const { allowed, refused } = JSON.parse(text);
const [address, token] = process.argv.slice(2);
const opa = new OPAClient(address, { headers: { Authorization: `Bearer ${token}` } });
const stranger = new OPAClient(address);
const low = new OpaApiClient({ serverURL: address, bearerAuth: token });
class App {
  constructor(manifest) { this.manifest = manifest; }
  toInput() { return this.manifest; }
}
const failure = async (work) => {
  try {
    await work();
    return null;
  } catch (e) {
    return { kind: e?.constructor?.name ?? null, status: e?.httpMeta?.response?.status ?? e?.statusCode ?? null, code: e?.code ?? null, message: String(e?.message ?? e), errors: e?.errors ?? null };
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
  toInput: await opa.evaluate("microapps/decision", new App(allowed), { fromResult: (r) => r.allow }),
  toInputByDefault: await opa.evaluateDefault(new App(refused), { fromResult: (r) => r.allow }),
  toInputInBatch: await opa.evaluateBatch("microapps/decision", { one: new App(allowed) }, { fallback: true, fromResult: (r) => r.allow }),
  falsy: [await opa.evaluate("probe/echo", false), await opa.evaluate("probe/echo", 0), await opa.evaluate("probe/echo", "")],
  list: await opa.evaluate("probe/echo", [1, "two", { three: 3 }]),
  mixed: await opa.evaluateBatch("probe/conflict", { good: { b: 1 }, bad: { a: true } }, { fallback: true }),
  rejectMixed: await failure(() => opa.evaluateBatch("probe/conflict", { bad: { a: true } }, { fallback: true, rejectMixed: true })),
  batchWithoutFallback: await failure(() => new OPAClient(address, { headers: { Authorization: `Bearer ${token}` } }).evaluateBatch("microapps/decision", { one: allowed })),
  filters: await failure(() => opa.getFilters("filters/include", {}, { target: "postgresql" })),
  multipleFilters: await failure(() => opa.getMultipleFilters("filters/include", {}, { targets: ["postgresql", "mysql"] })),
  all: (await low.executePolicyWithInput({ path: "microapps/decision", pretty: true, provenance: true, explain: "full", metrics: true, instrument: true, strictBuiltinErrors: true, acceptEncoding: "gzip", requestBody: { input: allowed } })).successfulPolicyResponse,
  get: (await low.executePolicy({ path: "limits/cap_usd", provenance: true, metrics: true, pretty: true })).successfulPolicyResponse,
  strict: await failure(() => low.executePolicyWithInput({ path: "probe/fails", strictBuiltinErrors: true, requestBody: { input: { zero: 0 } } })),
  health: (await low.health(true, true, ["decision_logs"])).healthyServer,
}));
