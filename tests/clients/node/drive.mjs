// Drives the SDK by lines of JSON: {"call": "verifications.triggerSMS", "with": [...]} on standard
// input gives {"value": ...} or {"error": class, "status": number} on standard output.
// Arguments: the folder where the SDK is installed, the base URL, the key.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [folder, baseURL, apiKey] = process.argv.slice(2);
const { default: Telnyx } = createRequire(folder + "/")("telnyx");
const client = new Telnyx({ apiKey, baseURL, maxRetries: 0 });

async function answer(name, values) {
  const path = name.split(".");
  const method = path.pop();
  const resource = path.reduce((place, part) => place[part], client);
  const result = await resource[method](...values);
  if (!result[Symbol.asyncIterator]) return result;
  const every = [];
  for await (const each of result) every.push(each); // follows the pages
  return every;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { call, with: values } = JSON.parse(line);
  const seen = await answer(call, values).then(
    (value) => ({ value }),
    (error) => ({ error: error.constructor.name, status: error.status ?? null }),
  );
  console.log(JSON.stringify(seen));
}
